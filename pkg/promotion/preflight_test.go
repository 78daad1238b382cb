package promotion_test

import (
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// drawnTypes can refer to each other: two are referable, one is not.
var drawnTypes = []subject.TypeKey{catalogType, reusable, "assignment_filters", "named_locations", "intents"}

// drawWorld draws two tenants whose policies refer to groups and to each other,
// in circles too.
func drawWorld(t *rapid.T) *world {
	w := newWorld()
	w.selection.MatchRule = rapid.SampledFrom([]subject.MatchRule{subject.ExactName, subject.IgnoreVersionSuffix}).Draw(t, "rule")
	w.selection.Assignments = rapid.SampledFrom(compare.AssignmentsRules()).Draw(t, "assignments")
	for _, g := range []string{"g1", "g2", "g3"} {
		w.names.source[subject.Reference{Kind: subject.RefGroup, ID: g}] = "group " + g
		for i := range rapid.IntRange(0, 2).Draw(t, "groups") {
			at := subject.Reference{Kind: subject.RefGroup, ID: "group " + g}
			w.names.target[at] = append(w.names.target[at], fmt.Sprint("their ", g, i))
		}
	}
	for _, typ := range drawnTypes {
		w.source.Captures[string(typ)] = inventory.Capture{Complete: rapid.IntRange(0, 9).Draw(t, "read") > 0, StartedAt: noon}
		w.target.Captures[string(typ)] = inventory.Capture{Complete: rapid.IntRange(0, 9).Draw(t, "read") > 0, StartedAt: noon}
	}
	w.source.Entries = drawEntries(t, w, "source", 10)
	w.target.Entries = drawEntries(t, w, "target", 6)
	return w
}

func drawEntries(t *rapid.T, w *world, label string, most int) []inventory.Entry {
	entries := make([]inventory.Entry, rapid.IntRange(0, most).Draw(t, label))
	for i := range entries {
		typ := rapid.SampledFrom(drawnTypes).Draw(t, "type")
		id := fmt.Sprint(label, " object ", i)
		change := []func(*inventory.Entry){func(e *inventory.Entry) {
			e.ObjectID, e.VersionID = id, inventory.VersionID("version of "+id)
			e.Traits.Secret = rapid.IntRange(0, 9).Draw(t, "secret") == 0
			if rapid.IntRange(0, 9).Draw(t, "old") == 0 {
				e.LastReadAt = noon.Add(-48 * time.Hour)
			}
			e.Assigned = fingerprint.Of([]byte(rapid.SampledFrom([]string{"", "x"}).Draw(t, "assigned")))
		}}
		for range rapid.IntRange(0, 2).Draw(t, "references") {
			if rapid.Bool().Draw(t, "to a group") {
				change = append(change, w.refers(subject.RefGroup, rapid.SampledFrom([]string{"g1", "g2", "g3", "g4"}).Draw(t, "group")))
				continue
			}
			kind := rapid.SampledFrom([]subject.RefKind{subject.RefReusableSetting, subject.RefFilter, subject.RefNamedLocation}).Draw(t, "kind")
			change = append(change, w.refers(kind, fmt.Sprint("source object ", rapid.IntRange(0, 9).Draw(t, "to"))))
		}
		name := rapid.SampledFrom([]string{"A", "B", "C - v1", "C - v2", "D", "E", "F"}).Draw(t, "name")
		entries[i] = policy(typ, name, rapid.SampledFrom([]string{"1", "2"}).Draw(t, "content"), change...)
	}
	return entries
}

var _ = Describe("A preflight", func() {
	It("accounts for every subject that would change the target", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			w := drawWorld(t)
			preview := compare.Compare(w.source, w.target, w.selection)
			p := w.judge()
			n := preview.Counts
			excluded := p.Counts[promotion.Blocked] + p.Counts[promotion.ManualMappingRequired]
			if p.Counts[promotion.Ready]+excluded != n[compare.Different]+n[compare.MissingInTarget]+n[compare.Ambiguous]+n[compare.NotEvaluated] {
				t.Fatalf("buckets %v, states %v", p.Counts, n)
			}
			if p.Counts[promotion.Aligned] != n[compare.Aligned] || len(p.Items) != len(preview.Items)-n[compare.OnlyInTarget] {
				t.Fatalf("buckets %v, states %v, %d items", p.Counts, n, len(p.Items))
			}
			if p.Excluded() != excluded || p.Creates+p.Updates != p.Counts[promotion.Ready] || p.Executable() != (p.Counts[promotion.Ready] > 0) {
				t.Fatalf("counts %v, %d creates, %d updates", p.Counts, p.Creates, p.Updates)
			}
			for _, i := range p.Items {
				hasReason := len(i.Reasons) > 0
				if hasReason == (i.Bucket == promotion.Ready || i.Bucket == promotion.Aligned) {
					t.Fatalf("%s is %s with reasons %v", i.Name(), i.Bucket, i.Reasons)
				}
			}
		})
	})

	It("is a function of what is true, whatever the order it was read in", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			w := drawWorld(t)
			before := w.judge()
			w.source.Entries = rapid.Permutation(w.source.Entries).Draw(t, "source order")
			w.target.Entries = rapid.Permutation(w.target.Entries).Draw(t, "target order")
			after := w.judge()
			if before.Fingerprint != after.Fingerprint {
				t.Fatal("another order gave another fingerprint")
			}
			for n := range before.Items {
				if a, b := before.Items[n], after.Items[n]; a.Key != b.Key || a.Bucket != b.Bucket || !slices.Equal(codes(&a), codes(&b)) {
					t.Fatalf("%s: %s %v, then %s %v", a.Name(), a.Bucket, codes(&a), b.Bucket, codes(&b))
				}
			}
		})
	})

	It("of a tenant with itself finds nothing to do", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			w := drawWorld(t)
			w.target = w.source
			if p := w.judge(); p.Counts[promotion.Ready] > 0 {
				t.Fatalf("%v", p.Counts)
			}
		})
	})

	pairOf := func() *world {
		w := newWorld()
		w.names.source[subject.Reference{Kind: subject.RefGroup, ID: "g"}] = "N"
		w.names.target[subject.Reference{Kind: subject.RefGroup, ID: "N"}] = []string{"1"}
		w.source.Entries = []inventory.Entry{policy(catalogType, "P", "1", w.refers(subject.RefGroup, "g")), policy(catalogType, "Q", "1"), policy(catalogType, "Twice", "1"), policy(catalogType, "Twice", "2")}
		w.target.Entries = []inventory.Entry{policy(catalogType, "P", "2"), policy(catalogType, "Own", "1")}
		return w
	}
	DescribeTable("has another fingerprint when a truth has changed", func(change func(w *world)) {
		before := pairOf().judge().Fingerprint
		Expect(pairOf().judge().Fingerprint).To(Equal(before))
		w := pairOf()
		change(w)
		Expect(w.judge().Fingerprint).NotTo(Equal(before))
	},
		Entry("the source has another version", func(w *world) { w.source.Entries[0].VersionID, w.source.Entries[0].Hash = "other", "other" }),
		Entry("the source's version has another hash", func(w *world) { w.source.Entries[1].Hash = "other" }),
		Entry("the target has another version", func(w *world) { w.target.Entries[0].VersionID = "other" }),
		Entry("the target's version has another hash", func(w *world) { w.target.Entries[0].Hash = "other" }),
		Entry("one of two candidates has another version", func(w *world) { w.source.Entries[3].Hash = "other" }),
		Entry("a subject is new in the source", func(w *world) { w.source.Entries = append(w.source.Entries, policy(catalogType, "R", "1")) }),
		Entry("a subject is gone from the source", func(w *world) { w.source.Entries = w.source.Entries[:1] }),
		Entry("a subject is new in the target", func(w *world) { w.target.Entries = append(w.target.Entries, policy(catalogType, "Q", "2")) }),
		Entry("a subject is gone from the target", func(w *world) { w.target.Entries = nil }),
		Entry("a name leads to another id", func(w *world) { w.names.target[subject.Reference{Kind: subject.RefGroup, ID: "N"}] = []string{"2"} }),
		Entry("a name leads nowhere", func(w *world) { w.names.target = nil }),
		Entry("the source's group is called otherwise", func(w *world) { w.names.source[subject.Reference{Kind: subject.RefGroup, ID: "g"}] = "M" }),
		Entry("a permission is gone", func(w *world) { w.target.Facts.Granted = nil }),
		Entry("a capture has become too old", func(w *world) { w.now = noon.Add(25 * time.Hour) }),
		Entry("a type is no longer completely read", func(w *world) { delete(w.target.Captures, string(catalogType)) }),
		Entry("the selection names a type", func(w *world) { w.selection.PolicyTypes = []subject.TypeKey{catalogType} }),
		Entry("the selection has another query", func(w *world) { w.selection.Query = "P" }),
		Entry("another match rule", func(w *world) { w.selection.MatchRule = subject.IgnoreVersionSuffix }),
		Entry("assignments no longer take part", func(w *world) { w.selection.Assignments = compare.ExcludeAssignments }),
		Entry("another target", func(w *world) { w.selection.TargetTenantID = "other" }),
	)

	DescribeTable("keeps its fingerprint when nothing that matters has changed", func(change func(w *world)) {
		w := pairOf()
		change(w)
		Expect(w.judge().Fingerprint).To(Equal(pairOf().judge().Fingerprint))
	},
		Entry("time has passed within the limit", func(w *world) { w.now = noon.Add(time.Hour) }),
		Entry("everything was read again and found equal", func(w *world) {
			for n := range w.source.Entries {
				w.source.Entries[n].LastReadAt = noon.Add(time.Hour)
			}
		}),
		Entry("what only the target has is another", func(w *world) { w.target.Entries[1].Hash = "other" }),
	)
})
