package api_test

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// address is where an operation stands for the given ids; ids that are not
// given are random.
func address(op api.Operation, ids map[string]string) string {
	parts := strings.Split(op.Path, "/")
	for i, part := range parts {
		name, isParameter := strings.CutPrefix(part, "{")
		if !isParameter {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		parts[i] = store.NewID()
		if id := ids[name]; id != "" {
			parts[i] = id
		}
	}
	return "~" + strings.Join(parts, "/")
}

// hostile are bodies that no operation may take for its own.
var hostile = []string{
	``, `{`, `[]`, `null`, `0`, `"x"`, `{"":""}`, `{"__proto__":{}}`, "{\"a\":\"\x00\"}", `{"a":"\u0000"}`,
	`{"display_name":12,"email":[],"role":{},"limit":1e400,"selection":7}`, `{"display_name":"` + strings.Repeat("x", 5000) + `"}`,
	`{"source_tenant_id":"x","target_tenant_id":"x","limit":-1}`, `{"limit":9223372036854775808,"cursor":"x"}`,
	`{"name":"\ud83d","expires_at":"294277-01-01T00:00:00Z"}`, `{"email":"a@b","role":"owner","role":"owner"}`,
	`{"ids":["` + strings.Repeat("a", 36) + `"]}`, `{"credential":{"kind":null}}`, strings.Repeat(`{"a":`, 2000),
}

// odd are queries that no operation may stumble over.
var odd = []string{
	"?limit=-1", "?limit=0x10", "?limit=", "?cursor=%00", "?cursor=%ff", "?q=%ed%a0%80", "?since=0000-00-00", "?a[]=1", "?%", "?limit=1&limit=2",
	"?since=294277-01-01T00:00:00Z", "?policy_type=" + strings.Repeat("x", 3000), "?cursor=" + strings.Repeat("A", 3000), "?status=%F0%9F%92%A9",
}

var _ = Describe("Every operation", func() {
	var (
		p   *product
		own map[string]string
		who *client
	)

	BeforeEach(func(ctx SpecContext) {
		p = boot(ctx)
		who = p.person(ctx, "owner@example.com")
		ws := who.workspace("Contoso")
		own = map[string]string{"workspace_id": ws, "tenant_id": who.tenant(ws)}
	})

	It("answers 401 to nobody, and 404 to strangers and customers, whatever the body", func(ctx SpecContext) {
		stranger := p.person(ctx, "stranger@example.com")
		customer := p.member(ctx, own["workspace_id"], tenancy.Customer)
		for _, op := range p.Operations() {
			at := op.Method + " " + op.Path
			if op.Authz.Reach == api.ReachPublic {
				continue
			}
			Expect(p.anonymous().do(op.Method, address(op, own), `{`).Status).To(Equal(http.StatusUnauthorized), at)
			Expect(customer.do(op.Method, address(op, own), `{`).Status).To(Equal(http.StatusNotFound), at)
			if op.Authz.Reach != api.ReachSelf {
				Expect(stranger.do(op.Method, address(op, own), `{`).Status).To(Equal(http.StatusNotFound), at)
				Expect(who.do(op.Method, address(op, nil), `{`).Status).To(Equal(http.StatusNotFound), at)
			}
		}
	})

	It("answers the owner's nonsense with a refusal, never with a fault of ours", func() {
		for _, op := range p.Operations() {
			if op.Stream {
				continue
			}
			at := op.Method + " " + op.Path
			for _, query := range odd {
				Expect(who.do(op.Method, address(op, own)+query, nil).Status).To(BeNumerically("<", 500), at+query)
			}
			if op.Method == http.MethodGet {
				continue
			}
			for _, body := range hostile {
				a := who.do(op.Method, address(op, own), body)
				Expect(a.Status).To(BeNumerically("<", 500), "%s with %.60s: %s", at, body, a.Raw)
			}
		}
		Expect(p.logged()).NotTo(ContainSubstring(`"status":5`))
	})
})
