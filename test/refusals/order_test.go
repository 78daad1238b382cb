package refusals_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// rung is one request with two things wrong, and the one that is told.
type rung struct {
	who    func() *stack.Client
	body   func() any
	at     func() string // workspace; the desk's by default
	status int
	code   string
}

var _ = Describe("Of two things wrong, the one told is", Ordered, func() {
	var (
		d       *desk
		narrow  *stack.Client
		running object // body of the run that is active from the source to the target
		run     string
	)
	paused := func() string { return d.Path("operational-controls", "promotion.execute") }

	BeforeAll(func() {
		ctx := context.Background()
		d = open(stack.Options{APIs: 1, Workers: 1})
		narrow = d.Join(ctx, world.Name, "narrow@fjord.example", tenancy.Operator)
		entitle(d, narrow, d.Source, tenancy.TenantReader)
		entitle(d, narrow, d.Target, tenancy.TenantOperator)
		d.sync(ctx, d.Source, "configuration_policies")
		d.Workers[0].Stop(ctx) // so that the run stays queued
		ready := d.Preflight(d.Operator, d.Selection())
		running = d.Confirmed(d.Selection(), ready)
		run = world.RunOf(d.Execute(d.Operator, d.Selection(), ready).Expect(202))
		// From here on everything that refuses a start is true at once.
		d.Owner.Put(paused(), object{"paused": true, "reason": "Change freeze"}).Expect(200)
		d.Connect(d.Target, graphsim.Secret, false)
	})

	as := func(c func() *stack.Client) func() *stack.Client { return c }
	DescribeTable("the first in the order of the contract", func(ctx SpecContext, r rung) {
		workspace := d.Workspace
		if r.at != nil {
			workspace = r.at()
		}
		d.refuseAt(ctx, r.who(), workspace, r.body(), r.status, r.code)
	},
		Entry("who asks, before a workspace that is not theirs", rung{
			who: as(func() *stack.Client { return d.Outside }), at: func() string { return nowhere },
			body: func() any { return "{" }, status: 401, code: "unauthenticated",
		}),
		Entry("the path's workspace, before a broken body", rung{
			who: as(func() *stack.Client { return d.Owner }), at: func() string { return d.Twin.Workspace },
			body: func() any { return "{" }, status: 404, code: "not_found",
		}),
		Entry("the path's capability, before a broken body", rung{
			who: as(func() *stack.Client { return d.Readonly }), body: func() any { return "{" }, status: 403, code: "forbidden",
		}),
		Entry("no JSON, before anything the body says", rung{
			who: as(func() *stack.Client { return d.Operator }), body: func() any { return "{" }, status: 400, code: "invalid_input",
		}),
		Entry("the body's shape, before the ids in it", rung{
			who: as(func() *stack.Client { return d.Operator }), status: 422, code: "invalid_input",
			body: func() any {
				return wish(between(d.Twin.Source.ID, nowhere, object{"policy_types": []string{"no such type"}}))
			},
		}),
		Entry("the body's shape, before the capability on the tenants in it", rung{
			who: as(func() *stack.Client { return narrow }), status: 422, code: "invalid_input",
			body: func() any { return wish(d.Selection(object{"match_rule": "similar"})) },
		}),
		Entry("a foreign source, before the same tenant twice", rung{
			who: as(func() *stack.Client { return d.Operator }), status: 404, code: "not_found",
			body: func() any { return wish(between(d.Twin.Source.ID, d.Twin.Source.ID)) },
		}),
		Entry("a foreign source, before the missing capability on the target", rung{
			who: as(func() *stack.Client { return narrow }), status: 404, code: "not_found",
			body: func() any { return wish(between(d.Twin.Source.ID, d.Target.ID)) },
		}),
		Entry("a foreign target, before a busy one", rung{
			who: as(func() *stack.Client { return d.Operator }), status: 404, code: "not_found",
			body: func() any { return wish(between(d.Source.ID, d.Twin.Target.ID)) },
		}),
		Entry("the missing capability on the target, before the same tenant twice", rung{
			who: as(func() *stack.Client { return narrow }), status: 403, code: "forbidden",
			body: func() any { return wish(between(d.Target.ID, d.Target.ID)) },
		}),
		Entry("the missing capability on the target, before a busy one", rung{
			who: as(func() *stack.Client { return narrow }), status: 403, code: "forbidden",
			body: func() any { return wish(d.Selection()) },
		}),
		Entry("the same tenant twice, before a busy one", rung{
			who: as(func() *stack.Client { return d.Operator }), status: 422, code: "same_tenant",
			body: func() any { return wish(between(d.Target.ID, d.Target.ID)) },
		}),
		Entry("a busy target, before the pause, the connection, an old preflight and a wrong confirmation", rung{
			who: as(func() *stack.Client { return d.Operator }), status: 409, code: "scope_busy",
			body: func() any { return wish(d.Selection()) },
		}),
		Entry("a busy target for another selection with the run's fingerprint", rung{
			who: as(func() *stack.Client { return d.Operator }), status: 409, code: "scope_busy",
			body: func() any {
				b := wish(d.Selection(object{"q": "catalog"}))
				b["preflight_fingerprint"] = running["preflight_fingerprint"]
				return b
			},
		}),
		Entry("the pause, before an old preflight, on the pair that is free", rung{
			who: as(func() *stack.Client { return d.Operator }), status: 409, code: "operation_blocked",
			body: func() any { return wish(between(d.Target.ID, d.Source.ID)) },
		}),
	)

	It("names the active run to those who may see it", func(ctx SpecContext) {
		a := d.refuse(ctx, d.Operator, wish(d.Selection()), http.StatusConflict, "scope_busy")
		Expect(a.JSON["operation"]).To(HaveKeyWithValue("id", run))
	})

	It("is no refusal at all for the same request again: the active run is the answer", func(ctx SpecContext) {
		before := d.ledger.Take(ctx)
		for _, who := range []*stack.Client{d.Operator, d.Owner} {
			a := who.Post(d.Path("cross-tenant-compare", "promotions"), running).Expect(200)
			Expect(a.Text("result")).To(Equal("deduplicated"))
			Expect(world.RunOf(a)).To(Equal(run))
		}
		Expect(d.ledger.Take(ctx)).To(Equal(before))
	})

	It("is the connection once nothing is paused, then an old preflight before the confirmation, then the confirmation before nothing being ready", func(ctx SpecContext) {
		state := d.Owner.Get(d.Path("operational-controls")).Expect(200)
		Expect(string(state.Raw)).To(ContainSubstring("Change freeze"))
		d.Owner.With("If-Match", `"1"`).Put(paused(), object{"paused": false, "reason": "over"}).Expect(200)
		back := between(d.Target.ID, d.Source.ID)
		d.Connect(d.Source, graphsim.Secret, false)
		d.blocked(ctx, wish(back), "connection_unverified")

		d.Connect(d.Source, graphsim.Secret, true)
		d.Workers[0].Start(ctx)
		d.AwaitRun(ctx, d.Operator, d.Workspace, run)
		d.verify(ctx, d.Source)
		forged := wish(back)
		forged["confirmation"].(object)["target_tenant_id"] = nowhere
		d.refuse(ctx, d.Operator, forged, http.StatusConflict, "preflight_stale")

		nothing := between(d.Target.ID, d.Source.ID, object{"policy_types": []string{"intents"}})
		none := d.Confirmed(nothing, d.Preflight(d.Operator, nothing))
		none["confirmation"].(object)["ready"] = 1
		d.refuse(ctx, d.Operator, none, http.StatusUnprocessableEntity, "confirmation_mismatch")
		none["confirmation"].(object)["ready"] = 0
		d.refuse(ctx, d.Operator, none, http.StatusUnprocessableEntity, "no_ready_subjects")
	})
})
