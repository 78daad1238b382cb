package api_test

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("Workspaces and what is in them", func() {
	var (
		p     *product
		owner *client
		ws    string
	)

	BeforeEach(func(ctx SpecContext) {
		p, owner, ws = bootOwned(ctx)
	})

	It("lists only the caller's workspaces and makes the creator an owner", func(ctx SpecContext) {
		stranger := p.person(ctx, "stranger@example.com")
		stranger.workspace("Contoso")

		list := owner.get("~/workspaces")
		Expect(list.JSON["items"]).To(HaveLen(1))
		Expect(list.JSON).To(HaveKeyWithValue("next_cursor", BeNil()))
		me := owner.get("~/me")
		Expect(me.JSON["memberships"]).To(ConsistOf(HaveKeyWithValue("role", "owner")))
	})

	It("demands the revision of what is changed", func() {
		address := "~/workspaces/" + ws
		read := owner.get(address)
		Expect(read.Header.Get("ETag")).To(Equal(`"1"`))

		Expect(owner.patch(address, object{"display_name": "A"}).Status).To(Equal(http.StatusPreconditionRequired))
		Expect(owner.with("If-Match", `"9"`).patch(address, object{"display_name": "A"}).Status).To(Equal(http.StatusPreconditionFailed))
		Expect(owner.with("If-Match", `7`).patch(address, object{"display_name": "A"}).code()).To(Equal("precondition_failed"))
		changed := owner.with("If-Match", `"1"`).patch(address, object{"display_name": "A"})
		Expect(changed.Status).To(Equal(http.StatusOK))
		Expect(changed.Header.Get("ETag")).To(Equal(`"2"`))
		Expect(changed.text("display_name")).To(Equal("A"))
	})

	It("pages through lists without losing or repeating anything", func() {
		for range 5 {
			owner.tenant(ws)
		}
		address := "~/workspaces/" + ws + "/tenants?limit=2"
		Expect(owner.pages(address)).To(HaveLen(5))
		Expect(owner.get(address + "&cursor=bm9uc2Vuc2U").code()).To(Equal("invalid_input"))
	})

	Describe("members", func() {
		It("adds, changes and removes a member by revision", func() {
			members := "~/workspaces/" + ws + "/members"
			added := owner.post(members, object{"email": "Robin@Example.com", "role": "operator"})
			Expect(added.Status).To(Equal(http.StatusCreated), added.Raw)
			Expect(added.JSON).To(HaveLen(5))
			Expect(added.text("email")).To(Equal("robin@example.com"))
			Expect(owner.post(members, object{"email": "robin@example.com", "role": "operator"}).code()).To(Equal("conflict"))

			one := members + "/" + added.text("user_id")
			changed := owner.with("If-Match", added.Header.Get("ETag")).patch(one, object{"role": "readonly"})
			Expect(changed.text("role")).To(Equal("readonly"), changed.Raw)
			Expect(owner.delete(one).code()).To(Equal("precondition_required"))
			Expect(owner.with("If-Match", changed.Header.Get("ETag")).delete(one).Status).To(Equal(http.StatusNoContent))
			Expect(owner.with("If-Match", `"1"`).delete(one).Status).To(Equal(http.StatusNotFound))
		})

		It("keeps the last owner", func() {
			last := "~/workspaces/" + ws + "/members/" + string(owner.user.ID)
			Expect(owner.with("If-Match", `"1"`).patch(last, object{"role": "manager"}).code()).To(Equal("conflict"))
			Expect(owner.with("If-Match", `"1"`).delete(last).code()).To(Equal("conflict"))
		})

		It("lets only an owner give the role owner", func(ctx SpecContext) {
			manager := p.member(ctx, ws, tenancy.Manager)
			refused := manager.post("~/workspaces/"+ws+"/members", object{"email": "x@example.com", "role": "owner"})
			Expect(refused.Status).To(Equal(http.StatusForbidden))
			Expect(refused.text("detail")).To(ContainSubstring("workspace.manage"))
		})
	})

	Describe("tenants", func() {
		It("registers a directory once", func() {
			directory := store.NewID()
			body := object{"display_name": "Fabrikam", "directory_id": directory, "cloud": "us_gov"}
			first := owner.post("~/workspaces/"+ws+"/tenants", body)
			Expect(first.Status).To(Equal(http.StatusCreated), first.Raw)
			Expect(first.text("cloud")).To(Equal("us_gov"))
			Expect(first.JSON["actions"]).To(HaveKeyWithValue("sync", HaveKeyWithValue("allowed", true)))
			Expect(owner.post("~/workspaces/"+ws+"/tenants", body).code()).To(Equal("directory_already_registered"))
		})

		It("archives without a revision, and again without effect", func() {
			t := "~/workspaces/" + ws + "/tenants/" + owner.tenant(ws)
			archived := owner.post(t+"/archive", nil)
			Expect(archived.Status).To(Equal(http.StatusOK), archived.Raw)
			Expect(archived.JSON["archived_at"]).NotTo(BeNil())
			Expect(owner.post(t+"/archive", object{}).text("archived_at")).To(Equal(archived.text("archived_at")))
			Expect(owner.post(t+"/archive", object{"now": true}).code()).To(Equal("invalid_input"))
		})

		It("entitles members of the workspace only", func(ctx SpecContext) {
			operator := p.member(ctx, ws, tenancy.Operator)
			stranger := p.person(ctx, "stranger@example.com")
			t := "~/workspaces/" + ws + "/tenants/" + owner.tenant(ws)
			Expect(operator.get(t).Status).To(Equal(http.StatusNotFound))

			added := owner.post(t+"/members", object{"user_id": operator.user.ID, "role": "operator"})
			Expect(added.Status).To(Equal(http.StatusCreated), added.Raw)
			Expect(owner.post(t+"/members", object{"user_id": stranger.user.ID, "role": "operator"}).Status).To(Equal(http.StatusNotFound))
			Expect(operator.get(t).Status).To(Equal(http.StatusOK))

			one := t + "/members/" + string(operator.user.ID)
			Expect(owner.with("If-Match", added.Header.Get("ETag")).delete(one).Status).To(Equal(http.StatusNoContent))
			Expect(operator.get(t).Status).To(Equal(http.StatusNotFound))
		})
	})

	Describe("connection", func() {
		var address string
		secret := object{
			"client_id": "2f9c0c9e-8f0a-4e0c-a9d0-6a1a8c1d2b33", "write_enabled": true,
			"credential": object{"kind": "client_secret", "secret": "canary-secret-value"},
		}

		BeforeEach(func() { address = "~/workspaces/" + ws + "/tenants/" + owner.tenant(ws) + "/connection" })

		It("is none at first, then stored, and never shows its credential", func() {
			none := owner.get(address)
			Expect(none.text("status")).To(Equal("none"))
			Expect(none.Header).NotTo(HaveKey("Etag"))

			stored := owner.put(address, secret)
			Expect(stored.Status).To(Equal(http.StatusOK), stored.Raw)
			Expect(stored.text("status")).To(Equal("unverified"))
			Expect(owner.put(address, secret).code()).To(Equal("precondition_required"))
			Expect(owner.with("If-Match", `"1"`).put(address, secret).Header.Get("ETag")).To(Equal(`"2"`))
			Expect(owner.get(address).Raw + stored.Raw + p.logged()).NotTo(ContainSubstring("canary"))
		})

		DescribeTable("refuses a credential that is neither kind, and repeats nothing of it",
			func(credential object) {
				body := object{"client_id": secret["client_id"], "write_enabled": false, "credential": credential}
				refused := owner.put(address, body)
				Expect(refused.Status).To(Equal(http.StatusUnprocessableEntity), refused.Raw)
				Expect(refused.Raw).NotTo(ContainSubstring("canary"))
			},
			Entry("unknown kind", object{"kind": "canary", "secret": "canary"}),
			Entry("no kind", object{"secret": "canary"}),
			Entry("the other kind's fields", object{"kind": "client_secret", "certificate_pem": "canary"}),
			Entry("one field too many", object{"kind": "client_secret", "secret": "canary", "extra": "canary"}),
			Entry("no certificate", object{"kind": "client_certificate", "certificate_pem": "canary", "private_key_pem": "canary"}),
		)
	})
})
