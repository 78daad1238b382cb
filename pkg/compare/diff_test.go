package compare_test

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

type nodes = map[string]subject.Node

func side(content nodes, assignments ...subject.Node) *compare.Side {
	return &compare.Side{Name: "P", Content: content, Assignments: subject.Set(assignments)}
}

var _ = Describe("The differences of a subject", func() {
	labels := compare.Labels{"def_length": "Minimum length", "def_mode": "Mode", "def_mode_1": "On", "def_mode_0": "Off"}

	type look struct {
		source, target *compare.Side
		rule           compare.AssignmentsRule
		want           []compare.Change
	}
	DescribeTable("are told in words", func(l look) {
		changes, truncated := compare.Diff(l.source, l.target, l.rule, labels)
		Expect(truncated).To(BeFalse())
		Expect(changes).To(ConsistOf(l.want))
	},
		Entry("another value of a setting", look{
			source: side(nodes{"settings": nodes{"def_length": 12.0}}), target: side(nodes{"settings": nodes{"def_length": 8.0}}),
			want: []compare.Change{{Path: "settings/def_length", Label: "Minimum length", Kind: compare.Changed, SourceValue: 12.0, TargetValue: 8.0}},
		}),
		Entry("another option, by its name", look{
			source: side(nodes{"settings": nodes{"def_mode": "def_mode_1"}}), target: side(nodes{"settings": nodes{"def_mode": "def_mode_0"}}),
			want: []compare.Change{{Path: "settings/def_mode", Label: "Mode", Kind: compare.Changed, SourceValue: "On", TargetValue: "Off"}},
		}),
		Entry("a setting that would come", look{
			source: side(nodes{"settings": nodes{"def_length": 12.0}}), target: side(nodes{}),
			want: []compare.Change{{Path: "settings/def_length", Label: "Minimum length", Kind: compare.Added, SourceValue: 12.0}},
		}),
		Entry("a setting that would go", look{
			source: side(nodes{}), target: side(nodes{"settings": nodes{"def_length": 12.0}}),
			want: []compare.Change{{Path: "settings/def_length", Label: "Minimum length", Kind: compare.Removed, TargetValue: 12.0}},
		}),
		Entry("a child below its parent's value", look{
			source: side(nodes{"settings": nodes{"def_mode": nodes{"value": "def_mode_1", "children": nodes{"def_length": 1.0}}}}),
			target: side(nodes{"settings": nodes{"def_mode": nodes{"value": "def_mode_1", "children": nodes{"def_length": 2.0}}}}),
			want:   []compare.Change{{Path: "settings/def_mode/children/def_length", Label: "Mode › Minimum length", Kind: compare.Changed, SourceValue: 1.0, TargetValue: 2.0}},
		}),
		Entry("one element of a set", look{
			source: side(nodes{"l": subject.Set{"a", "b", "b"}}), target: side(nodes{"l": subject.Set{"b", "a"}}),
			want: []compare.Change{{Path: "l", Label: "L", Kind: compare.Added, SourceValue: "b"}},
		}),
		Entry("a list in another order, as a whole", look{
			source: side(nodes{"l": []subject.Node{"a", "b"}}), target: side(nodes{"l": []subject.Node{"b", "a"}}),
			want: []compare.Change{{Path: "l", Label: "L", Kind: compare.Changed, SourceValue: []any{"a", "b"}, TargetValue: []any{"b", "a"}}},
		}),
		Entry("a secret without its value", look{
			source: side(nodes{"password": subject.Secret{}}), target: side(nodes{}),
			want: []compare.Change{{Path: "password", Label: "Password", Kind: compare.Added, SourceValue: "(secret, not readable)"}},
		}),
		Entry("an assignment", look{
			source: side(nodes{}, nodes{"to": "all_devices"}), target: side(nodes{}), rule: compare.IncludeAssignments,
			want: []compare.Change{{Path: "assignments", Label: "Assignments", Kind: compare.Added, SourceValue: "All devices"}},
		}),
		Entry("an assignment to a group with a filter", look{
			source: side(nodes{}, nodes{"to": "group_excluded", "group": "Kiosks", "filter": "Corporate", "filter_mode": "exclude"}),
			target: side(nodes{}), rule: compare.IncludeAssignments,
			want: []compare.Change{{
				Path: "assignments", Label: "Assignments", Kind: compare.Added,
				SourceValue: "Excluded group “Kiosks”, filter “Corporate” (exclude)",
			}},
		}),
		Entry("an assignment that says more, in full", look{
			source: side(nodes{}, nodes{"to": "all_devices", "more": nodes{"runRemediationScript": true}}), target: side(nodes{}),
			rule: compare.IncludeAssignments,
			want: []compare.Change{{
				Path: "assignments", Label: "Assignments", Kind: compare.Added,
				SourceValue: map[string]any{"to": "all_devices", "more": map[string]any{"runRemediationScript": true}},
			}},
		}),
		Entry("the default scope tag by its name", look{
			source: side(nodes{"roleScopeTagIds": subject.Set{"0"}}), target: side(nodes{"roleScopeTagIds": subject.Set{"West"}}),
			want: []compare.Change{
				{Path: "roleScopeTagIds", Label: "Scope tags", Kind: compare.Added, SourceValue: "Default"},
				{Path: "roleScopeTagIds", Label: "Scope tags", Kind: compare.Removed, TargetValue: "West"},
			},
		}),
		Entry("an assignment that does not take part", look{
			source: side(nodes{}, nodes{"to": "all_devices"}), target: side(nodes{}), rule: compare.ExcludeAssignments,
		}),
		Entry("a subject that the target lacks", look{
			source: side(nodes{"x": true}),
			want: []compare.Change{
				{Path: "name", Label: "Name", Kind: compare.Added, SourceValue: "P"}, {Path: "x", Label: "X", Kind: compare.Added, SourceValue: true},
			},
		}),
		Entry("nothing on either side", look{}),
		Entry("a value in the place of an object", look{
			source: side(nodes{"x": nodes{"y": 1.0}}), target: side(nodes{"x": "z"}),
			want: []compare.Change{{Path: "x", Label: "X", Kind: compare.Changed, SourceValue: map[string]any{"y": 1.0}, TargetValue: "z"}},
		}),
	)

	It("are bounded", func() {
		many := nodes{}
		for i := range compare.MaxChanges + 1 {
			many[fmt.Sprint("p", i)] = true
		}
		changes, truncated := compare.Diff(side(many), side(nodes{}), compare.IncludeAssignments, nil)
		Expect(changes).To(HaveLen(compare.MaxChanges))
		Expect(truncated).To(BeTrue())
	})

	It("are none exactly when the contents are equal", func() {
		leaf := rapid.OneOf(rapid.Map(rapid.SampledFrom([]string{"a", "b"}), func(s string) subject.Node { return s }),
			rapid.Map(rapid.Bool(), func(b bool) subject.Node { return b }),
			rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 1, 3), func(l []string) subject.Node {
				set := subject.Set{}
				for _, e := range l {
					set = append(set, e)
				}
				return set
			}))
		object := rapid.MapOfN(rapid.SampledFrom([]string{"x", "y", "z"}), leaf, 0, 3)
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			a, b := nodes{}, nodes{}
			for k, v := range object.Draw(t, "a") {
				a[k] = v
			}
			for k, v := range object.Draw(t, "b") {
				b[k] = v
			}
			changes, _ := compare.Diff(side(a), side(b), compare.IncludeAssignments, nil)
			back, _ := compare.Diff(side(b), side(a), compare.IncludeAssignments, nil)
			if (len(changes) == 0) != subject.SameNode(a, b) || len(changes) != len(back) {
				t.Fatalf("%v and %v: %v", a, b, changes)
			}
		})
	})
})

var _ = Describe("Ids that may have a name", func() {
	It("are property names and values that look like option ids", func() {
		s := side(nodes{"settings": nodes{"def_mode": nodes{"value": "def_mode_1", "children": nodes{"def_list": subject.Set{"def_list_2", "free text with_underscore"}}}}})
		Expect(compare.LabelIDs(s, nil)).To(ContainElements("def_mode", "def_mode_1", "def_list", "def_list_2"))
		Expect(compare.LabelIDs(s)).NotTo(ContainElement(ContainSubstring(" ")))
		Expect(compare.LabelIDs(nil, nil)).To(BeEmpty())
	})
})
