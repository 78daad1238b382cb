package refusals_test

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// nowhere is an id that names nothing.
const nowhere = "0199b2f0-0000-7000-8000-000000000000"

var _ = Describe("A promotion that cannot be", Ordered, func() {
	var (
		d      *desk
		ready  world.Preflight
		narrow *stack.Client // an operator who may only operate the target
		half   *stack.Client // an operator who does not see the source
	)

	BeforeAll(func() {
		d = open(stack.Options{})
		ctx := context.Background()
		narrow = d.Join(ctx, world.Name, "narrow@fjord.example", tenancy.Operator)
		half = d.Join(ctx, world.Name, "half@fjord.example", tenancy.Operator)
		entitle(d, narrow, d.Source, tenancy.TenantReader)
		entitle(d, narrow, d.Target, tenancy.TenantOperator)
		entitle(d, half, d.Target, tenancy.TenantManager)
	})
	BeforeEach(func() {
		ready = d.Preflight(d.Operator, d.Selection())
		Expect(ready.Executable).To(BeTrue())
	})

	It("has one tenant per directory in a workspace, so that a pair is always two directories", func(ctx SpecContext) {
		before := d.ledger.Take(ctx)
		for _, id := range []string{d.Target.Directory, strings.ToUpper(d.Target.Directory)} {
			a := d.Owner.Post(d.Path("tenants"), object{"display_name": "Again", "directory_id": id})
			Expect(a.Status).To(Equal(http.StatusConflict), "%s", a.Raw)
			Expect(a.Code()).To(Equal("directory_already_registered"))
		}
		Expect(d.ledger.Take(ctx)).To(Equal(before))
	})

	It("is refused from a tenant to itself, also as a preflight, while comparing is not", func(ctx SpecContext) {
		same := between(d.Source.ID, d.Source.ID)
		d.refuse(ctx, d.Operator, wish(same), http.StatusUnprocessableEntity, "same_tenant")
		a := d.Operator.Post(d.Path("cross-tenant-compare", "preflight"), same)
		Expect(a.Code()).To(Equal("same_tenant"), "%s", a.Raw)
		Expect(d.Preview(d.Operator, same).Counts["different"]).To(BeZero())
	})

	DescribeTable("is refused when what was confirmed is not what would be done", func(ctx SpecContext, field string, value func() any) {
		body := d.Confirmed(d.Selection(), ready)
		body["confirmation"].(object)[field] = value()
		a := d.refuse(ctx, d.Operator, body, http.StatusUnprocessableEntity, "confirmation_mismatch")
		var told struct{ Counts counts }
		a.Into(&told)
		Expect(told.Counts).To(Equal(countsOf(ready)))
	},
		Entry("one ready too many", "ready", func() any { return ready.Counts.Ready + 1 }),
		Entry("one ready too few", "ready", func() any { return ready.Counts.Ready - 1 }),
		Entry("none ready", "ready", func() any { return 0 }),
		Entry("one left out too many", "excluded", func() any { return ready.Counts.Blocked + ready.Counts.Manual + 1 }),
		Entry("only the blocked counted", "excluded", func() any { return ready.Counts.Blocked }),
		Entry("the aligned counted too", "excluded", func() any { return ready.Counts.Blocked + ready.Counts.Manual + ready.Counts.Aligned }),
		Entry("another source", "source_tenant_id", func() any { return d.Target.ID }),
		Entry("another target", "target_tenant_id", func() any { return d.Source.ID }),
		Entry("the twin's source", "source_tenant_id", func() any { return d.Twin.Source.ID }),
		Entry("a target that is nowhere", "target_tenant_id", func() any { return nowhere }),
	)

	It("is refused when nothing is ready", func(ctx SpecContext) {
		sel := d.Selection(object{"policy_types": []string{"intents"}})
		none := d.Preflight(d.Operator, sel)
		Expect(none.Executable).To(BeFalse())
		a := d.refuse(ctx, d.Operator, d.Confirmed(sel, none), http.StatusUnprocessableEntity, "no_ready_subjects")
		var told struct{ Counts counts }
		a.Into(&told)
		Expect(told.Counts).To(Equal(countsOf(none)))
	})

	It("is refused while the workspace has paused promotions", func(ctx SpecContext) {
		at := d.Path("operational-controls", "promotion.execute")
		paused := d.Manager.Put(at, object{"paused": true, "reason": "Change freeze"}).Expect(200)
		d.blocked(ctx, d.Confirmed(d.Selection(), ready), "operation_paused")
		d.Manager.IfMatch(paused).Put(at, object{"paused": false, "reason": "over"}).Expect(200)
	})

	It("is refused while promotions are paused everywhere", func(ctx SpecContext) {
		set := func(paused bool) {
			Expect(d.Rooms.SetControl(ctx, "spec", operation.PromotionExecute, paused, "Incident", nil)).To(Succeed())
		}
		set(true)
		d.blocked(ctx, d.Confirmed(d.Selection(), ready), "operation_paused")
		set(false)
	})

	It("is refused on a connection that nobody has verified since it was stored", func(ctx SpecContext) {
		d.Connect(d.Target, graphsim.Secret, true)
		d.blocked(ctx, d.Confirmed(d.Selection(), ready), "connection_unverified")
		d.verify(ctx, d.Target)
	})

	It("is refused on a connection whose secret was wrong", func(ctx SpecContext) {
		d.Connect(d.Target, "not the secret", true)
		d.verify(ctx, d.Target)
		Expect(d.Owner.Get(d.Path("tenants", d.Target.ID, "connection")).Text("status")).To(Equal("failed"))
		d.blocked(ctx, d.Confirmed(d.Selection(), ready), "connection_unverified")
		d.Connect(d.Target, graphsim.Secret, true)
		d.verify(ctx, d.Target)
	})

	It("is refused while writing is switched off", func(ctx SpecContext) {
		d.Connect(d.Target, graphsim.Secret, false)
		d.verify(ctx, d.Target)
		d.blocked(ctx, d.Confirmed(d.Selection(), ready), "write_disabled")
		d.Connect(d.Target, graphsim.Secret, true)
		d.verify(ctx, d.Target)
	})

	It("does not need the source to be verified or writable", func(ctx SpecContext) {
		d.Connect(d.Source, graphsim.Secret, false)
		body := d.Confirmed(d.Selection(), ready)
		body["confirmation"].(object)["ready"] = 0
		d.refuse(ctx, d.Operator, body, http.StatusUnprocessableEntity, "confirmation_mismatch")
	})

	It("is refused to a directory that has not granted the permissions", func(ctx SpecContext) {
		poor := d.register(ctx, "Poor", poorDirectory)
		Expect(d.Owner.Get(d.Path("tenants", poor.ID, "connection")).Text("status")).To(Equal("permission_missing"))
		d.blocked(ctx, wish(between(d.Source.ID, poor.ID)), "permission_missing")
	})

	It("is refused from and to an archived tenant", func(ctx SpecContext) {
		spare := d.register(ctx, "Spare", spareDirectory)
		d.Owner.Post(d.Path("tenants", spare.ID, "archive"), nil).Expect(200)
		d.blocked(ctx, wish(between(d.Source.ID, spare.ID)), "tenant_archived")
		d.blocked(ctx, wish(between(spare.ID, d.Target.ID)), "tenant_archived")
	})

	DescribeTable("is not there for who may not know of the tenants, in the same words as for ids that name nothing",
		func(ctx SpecContext, who func() *stack.Client, source, target func() string) {
			a := d.refuse(ctx, who(), wish(between(source(), target())), http.StatusNotFound, "not_found")
			never := d.refuse(ctx, who(), wish(between(nowhere, nowhere)), http.StatusNotFound, "not_found")
			Expect(withoutRequest(a)).To(Equal(withoutRequest(never)))
		},
		Entry("the twin's source", func() *stack.Client { return d.Owner }, func() string { return d.Twin.Source.ID }, func() string { return d.Target.ID }),
		Entry("the twin's target", func() *stack.Client { return d.Owner }, func() string { return d.Source.ID }, func() string { return d.Twin.Target.ID }),
		Entry("both of the twin's", func() *stack.Client { return d.Owner }, func() string { return d.Twin.Source.ID }, func() string { return d.Twin.Target.ID }),
		Entry("a source that is nowhere", func() *stack.Client { return d.Operator }, func() string { return nowhere }, func() string { return d.Target.ID }),
		Entry("a target that is nowhere", func() *stack.Client { return d.Operator }, func() string { return d.Source.ID }, func() string { return nowhere }),
		Entry("a source without entitlement", func() *stack.Client { return half }, func() string { return d.Source.ID }, func() string { return d.Target.ID }),
		Entry("any tenant without entitlement", func() *stack.Client { return d.Idle }, func() string { return d.Source.ID }, func() string { return d.Target.ID }),
	)

	DescribeTable("is not there in a workspace one does not belong to, whatever else is wrong",
		func(ctx SpecContext, who func() *stack.Client) {
			for _, body := range []any{d.Confirmed(d.Selection(), ready), "{", object{}} {
				d.refuse(ctx, who(), body, http.StatusNotFound, "not_found")
			}
		},
		Entry("the twin's owner", func() *stack.Client { return d.Twin.Owner }),
		Entry("somebody who belongs nowhere", func() *stack.Client { return d.Nobody }),
		Entry("a customer, who lacks workspace.baselines.view and everything else", func() *stack.Client { return d.Customer }),
	)

	DescribeTable("is forbidden without the capability, and says which", func(ctx SpecContext, who func() *stack.Client, capability string) {
		a := d.refuse(ctx, who(), d.Confirmed(d.Selection(), ready), http.StatusForbidden, "forbidden")
		Expect(a.Text("detail")).To(ContainSubstring(capability))
		p := who().Post(d.Path("cross-tenant-compare", "preflight"), d.Selection()).Expect(200)
		execute := p.JSON["actions"].(object)["execute"].(object)
		Expect(execute).To(And(HaveKeyWithValue("allowed", false), HaveKeyWithValue("guidance", Not(BeEmpty()))))
	},
		Entry("readonly lacks workspace.baselines.manage", func() *stack.Client { return d.Readonly }, "workspace.baselines.manage"),
		Entry("support lacks workspace.baselines.manage", func() *stack.Client { return d.Support }, "workspace.baselines.manage"),
		Entry("an operator of the target lacks tenant.manage", func() *stack.Client { return narrow }, "tenant.manage"),
	)
})

func entitle(d *desk, c *stack.Client, t world.Tenant, role tenancy.TenantRole) {
	GinkgoHelper()
	d.Owner.Post(d.Path("tenants", t.ID, "members"), object{"user_id": string(c.UserID), "role": string(role)}).Expect(201)
}

// withoutRequest is a problem without what differs from request to request.
func withoutRequest(a stack.Answer) string {
	GinkgoHelper()
	Expect(a.Text("request_id")).NotTo(BeEmpty())
	return strings.ReplaceAll(string(a.Raw), a.Text("request_id"), "")
}
