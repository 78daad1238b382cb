package graphsim_test

import (
	"net/http"
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

var _ = Describe("throttling", func() {
	tenants := []graphsim.Tenant{{Directory: dirA}, {Directory: dirB}}

	It("allows 100 Intune writes in 20 seconds per app, then says when to come back", func() {
		s := start(graphsim.Config{Tenants: tenants})
		for range 100 {
			Expect(s.post(catalog, object{}).status).To(Equal(400))
		}
		refused := s.post(catalog, object{})
		Expect(refused.status).To(Equal(429))
		wait, err := strconv.Atoi(refused.header.Get("Retry-After"))
		Expect(err).NotTo(HaveOccurred())
		Expect(wait).To(Equal(20))
		Expect(s.get(catalog).status).To(Equal(200), "reads have limits of their own")
		Expect(s.call(dirB, "POST", catalog, object{}).status).To(Equal(400), "tenants do not share limits")
		s.clock.Forward(20 * time.Second)
		Expect(s.post(catalog, object{}).status).To(Equal(400))
	})

	It("allows 200 writes per tenant over all apps", func() {
		s := start(graphsim.Config{Tenants: tenants})
		for i := range 201 {
			s.tokens[dirA] = ""
			if i%100 == 0 {
				s.tokens[dirB+strconv.Itoa(i)] = s.tokenFor(dirA, app+strconv.Itoa(i/100))
			}
			s.tokens[dirA] = s.tokens[dirB+strconv.Itoa(i/100*100)]
			want := 400
			if i == 200 {
				want = 429
			}
			Expect(s.post(catalog, object{}).status).To(Equal(want), strconv.Itoa(i))
		}
	})

	It("allows one Conditional Access request a second, and does not say when to come back", func() {
		s := start(graphsim.Config{Tenants: tenants})
		Expect(s.get("/beta/identity/conditionalAccess/policies").status).To(Equal(200))
		refused := s.get("/beta/identity/conditionalAccess/namedLocations")
		Expect(refused.status).To(Equal(429))
		Expect(refused.header).NotTo(HaveKey("Retry-After"))
		s.clock.Forward(time.Second)
		Expect(s.get("/beta/identity/conditionalAccess/namedLocations").status).To(Equal(200))
	})

	It("tells what a directory request costs", func() {
		s := start(quiet(tenants...))
		Expect(s.get("/v1.0/groups").header.Get("x-ms-resource-unit")).To(Equal("1"))
		Expect(s.get("/v1.0/users").header.Get("x-ms-resource-unit")).To(Equal("2"))
		Expect(s.get("/v1.0/users?$select=id&$top=5").header.Get("x-ms-resource-unit")).To(Equal("1"))
		Expect(s.get(catalog).header).NotTo(HaveKey("X-Ms-Resource-Unit"))
	})

	It("names the scope of directory limits", func() {
		s := start(graphsim.Config{Tenants: tenants, Limits: graphsim.Limits{Factor: 0.001}})
		var refused answer
		for range 5 {
			refused = s.get("/beta/groups")
		}
		Expect(refused.status).To(Equal(429))
		Expect(refused.header.Get("x-ms-throttle-scope")).To(ContainSubstring(dirA))
	})

	It("scales by the factor and counts each item of a batch", func() {
		s := start(graphsim.Config{Tenants: tenants, Limits: graphsim.Limits{Factor: 0.002}}) // two reads in 20 seconds per app
		var items []any
		for i := range 3 {
			items = append(items, object{"id": strconv.Itoa(i), "method": "GET", "url": "/deviceManagement/intents"})
		}
		a := s.post("/beta/$batch", object{"requests": items})
		Expect(a.status).To(Equal(200))
		last := a.body["responses"].([]any)[2].(object)
		Expect(last["status"]).To(BeNumerically("==", 429))
		Expect(last["headers"]).To(HaveKey("Retry-After"))
	})

	It("throttles neither control nor logins", func() {
		s := start(graphsim.Config{Tenants: tenants, Limits: graphsim.Limits{Factor: 0.00001}})
		for range 5 {
			Expect(s.login(dirA, form("client_secret", graphsim.Secret)).status).To(Equal(200))
			Expect(do(s.request(dirA, http.MethodGet, "/_sim/journal", nil)).status).To(Equal(200))
		}
	})
})
