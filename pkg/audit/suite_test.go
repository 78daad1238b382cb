package audit_test

import (
	"context"
	"regexp"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
)

func TestAudit(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Audit")
}

var _ = Describe("The catalogue of audit actions", func() {
	It("has every action once, dotted and lower case, with a sentence", func() {
		seen := map[audit.Action]bool{}
		for _, e := range audit.Catalogue() {
			Expect(seen).NotTo(HaveKey(e.Action))
			seen[e.Action] = true
			Expect(string(e.Action)).To(MatchRegexp(`^[a-z_]+(\.[a-z_]+)+$`))
			Expect(e.Sentence).To(MatchRegexp(`^[A-Z].*\.$`), string(e.Action))
			Expect(audit.Markdown()).To(MatchRegexp(regexp.QuoteMeta("| `" + string(e.Action) + "` | ")))
		}
	})

	It("has a start and an end for every operation type", func() {
		for _, t := range []string{
			"connection.verify", "inventory.sync", "promotion.execute", "report.permission_posture", "report.entra_admin_roles",
			"baseline.compare", "evidence.collect", "review.compose", "review_pack.generate",
		} {
			for _, a := range []audit.Action{audit.Queued(t), audit.Completed(t)} {
				_, known := audit.Find(a)
				Expect(known).To(BeTrue(), string(a))
			}
		}
	})

	It("refuses what is not in it, and an event that does not say how its actor came", func() {
		Expect(audit.Check(audit.Event{Action: audit.TenantCreated}.By("u", "Kim", "session"))).To(Succeed())
		Expect(audit.Check(audit.Event{Action: "tenant.exploded"}.By("u", "Kim", "session"))).To(MatchError(ContainSubstring("catalogue")))
		Expect(audit.Check(audit.Event{Action: audit.TenantCreated})).To(MatchError(ContainSubstring("how its actor came")))
	})

	It("carries the request's id through the context", func() {
		Expect(audit.RequestOf(context.Background())).To(BeEmpty())
		Expect(audit.RequestOf(audit.WithRequest(context.Background(), "r-1"))).To(Equal("r-1"))
	})
})
