package api_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("A promotion preflight", func() {
	var p *pair

	BeforeEach(func(ctx SpecContext) { p = newPair(ctx) })

	generated := func(ctx context.Context) []audit.Event {
		GinkgoHelper()
		page, err := p.db.AuditEvents(ctx, p.system(), audit.Filter{Action: audit.PreflightGenerated})
		Expect(err).NotTo(HaveOccurred())
		return page.Items
	}

	It("puts every subject that would change the target into one bucket, with reasons", func(ctx SpecContext) {
		p.policy(ctx, p.source, "configuration_policies", catalog("New", "1"))
		p.policy(ctx, p.source, "configuration_policies", catalog("Other", "1"))
		p.policy(ctx, p.target, "configuration_policies", catalog("Other", "2"))
		p.policy(ctx, p.source, "configuration_policies", catalog("Same", "1"))
		p.policy(ctx, p.target, "configuration_policies", catalog("Same", "1"))
		p.policy(ctx, p.target, "configuration_policies", catalog("Own", "1"))
		p.policy(ctx, p.source, "intents", object{"displayName": "Closed"})
		group := store.NewID()
		p.group(ctx, p.source, group, "Pilot devices")
		p.policy(ctx, p.source, "device_management_scripts", script("Script", group))

		a := p.compare("preflight", p.selection())
		Expect(a.Status).To(Equal(http.StatusOK), a.Raw)
		Expect(a.JSON["counts"]).To(Equal(object{"ready": 2.0, "blocked": 1.0, "manual_mapping_required": 1.0, "aligned": 1.0}))
		Expect(a.JSON["executable"]).To(BeTrue())
		Expect(a.text("rule_version")).To(Equal(promotion.RuleVersion))
		Expect(a.JSON["mutation_scope"]).To(Equal(object{
			"target_tenant_id": p.target, "creates": 1.0, "updates": 1.0,
			"statement": "Changes are made in Fabrikam only: 1 policy is created and 1 updated. Nothing changes in Contoso, and nothing is deleted.",
		}))
		Expect(a.JSON["primary_action"]).To(And(HaveKeyWithValue("name", "execute_promotion"), HaveKeyWithValue("confirmation_required", true)))
		Expect(a.JSON["actions"]).To(HaveKeyWithValue("execute", HaveKeyWithValue("allowed", true)))
		Expect(a.JSON["items"]).To(HaveLen(5))
		Expect(a.JSON["items"]).To(ContainElement(And(
			HaveKeyWithValue("display_name", "Script"), HaveKeyWithValue("action", "none"),
			HaveKeyWithValue("reasons", ConsistOf(And(
				HaveKeyWithValue("code", "group_not_found"), HaveKeyWithValue("message", Not(BeEmpty())),
				HaveKeyWithValue("reference", Equal(object{"kind": "group", "name": "Pilot devices"}))))))))

		blocked := p.compare("preflight", p.selection("buckets", []string{"blocked"}))
		Expect(blocked.JSON["items"]).To(ConsistOf(HaveKeyWithValue("display_name", "Closed")))
		Expect(blocked.JSON["counts"]).To(Equal(a.JSON["counts"]))
		Expect(blocked.JSON["fingerprint"]).To(Equal(a.JSON["fingerprint"]))
	})

	It("is recorded when it is generated, and not for its further pages", func(ctx SpecContext) {
		for i := range 3 {
			p.policy(ctx, p.source, "configuration_policies", catalog(fmt.Sprint("Policy ", i), "1"))
		}
		first := p.compare("preflight", p.selection("limit", 2))
		Expect(generated(ctx)).To(HaveLen(1))
		Expect(generated(ctx)[0].Details).To(HaveKeyWithValue("fingerprint", first.JSON["fingerprint"]))

		rest := p.compare("preflight", p.selection("limit", 2, "cursor", first.text("next_cursor")))
		Expect(rest.JSON["items"]).To(HaveLen(1))
		Expect(rest.JSON["fingerprint"]).To(Equal(first.JSON["fingerprint"]))
		Expect(generated(ctx)).To(HaveLen(1))

		p.policy(ctx, p.source, "configuration_policies", catalog("Policy 9", "1"))
		Expect(p.compare("preflight", p.selection("limit", 2, "cursor", first.text("next_cursor"))).code()).To(Equal("cursor_stale"))
		Expect(generated(ctx)).To(HaveLen(1))
	})

	It("leads back to itself when nothing is ready, and says why it cannot be executed", func(ctx SpecContext) {
		p.policy(ctx, p.source, "intents", object{"displayName": "Closed"})
		a := p.compare("preflight", p.selection())
		Expect(a.JSON["primary_action"]).To(HaveKeyWithValue("name", "generate_preflight"))
		Expect(a.JSON["actions"]).To(HaveKeyWithValue("execute", HaveKeyWithValue("reason_code", "no_ready_subjects")))
		refused := p.compare("promotions", p.execution(p.selection(), a))
		Expect(refused.code()).To(Equal("no_ready_subjects"))
		Expect(refused.JSON["counts"]).To(Equal(a.JSON["counts"]))
	})

	It("shows execution disabled with guidance to those who may not", func(ctx SpecContext) {
		p.policy(ctx, p.source, "configuration_policies", catalog("New", "1"))
		reader := p.member(ctx, p.ws, tenancy.Readonly)
		for _, t := range []string{p.source, p.target} {
			Expect(p.owner.post(p.home+"/tenants/"+t+"/members", object{"user_id": reader.user.ID, "role": "manager"}).Status).To(Equal(http.StatusCreated))
		}
		a := reader.post(p.home+"/cross-tenant-compare/preflight", p.selection())
		Expect(a.JSON["primary_action"]).To(HaveKeyWithValue("name", "execute_promotion"), a.Raw)
		Expect(a.JSON["actions"]).To(HaveKeyWithValue("execute", And(
			HaveKeyWithValue("allowed", false), HaveKeyWithValue("reason_code", "forbidden"), HaveKeyWithValue("guidance", ContainSubstring("workspace.baselines.manage")))))
		Expect(reader.post(p.home+"/cross-tenant-compare/promotions", p.execution(p.selection(), a)).Status).To(Equal(http.StatusForbidden))
	})

	It("refuses a tenant with itself", func() {
		Expect(p.compare("preflight", p.selection("target_tenant_id", p.source)).code()).To(Equal("same_tenant"))
	})
})

var _ = Describe("Executing a promotion", func() {
	var (
		p         *pair
		selection object
	)

	BeforeEach(func(ctx SpecContext) {
		p = newPair(ctx)
		p.policy(ctx, p.source, "configuration_policies", catalog("New", "1"))
		p.policy(ctx, p.source, "intents", object{"displayName": "Closed"})
		selection = p.selection()
	})

	It("queues one operation, and answers the same request with it again", func() {
		preflight := p.compare("preflight", selection)
		started := p.compare("promotions", p.execution(selection, preflight))
		Expect(started.Status).To(Equal(http.StatusAccepted), started.Raw)
		Expect(started.text("result")).To(Equal("queued"))
		op := started.JSON["operation"].(object)
		Expect(op).To(And(
			HaveKeyWithValue("type", "promotion.execute"), HaveKeyWithValue("status", "queued"),
			HaveKeyWithValue("source_tenant_id", p.source), HaveKeyWithValue("target_tenant_id", p.target),
			HaveKeyWithValue("summary_counts", HaveKeyWithValue("total", 1.0))))
		Expect(started.Header.Get("Location")).To(HaveSuffix("/operations/" + op["id"].(string)))

		again := p.compare("promotions", p.execution(selection, preflight))
		Expect(again.Status).To(Equal(http.StatusOK))
		Expect(again.text("result")).To(Equal("deduplicated"))
		Expect(again.JSON["operation"]).To(HaveKeyWithValue("id", op["id"]))

		busy := p.compare("promotions", p.execution(p.selection("q", "New"), p.compare("preflight", p.selection("q", "New"))))
		Expect(busy.code()).To(Equal("scope_busy"))
		Expect(busy.JSON["operation"]).To(And(HaveKeyWithValue("id", op["id"]), HaveKeyWithValue("actions", HaveKey("cancel"))))

		Expect(p.compare("preview", selection).JSON["latest_operation"]).To(HaveKeyWithValue("id", op["id"]))
		while := p.compare("preflight", selection)
		Expect(while.JSON["primary_action"]).To(HaveKeyWithValue("name", "generate_preflight"))
		Expect(while.JSON["actions"]).To(HaveKeyWithValue("execute", HaveKeyWithValue("reason_code", "scope_busy")))
	})

	It("makes one operation of many identical requests at once", func() {
		body := p.execution(selection, p.compare("preflight", selection))
		const n = 8
		answers := make([]answered, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				defer GinkgoRecover()
				answers[i] = p.compare("promotions", body)
			})
		}
		all.Wait()
		ids, queued := map[any]bool{}, 0
		for _, a := range answers {
			Expect(a.Status).To(BeElementOf(http.StatusOK, http.StatusAccepted), a.Raw)
			ids[a.JSON["operation"].(object)["id"]] = true
			if a.Status == http.StatusAccepted {
				queued++
			}
		}
		Expect(ids).To(HaveLen(1))
		Expect(queued).To(Equal(1))
	})

	It("says what moved since the preflight", func(ctx SpecContext) {
		body := p.execution(selection, p.compare("preflight", selection))
		p.policy(ctx, p.target, "configuration_policies", catalog("New", "2"))
		stale := p.compare("promotions", body)
		Expect(stale.Status).To(Equal(http.StatusConflict))
		Expect(stale.code()).To(Equal("preflight_stale"))
		Expect(stale.JSON["changes"]).To(And(
			HaveKeyWithValue("unknown_preflight", false), HaveKeyWithValue("source", 0.0), HaveKeyWithValue("target", 1.0),
			HaveKeyWithValue("counts_then", HaveKeyWithValue("ready", 1.0)), HaveKeyWithValue("counts_now", HaveKeyWithValue("ready", 1.0)),
			HaveKeyWithValue("subjects", ConsistOf(And(HaveKeyWithValue("display_name", "New"), HaveKeyWithValue("side", "target"))))))

		body["preflight_fingerprint"] = "never-seen"
		Expect(p.compare("promotions", body).JSON["changes"]).To(And(
			HaveKeyWithValue("unknown_preflight", true), HaveKeyWithValue("counts_then", BeNil())))
	})

	DescribeTable("compares what was confirmed with what would be done", func(field string, value any) {
		preflight := p.compare("preflight", selection)
		body := p.execution(selection, preflight)
		body["confirmation"].(object)[field] = value
		refused := p.compare("promotions", body)
		Expect(refused.Status).To(Equal(http.StatusUnprocessableEntity), refused.Raw)
		Expect(refused.code()).To(Equal("confirmation_mismatch"))
		Expect(refused.JSON["counts"]).To(Equal(preflight.JSON["counts"]))
	},
		Entry("another number of ready subjects", "ready", 2),
		Entry("another number of excluded subjects", "excluded", 0),
		Entry("another target", "target_tenant_id", store.NewID()),
	)

	It("is blocked by a closed gate and leaves no operation behind", func(ctx SpecContext) {
		body := p.execution(selection, p.compare("preflight", selection))
		Expect(p.db.Registry().SetVerification(ctx, p.system(), tenancy.Connection{
			TenantID: tenancy.TenantID(p.target), Status: tenancy.ConnectionUnverified,
		})).To(Succeed())
		blocked := p.compare("promotions", body)
		Expect(blocked.Status).To(Equal(http.StatusConflict))
		Expect(blocked.code()).To(Equal("operation_blocked"))
		Expect(blocked.text("reason_code")).To(Equal("connection_unverified"))
		a := p.compare("preflight", selection)
		Expect(a.JSON["actions"]).To(HaveKeyWithValue("execute", HaveKeyWithValue("reason_code", "connection_unverified")))
		Expect(p.compare("preview", selection).JSON["latest_operation"]).To(BeNil())
	})

	It("refuses a body of another shape before it looks for tenants", func() {
		body := p.execution(selection, p.compare("preflight", selection))
		body["confirmation"].(object)["ready"] = "1"
		body["selection"] = p.selection("target_tenant_id", store.NewID())
		Expect(p.compare("promotions", body).Status).To(Equal(http.StatusUnprocessableEntity))
		body["confirmation"].(object)["ready"] = 1
		Expect(p.compare("promotions", body).Status).To(Equal(http.StatusNotFound))
		Expect(p.compare("promotions", object{}).code()).To(Equal("invalid_input"))
	})
})
