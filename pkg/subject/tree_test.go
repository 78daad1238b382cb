package subject_test

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// drawTree draws a content tree with sets, references, secrets and awkward keys.
func drawTree(t *rapid.T, depth int) subject.Node {
	kinds := 6
	if depth > 0 {
		kinds = 9
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return rapid.String().Draw(t, "text")
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return float64(rapid.IntRange(-1e6, 1e6).Draw(t, "int"))
	case 3:
		return rapid.Float64Range(-1e9, 1e9).Draw(t, "float")
	case 4:
		return subject.Secret{}
	case 5:
		return subject.Reference{Kind: rapid.SampledFrom(subject.RefKinds()).Draw(t, "ref"), ID: fmt.Sprint("id", rapid.IntRange(0, 5).Draw(t, "id"))}
	case 6:
		return drawList(t, depth)
	case 7:
		return subject.Set(drawList(t, depth))
	}
	return drawObject(t, depth)
}

func drawList(t *rapid.T, depth int) []subject.Node {
	list := make([]subject.Node, rapid.IntRange(0, 4).Draw(t, "length"))
	for i := range list {
		list[i] = drawTree(t, depth-1)
	}
	return list
}

func drawObject(t *rapid.T, depth int) map[string]subject.Node {
	keys := rapid.SliceOfNDistinct(rapid.OneOf(
		rapid.SampledFrom([]string{"$set", "$ref", "$secret", "$$set", "$", "id", "name"}), rapid.StringN(0, 6, -1)), 0, 4, rapid.ID).Draw(t, "keys")
	out := map[string]subject.Node{}
	for _, k := range keys {
		out[k] = drawTree(t, depth-1)
	}
	return out
}

// shuffled is the same tree with its sets in another order, and other ids.
func shuffled(t *rapid.T, n subject.Node, id func(subject.Reference) string) subject.Node {
	switch v := n.(type) {
	case subject.Reference:
		return subject.Reference{Kind: v.Kind, ID: id(v)}
	case []subject.Node:
		out := make([]subject.Node, len(v))
		for i, e := range v {
			out[i] = shuffled(t, e, id)
		}
		return out
	case subject.Set:
		out := make(subject.Set, len(v))
		order := make([]int, len(v))
		for i := range order {
			order[i] = i
		}
		for i, at := range rapid.Permutation(order).Draw(t, "order") {
			out[i] = shuffled(t, v[at], id)
		}
		return out
	case map[string]subject.Node:
		out := map[string]subject.Node{}
		for k, e := range v {
			out[k] = shuffled(t, e, id)
		}
		return out
	}
	return n
}

// theirID and theirName are another tenant's: other ids, the same names.
func theirID(r subject.Reference) string { return "their-" + r.ID }

func ourName(r subject.Reference) (string, bool) { return "name of " + r.ID, r.ID != "id0" }

func theirName(r subject.Reference) (string, bool) {
	id := strings.TrimPrefix(r.ID, "their-")
	return ourName(subject.Reference{Kind: r.Kind, ID: id})
}

// sameID are the references whose id alone says what they mean outside: those
// of unnamed things, and applications.
func sameID(r subject.Reference) string {
	if _, named := ourName(r); !named || subject.SameEverywhere(r.Kind) {
		return r.ID
	}
	return theirID(r)
}

// holdsTenant: references to the tenant itself are equal whatever their id.
func holdsTenant(n subject.Node) bool {
	return strings.Contains(string(subject.NodeText(n)), `"$ref":"tenant"`)
}

var _ = Describe("A content tree", func() {
	It("is read back as it was stored", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			n := drawTree(t, 4)
			text, slots := subject.Stored(n)
			back, err := subject.Load(text, slots)
			if err != nil {
				t.Fatalf("load %s: %v", text, err)
			}
			if !subject.SameNode(n, back) {
				t.Fatalf("stored %s, read back %s", subject.NodeText(n), subject.NodeText(back))
			}
			again, moreSlots := subject.Stored(back)
			if string(again) != string(text) || !slices.Equal(slots, moreSlots) {
				t.Fatalf("stored twice: %s %v, then %s %v", text, slots, again, moreSlots)
			}
		})
	})

	It("has one portable text for equal policies of two tenants", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			ours := drawTree(t, 4)
			theirs := shuffled(t, ours, sameID)
			a, b := subject.Portable(ours, ourName), subject.Portable(theirs, theirName)
			if string(a) != string(b) {
				t.Fatalf("ours %s, theirs %s", a, b)
			}
		})
	})

	It("has another portable text when one name or value differs", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			tree := drawTree(t, 3)
			changed := map[string]subject.Node{"at": tree, "leaf": subject.Reference{Kind: subject.RefGroup, ID: "id1"}}
			same := map[string]subject.Node{"at": tree, "leaf": subject.Reference{Kind: subject.RefGroup, ID: "id2"}}
			if string(subject.Portable(changed, ourName)) == string(subject.Portable(same, ourName)) {
				t.Fatal("a group of another name is no difference")
			}
			longer := subject.Set{tree, "one more"}
			if string(subject.Portable(longer, ourName)) == string(subject.Portable(subject.Set{tree}, ourName)) {
				t.Fatal("one more element is no difference")
			}
			other := drawTree(t, 3)
			sameText := string(subject.NodeText(tree)) == string(subject.NodeText(other))
			injective := func(r subject.Reference) (string, bool) { return r.ID, true }
			if samePortable := string(subject.Portable(tree, injective)) == string(subject.Portable(other, injective)); samePortable != sameText && !holdsTenant(tree) && !holdsTenant(other) {
				t.Fatalf("%s and %s: equal %v, portable equal %v", subject.NodeText(tree), subject.NodeText(other), sameText, samePortable)
			}
		})
	})
})
