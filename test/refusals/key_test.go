package refusals_test

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

var _ = Describe("An Idempotency-Key on a promotion", Ordered, func() {
	var d *desk
	at := func() string { return d.Path("cross-tenant-compare", "promotions") }
	BeforeAll(func() { d = open(stack.Options{APIs: 1, Workers: 1}) })

	It("is not used up by a refusal", func(ctx SpecContext) {
		c := d.Operator.With("Idempotency-Key", "refused-first")
		d.refuse(ctx, c, wish(d.Selection()), http.StatusConflict, "preflight_stale")
		d.refuse(ctx, c, wish(between(d.Source.ID, d.Source.ID)), http.StatusUnprocessableEntity, "same_tenant")
		d.refuse(ctx, c, wish(d.Selection()), http.StatusConflict, "preflight_stale")
	})

	DescribeTable("must be one to 128 visible characters", func(ctx SpecContext, key string) {
		d.refuse(ctx, d.Operator.With("Idempotency-Key", key), wish(d.Selection()), http.StatusUnprocessableEntity, "invalid_input")
	},
		Entry("too long", strings.Repeat("k", 129)),
		Entry("with a space", "a b"),
		Entry("not ASCII", "schlüssel"),
	)

	It("gets the first answer again, byte by byte, also when the run has ended; and no other request", func(ctx SpecContext) {
		ready := d.Preflight(d.Operator, d.Selection())
		body := d.Confirmed(d.Selection(), ready)
		c := d.Operator.With("Idempotency-Key", "promote-1")
		first := c.Post(at(), body).Expect(202)
		run := world.RunOf(first)
		d.AwaitRun(ctx, d.Operator, d.Workspace, run)
		before := d.ledger.Take(ctx)

		again := c.Post(at(), body).Expect(202)
		Expect(again.Raw).To(Equal(first.Raw))
		Expect(again.Header.Get("Location")).To(Equal(first.Header.Get("Location")))
		Expect(again.Header.Get("Idempotent-Replayed")).To(Equal("true"))

		other := d.Confirmed(d.Selection(object{"q": "catalog"}), ready)
		d.refuse(ctx, c, other, http.StatusUnprocessableEntity, "idempotency_key_reused")
		d.refuse(ctx, c, "{}", http.StatusUnprocessableEntity, "idempotency_key_reused")

		By("being each person's own, so that another's key finds nothing")
		d.refuse(ctx, d.Owner.With("Idempotency-Key", "promote-1"), body, http.StatusConflict, "preflight_stale")
		By("not standing before who may not know of the workspace any more")
		d.refuse(ctx, d.Twin.Owner.With("Idempotency-Key", "promote-1"), body, http.StatusNotFound, "not_found")
		Expect(d.ledger.Take(ctx)).To(Equal(before))
		Expect(d.ledger.Count(ctx, `SELECT count(*) FROM operation_runs WHERE type = 'promotion.execute'`)).To(Equal(1))
		Expect(d.ledger.Count(ctx, `SELECT count(*) FROM audit_events WHERE action = 'promotion.execute.queued'`)).To(Equal(1))
	})

	It("is answered with a conflict while the first request is under way", func(ctx SpecContext) {
		release := d.hold(ctx)
		answers := make(chan stack.Answer, 1)
		c := d.Operator.With("Idempotency-Key", "under-way")
		go func() {
			defer GinkgoRecover()
			answers <- c.Post(at(), wish(d.Selection()))
		}()
		Eventually(ctx, func() int {
			return d.ledger.Count(ctx, `SELECT count(*) FROM idempotency_keys WHERE key = 'under-way'`)
		}).Should(Equal(1))
		second := c.Post(at(), wish(d.Selection()))
		release()
		Expect(second.Code()).To(Equal("idempotency_in_progress"), "%s", second.Raw)
		Expect((<-answers).Code()).To(Equal("preflight_stale"))
		Expect(c.Post(at(), wish(d.Selection())).Code()).To(Equal("preflight_stale"), "the key is free again")
	})
})

// hold keeps whoever looks for an active promotion waiting until released.
func (d *desk) hold(ctx context.Context) (release func()) {
	GinkgoHelper()
	return d.ledger.Lock(ctx, "operation_runs")
}
