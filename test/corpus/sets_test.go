package corpus_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/world"
)

var _ = Describe("Every set of real exports", func() {
	It("does not differ from itself, nor from itself under other ids, and can be carried into an empty tenant", func(ctx SpecContext) {
		m := readManifest()
		var sets []string
		for _, s := range m.Sets {
			sets = append(sets, s.Set, s.Set, empty)
		}
		w, tenants := boot(ctx, sets...)
		for n, s := range m.Sets {
			one, other, nothing := tenants[3*n], tenants[3*n+1], tenants[3*n+2]
			By(s.Set)
			for _, rule := range []string{"exact_name", "ignore_version_suffix"} {
				same(w, one, one, rule)
				same(w, one, other, rule)
			}
			carryOver(ctx, w, selection(one, nothing, "exact_name", "include"))
		}
	}, SpecTimeout(15*time.Minute))
})

// same proves that nothing differs. Subjects that share one name in one
// collection stay ambiguous: nobody can say which is which.
func same(w *world.World, source, target world.Tenant, rule string) {
	GinkgoHelper()
	p := w.Preview(w.Owner, selection(source, target, rule, "include"))
	Expect(p.Counts["different"]).To(BeZero(), "%s: %+v", source.Name, p.Items)
	Expect(p.Counts["missing_in_target"] + p.Counts["only_in_target"]).To(BeZero())
	if p.Counts["ambiguous"]+p.Counts["not_evaluated"] > 0 {
		report("  %s by %s: %v", source.Name, rule, p.Counts)
	}
}
