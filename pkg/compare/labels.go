package compare

import (
	"maps"
	"slices"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// longestID is the longest text that is looked up as an id; definition and
// option ids stay well below it.
const longestID = 512

// LabelIDs lists, sorted, everything in the sides that may have a display name:
// property names and definition ids, and values that may be option ids.
func LabelIDs(sides ...*Side) []string {
	seen := map[string]struct{}{}
	for _, s := range sides {
		if s != nil {
			gather(s.Content, seen)
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func gather(n subject.Node, seen map[string]struct{}) {
	switch v := n.(type) {
	case string:
		if len(v) <= longestID && strings.Contains(v, "_") && !strings.ContainsAny(v, " \t\r\n\x00") {
			seen[v] = struct{}{}
		}
	case []subject.Node:
		for _, e := range v {
			gather(e, seen)
		}
	case subject.Set:
		for _, e := range v {
			gather(e, seen)
		}
	case map[string]subject.Node:
		for k, e := range v {
			gather(k, seen)
			gather(e, seen)
		}
	}
}
