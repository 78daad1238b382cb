package compare_test

import (
	"fmt"
	"slices"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

var someTypes = []subject.TypeKey{"configuration_policies", "device_configurations", "intents"}

// entry is a subject with keys as a capture makes them; everything else may be
// changed afterwards.
func entry(typ subject.TypeKey, name, content string) inventory.Entry {
	identity := subject.Identity{Type: typ, Name: name}
	return inventory.Entry{
		Type: typ, Name: name, ObjectID: "object of " + name, VersionID: inventory.VersionID("version of " + name + content),
		Keys: inventory.Keys{Exact: identity.Key(subject.ExactName), WithoutVers: identity.Key(subject.IgnoreVersionSuffix)},
		Hash: fingerprint.Of([]byte(content)), Content: fingerprint.Of([]byte(content)), Assigned: fingerprint.Of(nil),
		Assignments: inventory.AssignmentFacts{Read: true},
	}
}

// view is a tenant with these subjects, all of it read.
func view(entries ...inventory.Entry) *inventory.View {
	v := &inventory.View{Entries: entries, Captures: map[string]inventory.Capture{}}
	for _, t := range subject.Types() {
		v.Captures[string(t.Key)] = inventory.Capture{Complete: true}
	}
	return v
}

func selection(change ...func(*compare.Selection)) compare.Selection {
	GinkgoHelper()
	s := compare.Selection{SourceTenantID: "source", TargetTenantID: "target"}
	for _, c := range change {
		c(&s)
	}
	s, err := s.Canonical()
	Expect(err).NotTo(HaveOccurred())
	return s
}

// drawView draws a tenant whose names often collide.
func drawView(t *rapid.T, label string) *inventory.View {
	v := view()
	for i := range rapid.IntRange(0, 12).Draw(t, label) {
		e := entry(rapid.SampledFrom(someTypes).Draw(t, "type"),
			rapid.SampledFrom([]string{"A", "A - v1", "A - v2", "B", "B ", "C (1.0)"}).Draw(t, "name"),
			rapid.SampledFrom([]string{"1", "2"}).Draw(t, "content"))
		e.ObjectID = fmt.Sprint(label, i)
		e.VersionID = inventory.VersionID(e.ObjectID)
		e.Assignments.Read = rapid.IntRange(0, 9).Draw(t, "read") > 0
		e.Assigned = fingerprint.Of([]byte(rapid.SampledFrom([]string{"", "x"}).Draw(t, "assigned")))
		e.Traits.Secret = rapid.IntRange(0, 9).Draw(t, "secret") == 0
		v.Entries = append(v.Entries, e)
	}
	for _, typ := range someTypes {
		v.Captures[string(typ)] = inventory.Capture{Complete: rapid.IntRange(0, 5).Draw(t, "complete") > 0}
	}
	return v
}

func drawSelection(t *rapid.T) compare.Selection {
	s, err := compare.Selection{
		SourceTenantID: "source", TargetTenantID: "target",
		PolicyTypes: rapid.SliceOfDistinct(rapid.SampledFrom(someTypes), rapid.ID[subject.TypeKey]).Draw(t, "types"),
		Query:       rapid.SampledFrom([]string{"", "", "a"}).Draw(t, "query"),
		MatchRule:   rapid.SampledFrom([]subject.MatchRule{subject.ExactName, subject.IgnoreVersionSuffix}).Draw(t, "rule"),
		Assignments: rapid.SampledFrom(compare.AssignmentsRules()).Draw(t, "assignments"),
	}.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// another is the same tenant with its subjects in another order.
func another(t *rapid.T, v *inventory.View) *inventory.View {
	c := *v
	c.Entries = rapid.Permutation(slices.Clone(v.Entries)).Draw(t, "order")
	return &c
}

func told(p *compare.Preview) []string {
	lines := make([]string, len(p.Items))
	for n, i := range p.Items {
		lines[n] = fmt.Sprint(i.Key, i.Name(), i.State, i.Match, i.Causes, len(i.Source), len(i.Target))
	}
	return lines
}

var _ = Describe("A comparison", func() {
	It("gives every subject of the selection one state, and counts it once", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			source, target, s := drawView(t, "source"), drawView(t, "target"), drawSelection(t)
			p := compare.Compare(source, target, s)
			sum, seen := 0, map[subject.Key]bool{}
			for _, state := range compare.States() {
				sum += p.Counts[state]
			}
			entries := 0
			for _, i := range p.Items {
				if seen[i.Key] {
					t.Fatalf("%s twice", i.Key)
				}
				seen[i.Key] = true
				entries += len(i.Source) + len(i.Target)
				if !slices.Contains(compare.States(), i.State) || !slices.Contains(compare.MatchKinds(), i.Match) {
					t.Fatalf("unknown state or match: %+v", i)
				}
			}
			if sum != len(p.Items) || len(p.Counts) > len(compare.States()) {
				t.Fatalf("%d items, counts %v", len(p.Items), p.Counts)
			}
			if s.Query == "" && len(s.PolicyTypes) == 0 && entries != len(source.Entries)+len(target.Entries) {
				t.Fatalf("%d entries became %d", len(source.Entries)+len(target.Entries), entries)
			}
		})
	})

	It("does not depend on the order in which things were read", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			source, target, s := drawView(t, "source"), drawView(t, "target"), drawSelection(t)
			a, b := compare.Compare(source, target, s), compare.Compare(another(t, source), another(t, target), s)
			if a.Digest() != b.Digest() || !slices.Equal(told(a), told(b)) {
				t.Fatalf("%v\n%v", told(a), told(b))
			}
		})
	})

	It("finds no difference between a tenant and itself", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			v, s := drawView(t, "tenant"), drawSelection(t)
			p := compare.Compare(v, v, s)
			if n := p.Counts; n[compare.Different]+n[compare.MissingInTarget]+n[compare.OnlyInTarget] > 0 {
				t.Fatalf("%v", n)
			}
		})
	})

	It("has another digest when any version behind it is another", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			source, target := drawView(t, "source"), drawView(t, "target")
			s := selection()
			before := compare.Compare(source, target, s).Digest()
			if len(source.Entries) == 0 {
				return
			}
			n := rapid.IntRange(0, len(source.Entries)-1).Draw(t, "which")
			source.Entries[n].Hash = "another"
			if compare.Compare(source, target, s).Digest() == before {
				t.Fatal("the digest did not change")
			}
		})
	})

	type look struct {
		source, target []inventory.Entry
		change         func(source, target *inventory.View)
		selection      func(*compare.Selection)
		state          compare.State
		match          compare.MatchKind
		causes         []compare.Cause
	}
	a, b := entry("intents", "P", "1"), entry("intents", "P", "2")
	unread, secret, assigned := a, a, a
	unread.Assignments.Read = false
	secret.Traits.Secret = true
	assigned.Assigned = "x"
	old, newer := entry("intents", "P - v1", "1"), entry("intents", "P - v2", "1")
	ignoring := func(s *compare.Selection) { s.MatchRule = subject.IgnoreVersionSuffix }

	DescribeTable("says how one subject stands", func(l look) {
		source, target := view(l.source...), view(l.target...)
		if l.change != nil {
			l.change(source, target)
		}
		s := selection()
		if l.selection != nil {
			s = selection(l.selection)
		}
		p := compare.Compare(source, target, s)
		Expect(p.Items).To(HaveLen(1))
		i := p.Items[0]
		Expect([]any{i.State, i.Match, i.Causes}).To(Equal([]any{l.state, l.match, l.causes}))
	},
		Entry("equal on both sides", look{source: []inventory.Entry{a}, target: []inventory.Entry{a}, state: compare.Aligned, match: compare.MatchExact}),
		Entry("other settings", look{source: []inventory.Entry{a}, target: []inventory.Entry{b}, state: compare.Different, match: compare.MatchExact, causes: []compare.Cause{compare.CauseContent}}),
		Entry("other assignments", look{source: []inventory.Entry{a}, target: []inventory.Entry{assigned}, state: compare.Different, match: compare.MatchExact, causes: []compare.Cause{compare.CauseAssignments}}),
		Entry("other assignments that do not take part", look{
			source: []inventory.Entry{a}, target: []inventory.Entry{assigned}, state: compare.Aligned, match: compare.MatchExact,
			selection: func(s *compare.Selection) { s.Assignments = compare.ExcludeAssignments },
		}),
		Entry("only in the source", look{source: []inventory.Entry{a}, state: compare.MissingInTarget, match: compare.MatchNone}),
		Entry("only in the target", look{target: []inventory.Entry{a}, state: compare.OnlyInTarget, match: compare.MatchNone}),
		Entry("several in the target without one in the source", look{target: []inventory.Entry{a, b}, state: compare.OnlyInTarget, match: compare.MatchNone}),
		Entry("two in the source", look{source: []inventory.Entry{a, b}, state: compare.Ambiguous, match: compare.MatchAmbiguous}),
		Entry("two in the target", look{source: []inventory.Entry{a}, target: []inventory.Entry{a, b}, state: compare.Ambiguous, match: compare.MatchAmbiguous}),
		Entry("another version in the name", look{source: []inventory.Entry{newer}, target: []inventory.Entry{old}, selection: ignoring, state: compare.Different, match: compare.MatchNormalised, causes: []compare.Cause{compare.CauseName}}),
		Entry("equal but for a secret", look{source: []inventory.Entry{secret}, target: []inventory.Entry{secret}, state: compare.NotEvaluated, match: compare.MatchExact, causes: []compare.Cause{compare.CauseSecret}}),
		Entry("the source's assignments not captured", look{source: []inventory.Entry{unread}, target: []inventory.Entry{a}, state: compare.NotEvaluated, match: compare.MatchExact, causes: []compare.Cause{compare.CauseSourceAssignments}}),
		Entry("the target's assignments not captured", look{source: []inventory.Entry{a}, target: []inventory.Entry{unread}, state: compare.NotEvaluated, match: compare.MatchExact, causes: []compare.Cause{compare.CauseTargetAssignments}}),
		Entry("not read in the target is not absent there", look{
			source: []inventory.Entry{a}, state: compare.NotEvaluated, match: compare.MatchNone, causes: []compare.Cause{compare.CauseTargetUnread},
			change: func(_, target *inventory.View) { delete(target.Captures, "intents") },
		}),
		Entry("not read in the source is not only in the target", look{
			target: []inventory.Entry{a}, state: compare.NotEvaluated, match: compare.MatchNone, causes: []compare.Cause{compare.CauseSourceUnread},
			change: func(source, _ *inventory.View) { source.Captures["intents"] = inventory.Capture{} },
		}),
	)

	It("covers a pair when either side's name holds the query", func() {
		s := selection(ignoring, func(s *compare.Selection) { s.Query = "V2" })
		Expect(compare.Compare(view(newer), view(old), s).Items).To(HaveLen(1))
		Expect(compare.Compare(view(old), view(old), s).Items).To(BeEmpty())
	})
})

var _ = Describe("A selection", func() {
	It("has one canonical form", func() {
		a := selection(func(s *compare.Selection) {
			s.PolicyTypes = []subject.TypeKey{"intents", "configuration_policies", "intents"}
			s.SubjectKeys = []subject.Key{"b", "a", "b"}
			s.Query = "  x  y "
		})
		b := selection(func(s *compare.Selection) {
			s.PolicyTypes = []subject.TypeKey{"configuration_policies", "intents"}
			s.SubjectKeys = []subject.Key{"a", "b"}
			s.Query, s.MatchRule, s.Assignments = "x y", subject.ExactName, compare.IncludeAssignments
		})
		Expect(a).To(Equal(b))
		Expect(fingerprint.MustOfValue(a)).To(Equal(fingerprint.MustOfValue(b)))
		again, err := a.Canonical()
		Expect(err).NotTo(HaveOccurred())
		Expect(again).To(Equal(a))
	})

	DescribeTable("is refused when it cannot be meant", func(s compare.Selection) {
		_, err := s.Canonical()
		Expect(err).To(HaveOccurred())
	},
		Entry("an unknown type", compare.Selection{PolicyTypes: []subject.TypeKey{"nonsense"}}),
		Entry("too many subjects", compare.Selection{SubjectKeys: manyKeys(compare.MaxSubjectKeys + 1)}),
	)

	It("names the types it covers", func() {
		Expect(selection().Types()).To(HaveLen(len(subject.Types())))
		Expect(selection(func(s *compare.Selection) { s.PolicyTypes = []subject.TypeKey{"intents"} }).Types()).To(HaveLen(1))
	})
})

func manyKeys(n int) []subject.Key {
	keys := make([]subject.Key, n)
	for i := range keys {
		keys[i] = subject.Key(strconv.Itoa(i))
	}
	return keys
}
