package promotion_test

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// faulty says what is wrong with a plan, or "".
func faulty(p *promotion.Preflight, plan *promotion.Plan) string {
	ready := map[subject.Key]bool{}
	for _, i := range p.Items {
		if i.Bucket == promotion.Ready {
			ready[i.Key] = true
		}
	}
	if len(plan.Steps) != len(ready) || plan.Excluded != p.Excluded() || plan.Fingerprint != p.Fingerprint {
		return fmt.Sprintf("%d steps for %d ready subjects", len(plan.Steps), len(ready))
	}
	for n, s := range plan.Steps {
		if s.Ordinal != n+1 || !ready[s.SubjectKey] || s.Action == promotion.None {
			return fmt.Sprintf("step %d: %+v", n+1, s)
		}
		delete(ready, s.SubjectKey)
		if (s.Action == promotion.Update) != (s.TargetObject != "") || (s.Action == promotion.Create) != (s.TargetHash == "") {
			return fmt.Sprintf("step %d does not say what the target must be: %+v", s.Ordinal, s)
		}
		for _, after := range s.After {
			if after >= s.Ordinal || plan.Steps[after-1].Action != promotion.Create {
				return fmt.Sprintf("step %d comes after step %d", s.Ordinal, after)
			}
		}
		for _, r := range s.References {
			if (r.TargetID == "") == (r.Step == 0) || r.Step >= s.Ordinal {
				return fmt.Sprintf("step %d: reference leads nowhere: %+v", s.Ordinal, r)
			}
		}
	}
	return ""
}

var _ = Describe("A plan", func() {
	It("holds every ready subject once, after all it depends on, and nothing else", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			p := drawWorld(t).judge()
			if wrong := faulty(p, promotion.MakePlan(p)); wrong != "" {
				t.Fatal(wrong)
			}
		})
	})

	names := func(p *promotion.Plan) []string {
		list := make([]string, len(p.Steps))
		for n, s := range p.Steps {
			list[n] = s.Name
		}
		return list
	}

	It("makes what others refer to first, however long the chain", func() {
		w := newWorld()
		w.source.Entries = []inventory.Entry{
			policy(catalogType, "A", "1", w.refers(subject.RefReusableSetting, "object of B")),
			policy(reusable, "B", "1", w.refers(subject.RefReusableSetting, "object of C")),
			policy(reusable, "C", "1", w.refers(subject.RefFilter, "object of D")),
			policy("assignment_filters", "D", "1"),
		}
		plan := promotion.MakePlan(w.judge())
		Expect(names(plan)).To(Equal([]string{"D", "C", "B", "A"}))
		Expect(plan.Steps[3].After).To(Equal([]int{3}))
		Expect(plan.Items()[0].SubjectKey).To(Equal(string(w.source.Entries[3].Keys.Exact)))
	})

	It("uses what the target has, without making or waiting for it", func() {
		w := newWorld()
		w.source.Entries = []inventory.Entry{policy(catalogType, "A", "1", w.refers(subject.RefReusableSetting, "object of B")), policy(reusable, "B", "1")}
		w.target.Entries = []inventory.Entry{policy(reusable, "B", "1", func(e *inventory.Entry) { e.ObjectID = "theirs" })}
		plan := promotion.MakePlan(w.judge())
		Expect(names(plan)).To(Equal([]string{"A"}))
		Expect(plan.Steps[0].References).To(ConsistOf(promotion.PlannedReference{Kind: subject.RefReusableSetting, SourceID: "object of B", TargetID: "theirs"}))
	})

	It("names what becomes of the tenant's own id", func() {
		w := newWorld()
		w.source.Entries = []inventory.Entry{policy(catalogType, "A", "1", w.refers(subject.RefTenant, "source directory"))}
		Expect(promotion.MakePlan(w.judge()).Steps[0].References).To(ConsistOf(
			promotion.PlannedReference{Kind: subject.RefTenant, SourceID: "source directory", TargetID: "target directory"}))
	})

	DescribeTable("leaves out subjects that refer to each other in a circle, and all that need them", func(order []int) {
		w := newWorld()
		all := []inventory.Entry{
			policy(reusable, "A", "1", w.refers(subject.RefReusableSetting, "object of B")),
			policy(reusable, "B", "1", w.refers(subject.RefReusableSetting, "object of C")),
			policy(reusable, "C", "1", w.refers(subject.RefReusableSetting, "object of A")),
			policy(reusable, "0 needs A", "1", w.refers(subject.RefReusableSetting, "object of A")),
			policy(reusable, "Z needs A", "1", w.refers(subject.RefReusableSetting, "object of A")),
			policy(reusable, "Free", "1"),
		}
		for _, n := range order {
			w.source.Entries = append(w.source.Entries, all[n])
		}
		p := w.judge()
		for _, name := range []string{"A", "B", "C", "0 needs A", "Z needs A"} {
			Expect(codes(item(p, name))).To(ConsistOf(promotion.DependencyBlocked), name)
		}
		Expect(names(promotion.MakePlan(p))).To(Equal([]string{"Free"}))
	},
		Entry("in one order", []int{0, 1, 2, 3, 4, 5}),
		Entry("in another", []int{5, 3, 2, 1, 0, 4}),
	)

	It("leaves out a subject that refers to itself", func() {
		w := newWorld()
		w.source.Entries = []inventory.Entry{policy(reusable, "A", "1", w.refers(subject.RefReusableSetting, "object of A"))}
		Expect(codes(item(w.judge(), "A"))).To(ConsistOf(promotion.DependencyBlocked))
	})

	It("asks for a mapping of what the selection leaves out", func() {
		w := newWorld()
		w.source.Entries = []inventory.Entry{policy(catalogType, "A", "1", w.refers(subject.RefReusableSetting, "object of B")), policy(reusable, "B", "1")}
		w.selection.PolicyTypes = []subject.TypeKey{catalogType}
		Expect(codes(item(w.judge(), "A"))).To(ConsistOf(promotion.ReusableSettingNotFound))
	})

	It("writes only the part that differs", func() {
		w := newWorld()
		w.source.Entries = []inventory.Entry{policy(catalogType, "A", "1", w.refers(subject.RefGroup, "unknown"), func(e *inventory.Entry) { e.Assigned, e.Assignments.Count = "x", 1 })}
		w.target.Entries = []inventory.Entry{policy(catalogType, "A", "1")}
		plan := promotion.MakePlan(w.judge())
		Expect(plan.Steps).To(HaveLen(1))
		Expect([]bool{plan.Steps[0].WriteContent, plan.Steps[0].WriteAssignments}).To(Equal([]bool{false, true}))
		Expect(plan.Steps[0].References).To(BeEmpty())
	})
})
