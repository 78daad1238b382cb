package subject

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
)

// Stored is the text of a content tree with a slot number in place of each
// reference, and the references by slot.
func Stored(n Node) (text []byte, slots []Reference) {
	arrange(n)
	return appendInOrder(nil, n, &slots), slots
}

// appendInOrder writes sets in the order arrange gave them, numbering slots.
func appendInOrder(dst []byte, n Node, slots *[]Reference) []byte {
	ref := func(dst []byte, r Reference) []byte {
		*slots = append(*slots, r)
		dst = append(dst, `{"$ref":`...)
		dst = strconv.AppendInt(dst, int64(len(*slots)-1), 10)
		return append(dst, '}')
	}
	return appendNode(dst, unset(n), ref)
}

// inOrder is a set whose elements are written in the order they have.
type inOrder []Node

// unset turns sets into ordered ones, so that the writer keeps their order.
func unset(n Node) Node {
	switch v := n.(type) {
	case map[string]Node:
		out := make(map[string]Node, len(v))
		for k, e := range v {
			out[k] = unset(e)
		}
		return out
	case []Node:
		return unsetAll(v)
	case Set:
		return inOrder(unsetAll(v))
	}
	return n
}

func unsetAll(list []Node) []Node {
	out := make([]Node, len(list))
	for i, e := range list {
		out[i] = unset(e)
	}
	return out
}

// Load reads a stored text back into a tree.
func Load(text []byte, slots []Reference) (Node, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, fmt.Errorf("load content: %w", err)
	}
	return load(v, slots)
}

func load(v any, slots []Reference) (Node, error) {
	switch v := v.(type) {
	case []any:
		return loadAll(v, slots)
	case map[string]any:
		return loadObject(v, slots)
	}
	return v, nil
}

func loadAll(list []any, slots []Reference) ([]Node, error) {
	out := make([]Node, len(list))
	for i, e := range list {
		n, err := load(e, slots)
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

func loadObject(m map[string]any, slots []Reference) (Node, error) {
	if set, ok := m[markSet].([]any); ok {
		all, err := loadAll(set, slots)
		return Set(all), err
	}
	if n, ok := m[markRef].(float64); ok {
		if int(n) < 0 || int(n) >= len(slots) {
			return nil, fmt.Errorf("load content: slot %d of %d", int(n), len(slots))
		}
		return slots[int(n)], nil
	}
	if _, ok := m[markSecret]; ok {
		return Secret{}, nil
	}
	out := make(map[string]Node, len(m))
	for k, e := range m {
		n, err := load(e, slots)
		if err != nil {
			return nil, err
		}
		out[unescapeKey(k)] = n
	}
	return out, nil
}
