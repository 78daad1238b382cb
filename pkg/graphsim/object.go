package graphsim

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

const graphType = "#microsoft.graph."

var (
	guidPattern  = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	guidExact    = regexp.MustCompile(`^` + guidPattern.String() + `$`)
	zeroGUID     = "00000000-0000-0000-0000-000000000000"
	digitPattern = regexp.MustCompile(`^[0-9]+$`)
)

func isGUID(s string) bool { return guidExact.MatchString(s) }

// decodeValue reads one JSON value and nothing after it, keeping numbers as
// they are written.
func decodeValue(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("data after the JSON value")
	}
	return v, nil
}

func decodeObject(data []byte) (Object, error) {
	v, err := decodeValue(data)
	if err != nil {
		return nil, err
	}
	o, ok := v.(Object)
	if !ok {
		return nil, fmt.Errorf("not a JSON object")
	}
	return o, nil
}

// normalise turns Go values (ints, typed slices) into what decoding yields, so
// that objects from tests and from files look alike.
func normalise(o Object) (Object, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	return decodeObject(data)
}

func clone(v any) any {
	switch v := v.(type) {
	case Object:
		return cloneObject(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	default:
		return v
	}
}

func cloneObject(o Object) Object {
	if o == nil {
		return nil
	}
	out := make(Object, len(o))
	for k, v := range o {
		out[k] = clone(v)
	}
	return out
}

// canonical is one text per value: keys sorted, no white space.
func canonical(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}

func str(o Object, key string) string {
	s, _ := o[key].(string)
	return s
}

func boolean(o Object, key string) bool {
	b, _ := o[key].(bool)
	return b
}

// integer reads a number; ok is false when the property is no whole number.
func integer(o Object, key string) (n int, ok bool) {
	num, isNumber := o[key].(json.Number)
	if !isNumber {
		return 0, false
	}
	i, err := num.Int64()
	return int(i), err == nil
}

func list(o Object, key string) []any {
	l, _ := o[key].([]any)
	return l
}

func objects(o Object, key string) []Object { return elements[Object](o, key) }

func texts(o Object, key string) []string { return elements[string](o, key) }

// elements are those elements of a list property that are a T.
func elements[T any](o Object, key string) []T {
	var out []T
	for _, e := range list(o, key) {
		if t, ok := e.(T); ok {
			out = append(out, t)
		}
	}
	return out
}

func toList[T any](in []T) []any {
	out := make([]any, len(in))
	for i, e := range in {
		out[i] = e
	}
	return out
}

// typeOf is the concrete type without prefix, "" when absent.
func typeOf(o Object) string {
	return strings.TrimPrefix(strings.TrimPrefix(str(o, "@odata.type"), "#"), "microsoft.graph.")
}

// walk visits every object in v, outermost first.
func walk(v any, visit func(Object)) {
	switch v := v.(type) {
	case Object:
		visit(v)
		for _, e := range v {
			walk(e, visit)
		}
	case []any:
		for _, e := range v {
			walk(e, visit)
		}
	}
}

// mapStrings replaces every string value in v.
func mapStrings(v any, replace func(string) string) any {
	switch v := v.(type) {
	case string:
		return replace(v)
	case Object:
		for k, e := range v {
			v[k] = mapStrings(e, replace)
		}
	case []any:
		for i, e := range v {
			v[i] = mapStrings(e, replace)
		}
	}
	return v
}

// derivedGUID is the same GUID for the same parts, for ever.
func derivedGUID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x50
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
