package api_test

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("The inventory of a tenant", func() {
	var (
		p    *pair
		home string
	)

	BeforeEach(func(ctx SpecContext) {
		p = newPair(ctx)
		home = p.home + "/tenants/" + p.source
	})

	It("lists subjects by type and name, narrowed by type and part of the name", func(ctx SpecContext) {
		for _, name := range []string{"Windows Baseline", "macOS baseline", "100%_sure"} {
			p.policy(ctx, p.source, "configuration_policies", catalog(name, "1"))
		}
		p.policy(ctx, p.source, "device_management_scripts", script("Baseline script", ""))

		all := p.owner.get(home + "/subjects")
		Expect(all.JSON["items"]).To(HaveLen(4))
		Expect(p.owner.get(home + "/subjects?policy_type=device_management_scripts").JSON["items"]).To(ConsistOf(
			HaveKeyWithValue("display_name", "Baseline script")))
		Expect(p.owner.get(home + "/subjects?q=BASELINE").JSON["items"]).To(HaveLen(3))
		Expect(p.owner.get(home + "/subjects?q=0%25_").JSON["items"]).To(HaveLen(1))
		Expect(p.owner.get(home + "/subjects?policy_type=nonsense").code()).To(Equal("invalid_input"))

		Expect(p.owner.pages(home + "/subjects?limit=1")).To(HaveLen(4))
	})

	It("shows a subject, its versions and, to those who may, the raw content", func(ctx SpecContext) {
		o := catalog("Windows baseline", "1")
		o["id"] = store.NewID()
		first := p.policy(ctx, p.source, "configuration_policies", o)
		second := catalog("Windows baseline", "2")
		second["id"] = o["id"]
		p.policy(ctx, p.source, "configuration_policies", second)

		one := home + "/subjects/" + string(first.Entry.ID)
		Expect(p.owner.get(one).text("display_name")).To(Equal("Windows baseline"))
		versions := p.owner.get(one + "/versions")
		Expect(versions.JSON["items"]).To(HaveLen(2))
		oldest := versions.JSON["items"].([]any)[1].(object)
		Expect(oldest).To(HaveKeyWithValue("id", string(first.Entry.VersionID)))

		address := home + "/versions/" + string(first.Entry.VersionID)
		Expect(p.owner.get(address).JSON["raw"]).To(HaveKeyWithValue("name", "Windows baseline"))

		reader := p.member(ctx, p.ws, tenancy.Operator)
		Expect(reader.get(address).Status).To(Equal(http.StatusNotFound))
		Expect(p.owner.post(home+"/members", object{"user_id": reader.user.ID, "role": "operator"}).Status).To(Equal(http.StatusCreated))
		refused := reader.get(address)
		Expect(refused.Status).To(Equal(http.StatusForbidden))
		Expect(refused.text("detail")).To(ContainSubstring("tenant.raw.view"))
		Expect(reader.get(one + "/versions").Status).To(Equal(http.StatusOK))

		elsewhere := p.home + "/tenants/" + p.target
		Expect(p.owner.get(elsewhere + "/subjects/" + string(first.Entry.ID)).Status).To(Equal(http.StatusNotFound))
		Expect(p.owner.get(elsewhere + "/subjects/" + string(first.Entry.ID) + "/versions").Status).To(Equal(http.StatusNotFound))
		Expect(p.owner.get(elsewhere + "/versions/" + string(first.Entry.VersionID)).Status).To(Equal(http.StatusNotFound))
	})

	It("starts one sync, however the same types are listed", func() {
		started := p.owner.post(home+"/inventory-syncs", nil)
		Expect(started.Status).To(Equal(http.StatusAccepted), started.Raw)
		Expect(started.Header.Get("Location")).To(HaveSuffix("/operations/" + started.JSON["operation"].(object)["id"].(string)))
		Expect(started.JSON["operation"]).To(HaveKeyWithValue("summary_counts", HaveKeyWithValue("total", BeNumerically("==", len(subject.Types())))))

		again := p.owner.post(home+"/inventory-syncs", object{"policy_types": []string{}})
		Expect(again.Status).To(Equal(http.StatusOK), again.Raw)
		Expect(again.text("result")).To(Equal("deduplicated"))

		other := p.owner.post(home+"/inventory-syncs", object{"policy_types": []string{"intents"}})
		Expect(other.code()).To(Equal("scope_busy"))
		Expect(other.JSON["operation"]).To(HaveKeyWithValue("id", started.JSON["operation"].(object)["id"]))
		Expect(other.Raw).NotTo(ContainSubstring("LeaseOwner"))
	})

	It("refuses a type nobody knows, and a tenant that is archived", func() {
		Expect(p.owner.post(home+"/inventory-syncs", object{"policy_types": []string{"nonsense"}}).Status).To(Equal(http.StatusUnprocessableEntity))
		Expect(p.owner.post(home+"/archive", nil).Status).To(Equal(http.StatusOK))
		blocked := p.owner.post(home+"/inventory-syncs", nil)
		Expect(blocked.code()).To(Equal("operation_blocked"))
		Expect(blocked.text("reason_code")).To(Equal("tenant_archived"))
	})

	It("answers the catalogue of policy types in pages", func() {
		all := p.owner.get("~/policy-types?limit=200")
		Expect(all.JSON["items"]).To(HaveLen(len(subject.Types())))
		Expect(all.JSON["items"]).To(ContainElement(And(
			HaveKeyWithValue("key", "intents"), HaveKeyWithValue("promotable", false), HaveKeyWithValue("why_not", Not(BeEmpty())))))
		page := p.owner.get("~/policy-types?limit=3")
		rest := p.owner.get("~/policy-types?limit=200&cursor=" + page.text("next_cursor"))
		Expect(rest.JSON["items"]).To(HaveLen(len(subject.Types()) - 3))
	})
})
