package api_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing/fstest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("What a request meets before its handler", func() {
	var (
		p     *product
		owner *client
		ws    string
	)

	BeforeEach(func(ctx SpecContext) {
		p, owner, ws = bootOwned(ctx)
	})

	It("answers 401, then 404, then 403, then the body", func(ctx SpecContext) {
		address, broken := "~/workspaces/"+ws+"/members", "{"
		stranger, reader := p.person(ctx, "stranger@example.com"), p.member(ctx, ws, tenancy.Readonly)

		Expect(p.anonymous().post(address, broken).Status).To(Equal(401))
		Expect(stranger.post(address, broken).Status).To(Equal(404))
		Expect(reader.post(address, broken).Status).To(Equal(403))
		Expect(owner.post(address, broken).Status).To(Equal(400))
		Expect(owner.post(address, object{}).Status).To(Equal(422))
	})

	It("names the capability that is lacking and records the attempt once", func(ctx SpecContext) {
		reader := p.member(ctx, ws, tenancy.Readonly)
		refused := reader.post("~/workspaces/"+ws+"/members", object{"email": "a@example.com", "role": "readonly"})
		Expect(refused.text("detail")).To(ContainSubstring("workspace.members.manage"))
		events := owner.get("~/workspaces/" + ws + "/audit-events?action=authz.denied")
		Expect(events.JSON["items"]).To(ConsistOf(HaveKeyWithValue("request_id", refused.text("request_id"))))
	})

	It("answers the same bytes for what is not there and what is not yours", func(ctx SpecContext) {
		stranger := p.person(ctx, "stranger@example.com")
		tenant := owner.tenant(ws)
		addresses := []string{
			"~/workspaces/" + ws, "~/workspaces/" + store.NewID(), "~/workspaces/no-id", "~/workspaces/" + strings.ToUpper(ws),
			"~/workspaces/" + ws + "/tenants/" + tenant, "~/workspaces/" + ws + "/tenants/" + store.NewID(), "~/nothing",
		}
		bodies := map[string]bool{}
		for _, address := range addresses {
			a := stranger.get(address)
			Expect(a.Status).To(Equal(404), address)
			bodies[strings.ReplaceAll(a.Raw, a.text("request_id"), "")] = true
		}
		Expect(bodies).To(HaveLen(1))
	})

	It("hides the operators' plane from customers", func(ctx SpecContext) {
		customer := p.member(ctx, ws, tenancy.Customer)
		for _, address := range []string{"~/me", "~/me/tokens", "~/workspaces", "~/workspaces/" + ws, "~/workspaces/" + ws + "/tenants"} {
			Expect(customer.get(address).Status).To(Equal(404), address)
		}
	})

	DescribeTable("refuses a body and repeats nothing of it",
		func(body string, status int, code string) {
			a := owner.post("~/workspaces", body)
			Expect(a.Status).To(Equal(status), a.Raw)
			Expect(a.code()).To(Equal(code))
			Expect(a.Raw + p.logged()).NotTo(ContainSubstring("canary"))
		},
		Entry("an unknown field", `{"display_name":"a","client_secret":"canary"}`, 422, "invalid_input"),
		Entry("an unknown field with a telling name", `{"display_name":"a","the canary":1}`, 422, "invalid_input"),
		Entry("another casing", `{"Display_Name":"canary"}`, 422, "invalid_input"),
		Entry("a name twice", `{"display_name":"canary","display_name":"b"}`, 422, "invalid_input"),
		Entry("U+0000 escaped", `{"display_name":"canary\u0000"}`, 422, "invalid_input"),
		Entry("U+0000 in a name", `{"canary\u0000":1}`, 422, "invalid_input"),
		Entry("U+0000 raw", "{\"display_name\":\"canary\x00\"}", 422, "invalid_input"),
		Entry("null for text", `{"display_name":null}`, 422, "invalid_input"),
		Entry("a number for text", `{"display_name":12}`, 422, "invalid_input"),
		Entry("an array", `["canary"]`, 422, "invalid_input"),
		Entry("only spaces in a name", `{"display_name":"   "}`, 422, "invalid_input"),
		Entry("no JSON", `display_name=canary`, 400, "invalid_input"),
		Entry("truncated", `{"display_name":"canary`, 400, "invalid_input"),
		Entry("two values", `{"display_name":"a"} {"b":"canary"}`, 400, "invalid_input"),
		Entry("not UTF-8", "{\"display_name\":\"\xff\xfe\"}", 400, "invalid_input"),
		Entry("very deep", strings.Repeat("[", 100_000), 400, "invalid_input"),
		Entry("nothing at all", ``, 422, "invalid_input"),
		Entry("over 1 MiB", `{"display_name":"`+strings.Repeat("canary", 200_000)+`"}`, 413, "body_too_large"),
	)

	DescribeTable("refuses an address",
		func(address string, status int) {
			a := owner.get(strings.ReplaceAll(address, "WS", ws))
			Expect(a.Status).To(Equal(status), a.Raw)
		},
		Entry("unknown parameter", "~/workspaces?secret=1", 422),
		Entry("U+0000 in the query", "~/workspaces?cursor=%00", 422),
		Entry("U+0000 in the path", "~/workspaces/%00", 422),
		Entry("not UTF-8", "~/workspaces?cursor=%ff", 422),
		Entry("no number", "~/workspaces?limit=ten", 422),
		Entry("too many", "~/workspaces?limit=201", 422),
		Entry("too few", "~/workspaces?limit=0", 422),
		Entry("huge number", "~/workspaces?limit=99999999999999999999", 422),
		Entry("broken escape", "~/workspaces?limit=1;cursor=2", 422),
		Entry("no id", "~/workspaces/WS/audit-events?actor_id=7", 422),
		Entry("no time", "~/workspaces/WS/audit-events?since=yesterday", 422),
		Entry("far away time", "~/workspaces/WS/audit-events?since=9999-12-31T23:59:59Z", 200),
	)

	It("speaks problems where the router answers", func() {
		Expect(owner.get("/nothing").code()).To(Equal("not_found"))
		wrong := owner.do(http.MethodPut, "~/me", nil)
		Expect(wrong.code()).To(Equal("method_not_allowed"))
		Expect(wrong.Status).To(Equal(405))
		Expect(wrong.Header.Get("Allow")).To(ContainSubstring("GET"))
		form := owner.with("Content-Type", "application/x-www-form-urlencoded").post("~/workspaces", "display_name=a")
		Expect(form.Status).To(Equal(415))
		Expect(form.Header.Get("Content-Type")).To(Equal("application/problem+json"))
		odd := owner.with("Accept", "text/plain").get("~/me")
		Expect(odd.Header.Get("Content-Type")).To(Equal("application/json"))
	})

	It("answers HEAD like GET, without the body", func() {
		head := owner.do(http.MethodHead, "~/me", nil)
		Expect(head.Status).To(Equal(200))
		Expect(head.Raw).To(BeEmpty())
		Expect(owner.do(http.MethodHead, "/healthz", nil).Status).To(Equal(200))
		Expect(owner.do(http.MethodHead, "~/nothing", nil).Status).To(Equal(404))
	})

	It("carries the headers a browser needs on every answer", func() {
		for _, address := range []string{"~/me", "~/nothing", "/docs", "/healthz", "/problems/not-found"} {
			h := owner.get(address).Header
			Expect(h.Get("Content-Security-Policy")).To(ContainSubstring("frame-ancestors 'none'"), address)
			Expect(h.Get("Content-Security-Policy")).NotTo(ContainSubstring("unsafe"), address)
			Expect(h.Get("X-Content-Type-Options")).To(Equal("nosniff"), address)
			Expect(h.Get("X-Request-Id")).NotTo(BeEmpty(), address)
			Expect(h.Get("Strict-Transport-Security")).To(BeEmpty(), address)
		}
		Expect(owner.get("~/me").Header.Get("Cache-Control")).To(Equal("no-store"))
	})

	It("logs ids and codes, never what was sent", func() {
		owner.get("~/me/tokens?cursor=canary-in-the-query")
		p.anonymous().with("Authorization", "Bearer ta_pat_canary").get("~/me")
		Expect(p.logged()).To(And(ContainSubstring(`"route":"/api/v1/me/tokens"`), Not(ContainSubstring("canary"))))
	})
})

var _ = Describe("A server in trouble", func() {
	It("turns a panic and a closed database into problems", func(ctx SpecContext) {
		p := boot(ctx)
		owner := p.person(ctx, "owner@example.com")
		Expect(p.db.Close()).To(Succeed())
		a := owner.get("~/me")
		Expect(a.Status).To(BeNumerically(">=", 500))
		Expect(a.Raw).NotTo(ContainSubstring("sql"))
		Expect(a.code()).To(BeElementOf("internal", "unavailable"))
	})

	It("survives a handler that panics", func(ctx SpecContext) {
		p := boot(ctx, func(d *api.Deps) { d.AuditLog = panicking{} })
		owner := p.person(ctx, "owner@example.com")
		a := owner.get("~/workspaces/" + owner.workspace("Contoso") + "/audit-events")
		Expect(a.Status).To(Equal(500))
		Expect(a.code()).To(Equal("internal"))
		Expect(a.Raw).NotTo(ContainSubstring("canary"))
		Expect(p.logged()).To(ContainSubstring("handler panicked"))
	})

	It("is ready only when every part answers", func(ctx SpecContext) {
		var away error
		p := boot(ctx, func(d *api.Deps) {
			d.Checks = []api.Check{{Name: "database", Ask: func(context.Context) error { return away }}}
		})
		Expect(p.anonymous().get("/readyz").Status).To(Equal(200))
		away = errors.New("canary")
		a := p.anonymous().get("/readyz")
		Expect(a.Status).To(Equal(503))
		Expect(a.Raw).To(And(ContainSubstring(`"database":"unavailable"`), Not(ContainSubstring("canary"))))
		Expect(p.anonymous().get("/healthz").Status).To(Equal(200))
	})
})

type panicking struct{}

func (panicking) AuditEvents(context.Context, access.Scope, audit.Filter) (audit.Page, error) {
	panic("canary")
}

func (panicking) ExportAudit(context.Context, access.Scope, audit.Filter, func(audit.Event) error) error {
	return fault.Missing()
}

var _ = Describe("Rate limits", func() {
	It("are announced, and refuse with the time to wait", func(ctx SpecContext) {
		p := boot(ctx, func(d *api.Deps) { d.Limits = middleware.Limits{Anonymous: 2, Authenticated: 3, Export: 1} })
		nobody := p.anonymous()
		first := nobody.get("~/me")
		Expect(first.Header.Get("X-RateLimit-Limit")).To(Equal("2"))
		Expect(first.Header.Get("X-RateLimit-Remaining")).To(Equal("1"))
		nobody.get("~/me")
		refused := nobody.get("~/me")
		Expect(refused.code()).To(Equal("rate_limited"))
		Expect(refused.Header.Get("Retry-After")).NotTo(BeEmpty())
		Expect(nobody.get("/healthz").Status).To(Equal(200))

		owner := p.person(ctx, "owner@example.com")
		export := "~/workspaces/" + owner.workspace("Contoso") + "/audit-events/export"
		Expect(owner.get(export).Status).To(Equal(200))
		Expect(owner.get(export).code()).To(Equal("rate_limited"))
		Expect(p.person(ctx, "other@example.com").get("~/me").Status).To(Equal(200))
	})

	It("ignore who a client claims to be", func(ctx SpecContext) {
		p := boot(ctx, func(d *api.Deps) { d.Limits = middleware.Limits{Anonymous: 1} })
		p.anonymous().with("X-Forwarded-For", "198.51.100.1").get("~/me")
		Expect(p.anonymous().with("X-Forwarded-For", "198.51.100.2").get("~/me").Status).To(Equal(429))
	})
})

var _ = Describe("The single-page application", func() {
	It("has its files and deep links, and never answers for the API", func(ctx SpecContext) {
		p := boot(ctx, func(d *api.Deps) {
			d.SPA = fstest.MapFS{
				"index.html":      {Data: []byte("<!doctype html>start")},
				"assets/app-1.js": {Data: []byte("start()")},
			}
		})
		c := p.anonymous()
		Expect(c.get("/").Raw).To(ContainSubstring("start"))
		Expect(c.get("/workspaces/1/tenants").Raw).To(ContainSubstring("start"))
		script := c.get("/assets/app-1.js")
		Expect(script.Header.Get("Content-Type")).To(ContainSubstring("javascript"))
		Expect(script.Header.Get("Cache-Control")).To(ContainSubstring("immutable"))
		Expect(script.Header.Get("Content-Encoding")).To(BeEmpty(), "too small to be worth packing")
		Expect(c.get("/assets/gone.js").Status).To(Equal(404))
		Expect(c.get("/api/v2/x").code()).To(Equal("not_found"))
		Expect(c.post("/somewhere", nil).Status).To(Equal(404))
		Expect(c.get("/../../etc/passwd").Raw).NotTo(ContainSubstring("root:"))
	})
})

var _ = Describe("A large file of the application", func() {
	It("travels packed to whoever can unpack it, and plain to everybody else", func(ctx SpecContext) {
		text := "start();" + strings.Repeat("// and on it goes\n", 1000)
		p := boot(ctx, func(d *api.Deps) { d.SPA = fstest.MapFS{"assets/app-1.js": {Data: []byte(text)}} })
		for range 2 {
			plain := p.anonymous().with("Accept-Encoding", "br, gzip;q=0").get("/assets/app-1.js")
			Expect(plain.Raw).To(Equal(text))
			Expect(plain.Header.Get("Vary")).To(ContainSubstring("Accept-Encoding"))
			packed := p.anonymous().with("Accept-Encoding", "br;q=1, gzip").get("/assets/app-1.js")
			Expect(packed.Header.Get("Content-Encoding")).To(Equal("gzip"))
			Expect(packed.Header.Get("Content-Type")).To(ContainSubstring("javascript"))
			Expect(len(packed.Raw)).To(BeNumerically("<", len(text)/10))
			z, err := gzip.NewReader(strings.NewReader(packed.Raw))
			Expect(err).NotTo(HaveOccurred())
			Expect(io.ReadAll(z)).To(BeEquivalentTo(text))
		}
	})
})

var _ = Describe("A browser's session", func() {
	signIn := func(p *product, password string) answered {
		return p.anonymous().post("~/session", object{"email": "owner@example.com", "password": password})
	}
	cookie := func(a answered) *http.Cookie {
		GinkgoHelper()
		cookies := (&http.Response{Header: a.Header}).Cookies()
		Expect(cookies).To(HaveLen(1))
		return cookies[0]
	}

	It("begins with a password, lives in a cookie, and ends at once", func(ctx SpecContext) {
		p := boot(ctx)
		p.person(ctx, "owner@example.com")
		begun := signIn(p, password)
		Expect(begun.Status).To(Equal(200), begun.Raw)
		c := cookie(begun)
		Expect(c.Name).To(Equal("ta_session"))
		Expect(c.HttpOnly).To(BeTrue())
		Expect(c.SameSite).To(Equal(http.SameSiteLaxMode))
		Expect(begun.Raw).NotTo(ContainSubstring(c.Value))

		browser := p.anonymous().with("Cookie", c.Name+"="+c.Value)
		Expect(browser.get("~/me").Status).To(Equal(200))
		ended := browser.delete("~/session")
		Expect(ended.Status).To(Equal(204))
		Expect(cookie(ended).Value).To(BeEmpty())
		Expect(browser.get("~/me").Status).To(Equal(401))
		Expect(browser.delete("~/session").Status).To(Equal(204))
	})

	It("is refused in the same words for a wrong password and an unknown account", func(ctx SpecContext) {
		p := boot(ctx)
		p.person(ctx, "owner@example.com")
		wrong := signIn(p, "canary")
		unknown := p.anonymous().post("~/session", object{"email": "nobody@example.com", "password": "canary"})
		Expect(wrong.Status).To(Equal(401))
		Expect(strings.ReplaceAll(wrong.Raw, wrong.text("request_id"), "")).
			To(Equal(strings.ReplaceAll(unknown.Raw, unknown.text("request_id"), "")))
		Expect(wrong.Raw + p.logged()).NotTo(ContainSubstring("canary"))
	})

	It("is bound to https when the product is", func(ctx SpecContext) {
		p := boot(ctx, func(d *api.Deps) { d.PublicURL = "https://atlas.example.com" })
		p.person(ctx, "owner@example.com")
		begun := signIn(p, password)
		Expect(cookie(begun).Name).To(Equal("__Host-ta_session"))
		Expect(cookie(begun).Secure).To(BeTrue())
		Expect(begun.Header.Get("Strict-Transport-Security")).NotTo(BeEmpty())
	})

	DescribeTable("does not let other sites act",
		func(ctx SpecContext, headers map[string]string, status int) {
			p := boot(ctx)
			p.person(ctx, "owner@example.com")
			c := cookie(signIn(p, password))
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/api/v1/workspaces", strings.NewReader(`{"display_name":"a"}`))
			r.Header.Set("Content-Type", "application/json")
			r.AddCookie(c)
			for name, value := range headers {
				r.Header.Set(name, value)
			}
			Expect(p.anonymous().send(r).Status).To(Equal(status))
		},
		Entry("cross-site", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403),
		Entry("same-site", map[string]string{"Sec-Fetch-Site": "same-site"}, 403),
		Entry("foreign origin", map[string]string{"Origin": "https://evil.example"}, 403),
		Entry("own page", map[string]string{"Sec-Fetch-Site": "same-origin"}, 201),
		Entry("no browser", map[string]string{}, 201),
	)
})
