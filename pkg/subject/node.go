package subject

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Node is one value of a content tree: nil is never kept, so it is one of
// string, bool, float64, map[string]Node, []Node (order means something), Set,
// Reference or Secret.
type Node any

// Set is a list whose order means nothing; equal elements count.
type Set []Node

// Reference is the id of another object.
type Reference struct {
	Kind RefKind
	ID   string
}

// Secret stands where the provider does not return a value.
type Secret struct{}

// The keys that mark special nodes in the stored text. A property name that
// starts with a dollar sign, as JSON inside a policy may have, is written with
// a second one in front.
const (
	markSet    = "$set"
	markRef    = "$ref"
	markSecret = "$secret"
	markName   = "name"
	markID     = "id"
)

// refText writes one reference.
type refText func(dst []byte, r Reference) []byte

// appendNode writes the canonical text of n: keys sorted, sets sorted by their
// elements' text, no white space.
func appendNode(dst []byte, n Node, ref refText) []byte {
	switch v := n.(type) {
	case string:
		return appendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case float64:
		return appendNumber(dst, v)
	case Secret:
		return append(dst, `{"$secret":true}`...)
	case Reference:
		return ref(dst, v)
	case []Node:
		return appendList(dst, v, ref)
	case Set:
		return appendSet(dst, v, ref)
	case inOrder:
		return append(appendList(append(dst, `{"$set":`...), v, ref), '}')
	case map[string]Node:
		return appendObject(dst, v, ref)
	}
	return append(dst, "null"...)
}

func appendString(dst []byte, s string) []byte {
	out, err := jsontext.AppendQuote(dst, s)
	if err != nil { // not UTF-8; decoding refuses that, so only a caller's own string can be
		return strconv.AppendQuote(dst, s)
	}
	return out
}

func appendNumber(dst []byte, f float64) []byte {
	const exact = 1 << 53
	if f == float64(int64(f)) && f > -exact && f < exact {
		return strconv.AppendInt(dst, int64(f), 10)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

func appendList(dst []byte, list []Node, ref refText) []byte {
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendNode(dst, e, ref)
	}
	return append(dst, ']')
}

func appendSet(dst []byte, set Set, ref refText) []byte {
	texts := make([][]byte, len(set))
	for i, e := range set {
		texts[i] = appendNode(nil, e, ref)
	}
	slices.SortFunc(texts, bytes.Compare)
	dst = append(dst, `{"$set":[`...)
	for i, t := range texts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, t...)
	}
	return append(dst, "]}"...)
}

func appendObject(dst []byte, m map[string]Node, ref refText) []byte {
	dst = append(dst, '{')
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, escapeKey(k)), ':')
		dst = appendNode(dst, m[k], ref)
	}
	return append(dst, '}')
}

func escapeKey(k string) string {
	if strings.HasPrefix(k, "$") {
		return "$" + k
	}
	return k
}

func unescapeKey(k string) string {
	if strings.HasPrefix(k, "$$") {
		return k[1:]
	}
	return k
}

// refByID writes a reference with the tenant's own id.
func refByID(dst []byte, r Reference) []byte {
	dst = append(dst, `{"$ref":`...)
	dst = appendString(dst, string(r.Kind))
	dst = append(dst, `,"id":`...)
	return append(appendString(dst, r.ID), '}')
}

// arrange puts every set in the order of its elements' own ids, so that slots
// can be numbered the same way each time.
func arrange(n Node) {
	switch v := n.(type) {
	case map[string]Node:
		for _, e := range v {
			arrange(e)
		}
	case []Node:
		for _, e := range v {
			arrange(e)
		}
	case Set:
		for _, e := range v {
			arrange(e)
		}
		slices.SortStableFunc(v, func(a, b Node) int {
			return bytes.Compare(appendNode(nil, a, refByID), appendNode(nil, b, refByID))
		})
	}
}

// visit calls f for every reference in the tree's fixed order.
func visit(n Node, f func(Reference)) {
	switch v := n.(type) {
	case Reference:
		f(v)
	case []Node:
		for _, e := range v {
			visit(e, f)
		}
	case Set:
		for _, e := range v {
			visit(e, f)
		}
	case map[string]Node:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			visit(v[k], f)
		}
	}
}

// NodeText is the canonical text of a node; references stand as their ids.
func NodeText(n Node) []byte { return appendNode(nil, n, refByID) }

// SameNode reports whether two nodes have the same canonical text.
func SameNode(a, b Node) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return bytes.Equal(NodeText(a), NodeText(b))
}
