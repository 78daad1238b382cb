package api_test

import (
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/store"
)

var _ = Describe("What is the caller's own", func() {
	var (
		p     *product
		owner *client
	)

	BeforeEach(func(ctx SpecContext) {
		p = boot(ctx)
		owner = p.person(ctx, "owner@example.com")
	})

	It("creates tokens that act as the caller, and revokes them at once", func(ctx SpecContext) {
		made := owner.post("~/me/tokens", object{"name": "nightly"})
		Expect(made.Status).To(Equal(http.StatusCreated), made.Raw)
		robot := p.anonymous().with("Authorization", "Bearer "+made.text("secret"))
		Expect(robot.get("~/me").JSON["user"]).To(HaveKeyWithValue("email", "owner@example.com"))

		list := owner.get("~/me/tokens")
		Expect(list.Raw).NotTo(ContainSubstring(made.text("secret")))
		Expect(list.JSON["items"]).To(ContainElement(HaveKeyWithValue("name", "nightly")))

		one := "~/me/tokens/" + made.text("id")
		Expect(p.person(ctx, "other@example.com").delete(one).Status).To(Equal(http.StatusNotFound))
		Expect(owner.delete(one).Status).To(Equal(http.StatusNoContent))
		Expect(robot.get("~/me").code()).To(Equal("unauthenticated"))
		Expect(owner.delete(one).Status).To(Equal(http.StatusNotFound))
	})

	It("bounds the life of a token", func() {
		for _, at := range []time.Time{time.Now().Add(-time.Hour), time.Now().AddDate(2, 0, 0)} {
			a := owner.post("~/me/tokens", object{"name": "a", "expires_at": at})
			Expect(a.Status).To(Equal(http.StatusUnprocessableEntity))
			Expect(a.JSON["errors"]).To(ConsistOf(HaveKeyWithValue("location", "body.expires_at")))
		}
	})

	DescribeTable("asks who calls in the same words, whatever is wrong",
		func(header string) {
			a := p.anonymous().with("Authorization", header).get("~/me")
			Expect(a.Status).To(Equal(http.StatusUnauthorized))
			Expect(a.text("detail")).To(Equal("Sign in, or send a valid API token."))
			Expect(a.Header.Get("WWW-Authenticate")).To(HavePrefix("Bearer"))
		},
		Entry("nothing", ""),
		Entry("another scheme", "Basic YTpi"),
		Entry("no token of ours", "Bearer abc"),
		Entry("a mistyped token", "Bearer ta_pat_000000000000000000000000000000000000"),
	)

	It("marks notifications as read, with and without names", func() {
		Expect(owner.get("~/me/notifications").JSON["items"]).To(BeEmpty())
		Expect(owner.post("~/me/notifications/read", nil).JSON).To(HaveKeyWithValue("marked", BeEquivalentTo(0)))
		Expect(owner.post("~/me/notifications/read", object{"ids": []string{store.NewID()}}).Status).To(Equal(http.StatusOK))
		Expect(owner.post("~/me/notifications/read", object{"ids": []string{"7"}}).Status).To(Equal(http.StatusUnprocessableEntity))
		Expect(owner.post("~/me/notifications/read", object{"id": "7"}).Status).To(Equal(http.StatusUnprocessableEntity))
	})
})

var _ = Describe("The audit trail", func() {
	It("lists, narrows, pages and exports what was done, newest first", func(ctx SpecContext) {
		p := boot(ctx)
		owner := p.person(ctx, "owner@example.com")
		ws := owner.workspace("Contoso")
		tenant := owner.tenant(ws)
		address := "~/workspaces/" + ws + "/audit-events"

		list := owner.get(address)
		Expect(list.JSON["items"]).To(HaveLen(3))
		Expect(list.JSON["items"].([]any)[0]).To(And(
			HaveKeyWithValue("action", "tenant.created"), HaveKeyWithValue("tenant_id", tenant),
			HaveKeyWithValue("actor", HaveKeyWithValue("via", "token"))))
		Expect(owner.get(address + "?action=workspace.created").JSON["items"]).To(HaveLen(1))
		Expect(owner.get(address + "?since=2999-01-01T00:00:00Z").JSON["items"]).To(BeEmpty())
		page := owner.get(address + "?limit=2")
		rest := owner.get(address + "?limit=2&cursor=" + page.text("next_cursor"))
		Expect(rest.JSON["items"]).To(HaveLen(1))

		export := owner.get(address + "/export")
		Expect(export.Header.Get("Content-Type")).To(Equal("application/x-ndjson"))
		Expect(export.Raw).To(HavePrefix(`{"id":`))
		Expect(export.Raw).To(HaveSuffix("}\n"))
		Expect(owner.get(address + "/export?action=session.signed_in").Raw).To(BeEmpty())
	})
})
