package operation_test

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

func did(e operation.Effect) operation.Verdict {
	return operation.Verdict{Status: operation.ItemSucceeded, Effect: e}
}

func not(status operation.ItemStatus, reason string) operation.Verdict {
	return operation.Verdict{Status: status, ReasonCode: reason}
}

// anyVerdict draws a verdict that may be stored.
var anyVerdict = rapid.OneOf(
	rapid.Map(rapid.SampledFrom([]operation.Effect{operation.EffectCreated, operation.EffectUpdated, operation.EffectUnchanged}), did),
	rapid.Map(rapid.SampledFrom(operation.Reasons()), func(r operation.Reason) operation.Verdict {
		if r.Status == "" {
			return not(operation.ItemSkipped, r.Code)
		}
		return not(r.Status, r.Code)
	}),
)

func someVerdicts(t *rapid.T, least int) []operation.Verdict {
	vs := rapid.SliceOfN(anyVerdict, least, 40).Draw(t, "verdicts")
	for i := range vs {
		vs[i].Ordinal = i + 1
	}
	return vs
}

var _ = Describe("Folding verdicts", func() {
	ok, failed := did(operation.EffectCreated), not(operation.ItemFailed, operation.ReasonTargetRefused)
	skipped, cancelled := not(operation.ItemSkipped, operation.ReasonTargetChanged), not(operation.ItemSkipped, operation.ReasonCancelled)

	DescribeTable("gives the outcome",
		func(want operation.Outcome, verdicts ...operation.Verdict) {
			_, got := operation.Fold(len(verdicts), verdicts)
			Expect(got).To(Equal(want))
		},
		Entry("succeeded when all did", operation.Succeeded, ok, did(operation.EffectUnchanged)),
		Entry("failed when one did and none succeeded", operation.Failed, failed, skipped),
		Entry("failed when all did", operation.Failed, failed, failed),
		Entry("partially succeeded with a failure", operation.PartiallySucceeded, ok, failed),
		Entry("partially succeeded with something skipped", operation.PartiallySucceeded, ok, skipped),
		Entry("blocked when everything was skipped", operation.Blocked, skipped, not(operation.ItemSkipped, operation.ReasonDeadline)),
		Entry("cancelled when a cancel left items", operation.Cancelled, ok, failed, cancelled),
		Entry("cancelled rather than blocked", operation.Cancelled, cancelled, cancelled),
	)

	It("is pending while a verdict is missing", func() {
		_, got := operation.Fold(3, []operation.Verdict{ok, ok})
		Expect(got).To(Equal(operation.Pending))
	})

	It("keeps the canonical sums, whatever the verdicts", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			vs := someVerdicts(t, 0)
			total := len(vs) + rapid.IntRange(0, 3).Draw(t, "pending")
			c, outcome := operation.Fold(total, vs)
			if c.Processed != c.Succeeded+c.Failed+c.Skipped || c.Succeeded != c.Created+c.Updated+c.Unchanged || c.Processed > c.Total {
				t.Fatalf("the sums do not hold: %+v", c)
			}
			if c.Processed != len(vs) || c.Total != total || (outcome == operation.Pending) != (len(vs) < total) {
				t.Fatalf("%+v %s for %d of %d", c, outcome, len(vs), total)
			}
		})
	})

	It("does not depend on the order of the verdicts", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			vs := someVerdicts(t, 1)
			c1, o1 := operation.Fold(len(vs), vs)
			code1, text1 := operation.Headline(vs)
			mixed := rapid.Permutation(vs).Draw(t, "order")
			c2, o2 := operation.Fold(len(mixed), mixed)
			code2, text2 := operation.Headline(mixed)
			if c1 != c2 || o1 != o2 || code1 != code2 || text1 != text2 {
				t.Fatalf("%v %s %q, then %v %s %q", c1, o1, code1, c2, o2, code2)
			}
		})
	})

	It("never calls a run succeeded in which something did not, nor blocked in which something was tried", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			vs := someVerdicts(t, 1)
			_, outcome := operation.Fold(len(vs), vs)
			all := func(s operation.ItemStatus) bool {
				return !slices.ContainsFunc(vs, func(v operation.Verdict) bool { return v.Status != s })
			}
			if (outcome == operation.Succeeded) != all(operation.ItemSucceeded) {
				t.Fatalf("%s for %v", outcome, vs)
			}
			if outcome == operation.Blocked && !all(operation.ItemSkipped) {
				t.Fatalf("blocked for %v", vs)
			}
		})
	})

	It("heads a run with what ended it, else with what most items share", func() {
		code, _ := operation.Headline([]operation.Verdict{
			{Ordinal: 1, Status: operation.ItemFailed, ReasonCode: operation.ReasonTargetRefused},
			{Ordinal: 2, Status: operation.ItemFailed, ReasonCode: operation.ReasonTargetRefused},
			{Ordinal: 3, Status: operation.ItemSkipped, ReasonCode: operation.ReasonCancelled},
		})
		Expect(code).To(Equal(operation.ReasonCancelled))
		code, text := operation.Headline([]operation.Verdict{
			{Ordinal: 1, Status: operation.ItemSkipped, ReasonCode: operation.ReasonTargetChanged},
			{Ordinal: 2, Status: operation.ItemFailed, ReasonCode: operation.ReasonReadbackUnequal},
			{Ordinal: 3, Status: operation.ItemFailed, ReasonCode: operation.ReasonReadbackUnequal},
		})
		Expect(code).To(Equal(operation.ReasonReadbackUnequal))
		Expect(text).To(Equal(operation.Sentence(operation.ReasonReadbackUnequal)))
	})
})

var _ = DescribeTable("A verdict may be stored only when it says what it must",
	func(v operation.Verdict, allowed bool) {
		Expect(v.Check() == nil).To(Equal(allowed))
	},
	Entry("a success with its effect", operation.Verdict{Ordinal: 1, Status: operation.ItemSucceeded, Effect: operation.EffectCreated}, true),
	Entry("a success without", operation.Verdict{Ordinal: 1, Status: operation.ItemSucceeded}, false),
	Entry("a failure with its reason", operation.Verdict{Ordinal: 1, Status: operation.ItemFailed, ReasonCode: "x"}, true),
	Entry("a skip without", operation.Verdict{Ordinal: 1, Status: operation.ItemSkipped}, false),
	Entry("no item", operation.Verdict{Status: operation.ItemFailed, ReasonCode: "x"}, false),
	Entry("a status that is no verdict", operation.Verdict{Ordinal: 1, Status: operation.ItemPending, ReasonCode: "x"}, false),
)
