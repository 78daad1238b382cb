package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// object is one decoded JSON object. Numbers stay as they are written.
type object = map[string]any

const odataType = "@odata.type"

func decodeObject(data []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var o object
	if err := dec.Decode(&o); err != nil {
		return nil, fmt.Errorf("decode object: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("decode object: more than one value")
	}
	if o == nil {
		return nil, fmt.Errorf("decode object: null")
	}
	return o, nil
}

// encode writes v without escaping what HTML would need: contents come back as
// they were sent.
func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

func child(o object, key string) object {
	c, _ := o[key].(object)
	return c
}

// items returns the objects of a list property; a single object stands for a
// list of one.
func items(o object, key string) []object {
	switch v := o[key].(type) {
	case object:
		return []object{v}
	case []any:
		out := make([]object, 0, len(v))
		for _, e := range v {
			if m, ok := e.(object); ok {
				out = append(out, m)
			}
		}
		return out
	}
	return nil
}

func list(in []object) []any {
	out := make([]any, len(in))
	for i, e := range in {
		out[i] = e
	}
	return out
}

// clone copies a tree so that shaping a body never changes what was read.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	}
	return v
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// without removes properties of o by name.
func without(o object, keys ...string) {
	for _, k := range keys {
		delete(o, k)
	}
}

// removePath removes what a dotted path names; "[]" means every element.
func removePath(o object, path string) {
	head, rest, nested := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(head, "[]")
	if !nested {
		delete(o, name)
		return
	}
	if !isList {
		if c := child(o, name); c != nil {
			removePath(c, rest)
		}
		return
	}
	for _, e := range items(o, name) {
		removePath(e, rest)
	}
}

// tidy drops what Graph adds for clients: annotations other than the type,
// links and advertised actions.
func tidy(v any) {
	switch v := v.(type) {
	case object:
		for k, e := range v {
			if annotation(k) {
				delete(v, k)
				continue
			}
			tidy(e)
		}
	case []any:
		for _, e := range v {
			tidy(e)
		}
	}
}

func annotation(key string) bool {
	switch {
	case key == odataType:
		return false
	case strings.Contains(key, "@odata."), strings.HasPrefix(key, "#microsoft.graph"), strings.HasPrefix(key, "@microsoft.graph"):
		return true
	}
	return false
}
