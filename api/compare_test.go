package api_test

import (
	"fmt"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("Comparing two tenants", func() {
	var p *pair

	BeforeEach(func(ctx SpecContext) { p = newPair(ctx) })

	It("says how every subject stands, and leads to the preflight", func(ctx SpecContext) {
		p.policy(ctx, p.source, "configuration_policies", catalog("Same", "1"))
		p.policy(ctx, p.target, "configuration_policies", catalog("Same", "1"))
		p.policy(ctx, p.source, "configuration_policies", catalog("Other", "1"))
		p.policy(ctx, p.target, "configuration_policies", catalog("Other", "2"))
		p.policy(ctx, p.source, "configuration_policies", catalog("New", "1"))
		p.policy(ctx, p.target, "configuration_policies", catalog("Own", "1"))
		p.policy(ctx, p.source, "configuration_policies", catalog("Twice", "1"))
		p.policy(ctx, p.source, "configuration_policies", catalog("Twice", "1"))
		p.policy(ctx, p.source, "intents", object{"displayName": "Unread"})
		p.captured(ctx, p.target, "intents", false)

		a := p.compare("preview", p.selection())
		Expect(a.Status).To(Equal(http.StatusOK), a.Raw)
		Expect(a.JSON["counts"]).To(Equal(object{
			"aligned": 1.0, "different": 1.0, "missing_in_target": 1.0, "only_in_target": 1.0, "ambiguous": 1.0, "not_evaluated": 1.0,
		}))
		Expect(a.JSON["selection"]).To(Equal(object{
			"source_tenant_id": p.source, "target_tenant_id": p.target, "policy_types": []any{}, "q": "", "subject_keys": []any{},
			"match_rule": "exact_name", "assignments": "include",
		}))
		Expect(a.JSON["target"]).To(And(
			HaveKeyWithValue("display_name", "Fabrikam"), HaveKeyWithValue("connection_status", "verified"),
			HaveKeyWithValue("last_sync", BeNil()), HaveKeyWithValue("not_evaluated_types", ConsistOf("intents"))))
		Expect(a.JSON["primary_action"]).To(And(HaveKeyWithValue("name", "generate_preflight"), HaveKeyWithValue("label", "Generate promotion preflight")))
		Expect(a.JSON["latest_operation"]).To(BeNil())
		Expect(a.JSON["items"]).To(ContainElement(And(
			HaveKeyWithValue("state", "ambiguous"), HaveKeyWithValue("candidates", Equal(object{"source": 2.0, "target": 0.0})),
			HaveKeyWithValue("source_version_id", BeNil()), HaveKeyWithValue("match", HaveKeyWithValue("kind", "ambiguous")))))
		Expect(a.JSON["items"]).To(ContainElement(And(
			HaveKeyWithValue("state", "different"), HaveKeyWithValue("causes", ConsistOf("content")),
			HaveKeyWithValue("match", Equal(object{"kind": "exact", "target_name": "Other"})),
			HaveKeyWithValue("source_captured_at", Not(BeNil())))))

		only := p.compare("preview", p.selection("states", []string{"missing_in_target"}))
		Expect(only.JSON["items"]).To(ConsistOf(HaveKeyWithValue("display_name", "New")))
		Expect(only.JSON["counts"]).To(Equal(a.JSON["counts"]))
	})

	It("pages through one truth and says when it has moved", func(ctx SpecContext) {
		for i := range 5 {
			p.policy(ctx, p.source, "configuration_policies", catalog(fmt.Sprint("Policy ", i), "1"))
		}
		first := p.compare("preview", p.selection("limit", 2))
		cursor := first.text("next_cursor")
		second := p.compare("preview", p.selection("limit", 10_000, "cursor", cursor))
		Expect(second.JSON["items"]).To(HaveLen(3))
		Expect(second.JSON["next_cursor"]).To(BeNil())

		Expect(p.compare("preview", p.selection("cursor", cursor, "q", "Policy")).code()).To(Equal("invalid_input"))
		Expect(p.compare("preview", p.selection("cursor", cursor+"x")).code()).To(Equal("invalid_input"))
		p.policy(ctx, p.target, "configuration_policies", catalog("Policy 0", "1"))
		moved := p.compare("preview", p.selection("limit", 2, "cursor", cursor))
		Expect(moved.Status).To(Equal(http.StatusConflict))
		Expect(moved.code()).To(Equal("cursor_stale"))
	})

	It("compares a tenant with itself without leading anywhere", func(ctx SpecContext) {
		p.policy(ctx, p.source, "configuration_policies", catalog("Same", "1"))
		a := p.compare("preview", p.selection("target_tenant_id", p.source))
		Expect(a.JSON["counts"]).To(HaveKeyWithValue("aligned", 1.0))
		Expect(a.JSON["primary_action"]).To(BeNil())
	})

	It("lists what differs in one subject with names in place of ids", func(ctx SpecContext) {
		ours, theirs := store.NewID(), store.NewID()
		p.group(ctx, p.source, ours, "Pilot devices")
		p.group(ctx, p.target, theirs, "Pilot devices")
		p.group(ctx, p.target, "b-"+theirs, "All laptops")
		other := script("Script", theirs)
		other["runAsAccount"] = "user"
		other["assignments"] = append(other["assignments"].([]any), object{
			"target": object{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "b-" + theirs},
		})
		s := p.policy(ctx, p.source, "device_management_scripts", script("Script", ours))
		p.policy(ctx, p.target, "device_management_scripts", other)

		a := p.compare("diff", p.selection("subject_key", s.Entry.Keys.Exact))
		Expect(a.Status).To(Equal(http.StatusOK), a.Raw)
		Expect(a.JSON["truncated"]).To(BeFalse())
		Expect(a.JSON["changes"]).To(ConsistOf(
			Equal(object{
				"path": "assignments", "label": "Assignments", "kind": "removed", "source_value": nil,
				"target_value": "Group “All laptops”",
			}),
			Equal(object{"path": "runAsAccount", "label": "Run as account", "kind": "changed", "source_value": "system", "target_value": "user"}),
		))
		Expect(a.Raw).NotTo(ContainSubstring(ours))
		without := p.compare("diff", p.selection("subject_key", s.Entry.Keys.Exact, "assignments", "exclude"))
		Expect(without.JSON["changes"]).To(HaveLen(1))
	})

	It("names a setting and lists everything of a subject that one side lacks", func(ctx SpecContext) {
		Expect(p.db.SaveLabels(ctx, map[string]string{"device_vendor_msft_policy_config_devicelock_minlength": "Minimum length"})).To(Succeed())
		s := p.policy(ctx, p.source, "configuration_policies", catalog("New", "12"))
		a := p.compare("diff", p.selection("subject_key", s.Entry.Keys.Exact))
		Expect(a.JSON["changes"]).To(ContainElement(And(
			HaveKeyWithValue("label", "Minimum length"), HaveKeyWithValue("kind", "added"),
			HaveKeyWithValue("source_value", "12"), HaveKeyWithValue("target_value", BeNil()))))
		own := p.policy(ctx, p.target, "configuration_policies", catalog("Own", "12"))
		Expect(p.compare("diff", p.selection("subject_key", own.Entry.Keys.Exact)).JSON["changes"]).To(
			ContainElement(HaveKeyWithValue("kind", "removed")))
	})

	It("refuses to say what it cannot know", func(ctx SpecContext) {
		twice := p.policy(ctx, p.source, "configuration_policies", catalog("Twice", "1"))
		p.policy(ctx, p.source, "configuration_policies", catalog("Twice", "1"))
		refused := p.compare("diff", p.selection("subject_key", twice.Entry.Keys.Exact))
		Expect(refused.code()).To(Equal("invalid_input"))
		Expect(refused.text("detail")).To(ContainSubstring("More than one policy"))

		unread := p.policy(ctx, p.source, "intents", object{"displayName": "Unread"})
		p.captured(ctx, p.target, "intents", false)
		Expect(p.compare("diff", p.selection("subject_key", unread.Entry.Keys.Exact)).text("detail")).To(ContainSubstring("could not be read"))

		Expect(p.compare("diff", p.selection("subject_key", "intents:nothing")).Status).To(Equal(http.StatusNotFound))
		Expect(p.compare("diff", p.selection("subject_key", unread.Entry.Keys.Exact, "policy_types", []string{"named_locations"})).Status).To(Equal(http.StatusNotFound))
	})

	It("looks at the body's shape first, then at its ids, then at its meaning", func(ctx SpecContext) {
		foreign := store.NewID()
		Expect(p.compare("preview", p.selection("target_tenant_id", foreign, "match_rule", "similar")).Status).To(Equal(http.StatusUnprocessableEntity))
		Expect(p.compare("preflight", p.selection("target_tenant_id", foreign)).Status).To(Equal(http.StatusNotFound))
		Expect(p.compare("preview", p.selection("states", []string{"new"})).code()).To(Equal("invalid_input"))
		Expect(p.compare("preview", p.selection("limit", 10_001)).code()).To(Equal("invalid_input"))
		Expect(p.compare("preview", p.selection("force", true)).code()).To(Equal("invalid_input"))

		operator := p.member(ctx, p.ws, tenancy.Operator)
		Expect(p.owner.post(p.home+"/tenants/"+p.source+"/members", object{"user_id": operator.user.ID, "role": "reader"}).Status).To(Equal(http.StatusCreated))
		one := operator.post(p.home+"/cross-tenant-compare/preview", p.selection())
		Expect(one.Status).To(Equal(http.StatusNotFound))
		Expect(operator.post(p.home+"/cross-tenant-compare/preview", p.selection("target_tenant_id", p.source)).Status).To(Equal(http.StatusOK))
	})

	It("shows nothing of a look-alike workspace, in the same words as nothing at all", func(ctx SpecContext) {
		c := p.policy(ctx, p.source, "configuration_policies", catalog("Secret sauce", "1"))
		stranger := p.person(ctx, "stranger@example.com")
		twin := "~/workspaces/" + stranger.workspace("Nordlicht")
		theirs := twin + "/tenants/" + stranger.tenant(twin[len("~/workspaces/"):])
		said := func(a answered) object {
			Expect(a.Status).To(Equal(http.StatusNotFound), a.Raw)
			delete(a.JSON, "request_id")
			return a.JSON
		}
		nothing := said(stranger.get(twin + "/tenants/" + store.NewID()))
		for _, verb := range []string{"preview", "preflight"} {
			Expect(said(stranger.post(twin+"/cross-tenant-compare/"+verb, p.selection()))).To(Equal(nothing))
			Expect(said(stranger.post(p.home+"/cross-tenant-compare/"+verb, p.selection()))).To(Equal(nothing))
		}
		Expect(said(stranger.post(twin+"/cross-tenant-compare/diff", p.selection("subject_key", c.Entry.Keys.Exact)))).To(Equal(nothing))
		Expect(said(stranger.post(twin+"/cross-tenant-compare/promotions", object{
			"selection": p.selection(), "preflight_fingerprint": "x",
			"confirmation": object{"source_tenant_id": p.source, "target_tenant_id": p.target, "ready": 1, "excluded": 0},
		}))).To(Equal(nothing))
		for _, address := range []string{
			theirs + "/subjects/" + string(c.Entry.ID), theirs + "/versions/" + string(c.Entry.VersionID),
			p.home + "/tenants/" + p.source + "/subjects", p.home + "/tenants/" + p.source + "/versions/" + string(c.Entry.VersionID),
		} {
			Expect(said(stranger.get(address))).To(Equal(nothing), address)
		}
		Expect(said(stranger.post(p.home+"/tenants/"+p.source+"/inventory-syncs", nil))).To(Equal(nothing))
	})
})
