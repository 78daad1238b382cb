package rbac_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/test/contract/surface"
	"github.com/tenantatlas/tenantatlas/test/stack"
)

// bodies make a request that would be carried out if its sender were let.
var bodies = map[string]func(c *cast, at place) any{
	"sign-in":                 nil,
	"sign-out":                nil,
	"create-my-token":         fixed(object{"name": "matrix"}),
	"revoke-my-token":         nil,
	"read-my-notifications":   nil,
	"create-workspace":        fixed(object{"display_name": "Matrix"}),
	"update-workspace":        fixed(object{"display_name": "Matrix"}),
	"add-member":              fixed(object{"email": "matrix@fjord.example", "role": "readonly"}),
	"change-member":           fixed(object{"role": "operator"}),
	"remove-member":           nil,
	"create-tenant":           fixed(object{"display_name": "Matrix", "directory_id": newDirectory}),
	"update-tenant":           fixed(object{"display_name": "Matrix"}),
	"archive-tenant":          nil,
	"put-connection":          fixed(object{"client_id": nothingID, "credential": object{"kind": "client_secret", "secret": "x"}, "write_enabled": true}),
	"verify-connection":       nil,
	"start-inventory-sync":    nil,
	"add-tenant-member":       func(c *cast, _ place) any { return object{"user_id": c.things[spare]["user_id"], "role": "reader"} },
	"remove-tenant-member":    nil,
	"put-operational-control": fixed(object{"paused": true, "reason": "Matrix"}),
	"cancel-operation":        nil,
	"preview-comparison":      pair(nil),
	"diff-subject":            pair(func(c *cast) object { return object{"subject_key": c.subject} }),
	"generate-preflight":      pair(nil),
	"start-promotion": func(c *cast, at place) any {
		sel := object{"source_tenant_id": c.Source.ID, "target_tenant_id": c.things[at.leaf]["tenant_id"]}
		return object{"selection": sel, "preflight_fingerprint": "forged", "confirmation": object{
			"source_tenant_id": sel["source_tenant_id"], "target_tenant_id": sel["target_tenant_id"], "ready": 1, "excluded": 0,
		}}
	},
}

func fixed(body object) func(*cast, place) any { return func(*cast, place) any { return body } }

func pair(more func(c *cast) object) func(*cast, place) any {
	return func(c *cast, at place) any {
		body := object{"source_tenant_id": c.Source.ID, "target_tenant_id": c.things[at.leaf]["tenant_id"]}
		if more != nil {
			for k, v := range more(c) {
				body[k] = v
			}
		}
		return body
	}
}

// harmless are operations that may be carried out for real: what they change is
// nothing, or a record of a reading.
var harmless = []string{"preview-comparison", "diff-subject", "generate-preflight", "start-promotion", "cancel-operation"}

// cell is one request of the matrix.
type cell struct {
	op   surface.Operation
	who  person
	at   place
	want int
}

func (x cell) String() string {
	return fmt.Sprintf("%s as %s about %s", x.op, x.who.name, x.at.name)
}

func (c *cast) cells(o surface.Operation) []cell {
	var cells []cell
	for _, p := range c.people {
		for _, at := range places {
			// There the other owner is at home, and the others' are strange.
			home := p.name == otherOwner && at.workspace == foreign
			if at.different(o) && !home {
				cells = append(cells, cell{o, p, at, expect(o, p, at)})
			}
		}
	}
	return cells
}

// ask sends the cell's request. Whoever is let in gets a parameter that no
// operation knows, so that nothing is carried out.
func (c *cast) ask(ctx context.Context, x cell) stack.Answer {
	GinkgoHelper()
	client, address := c.clients[x.who.name], x.op.At(c.ids(ctx, x.who, x.at))
	var body any
	if build := bodies[x.op.ID]; build != nil {
		body = build(c, x.at)
	}
	if slices.ContainsFunc(x.op.Parameters, func(p surface.Parameter) bool { return p.Name == "If-Match" }) {
		client = client.With("If-Match", `"1"`)
	}
	switch {
	case x.op.Stream:
		return c.listen(ctx, x.who.name, address)
	case x.want == admitted && x.op.Method != http.MethodGet && !slices.Contains(harmless, x.op.ID):
		address += "?unknown=1"
	}
	return client.Do(x.op.Method, address, body)
}

// listen looks at the head of a stream only when it is one.
func (c *cast) listen(ctx context.Context, name, address string) stack.Answer {
	GinkgoHelper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.APIs[0].Address()+api.BasePath+address, http.NoBody)
	Expect(err).NotTo(HaveOccurred())
	r.Header.Set(c.credentials[name][0], c.credentials[name][1])
	resp, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = resp.Body.Close() }() // as far as it was wanted
	if resp.StatusCode != http.StatusOK {
		return c.clients[name].Get(address)
	}
	Expect(resp.Header.Get("Content-Type")).To(HavePrefix("text/event-stream"))
	return stack.Answer{Status: resp.StatusCode, Header: resp.Header}
}

// wrong says what is wrong with an answer, or "".
func (c *cast) wrong(x cell, a stack.Answer, gone map[string]string) string {
	GinkgoHelper()
	if a.Status == 404 {
		gone[strings.ReplaceAll(string(a.Raw), a.Text("request_id"), "")] = x.String()
		Expect(a.Header).NotTo(Or(HaveKey("Etag"), HaveKey("Location")), "%s", x)
	}
	if a.Status == 401 {
		Expect(a.Header.Get("WWW-Authenticate")).To(HavePrefix("Bearer"), "%s", x)
	}
	right := a.Status == x.want
	switch x.want {
	case admitted:
		right = a.Status < 500 && !slices.Contains([]int{401, 403, 404}, a.Status) && (x.op.Method != http.MethodGet || a.Status == 200)
	case hidden:
		right = a.Status == 403 || a.Status == 404
	}
	if right {
		return ""
	}
	return fmt.Sprintf("%s: wanted %d, got %d %.300s", x, x.want, a.Status, a.Raw)
}

var _ = Describe("Every operation of the served description", Ordered, ContinueOnFailure, func() {
	var c *cast
	BeforeAll(func() { c = assemble() })

	It("answers everybody as the table of roles says, about what is theirs and what is not", func(ctx SpecContext) {
		n, gone := 0, map[string]string{}
		var wrong []string
		try := func(x cell) {
			if told := c.wrong(x, c.ask(ctx, x), gone); told != "" {
				wrong = append(wrong, told)
			}
		}
		for _, o := range c.doc.Operations {
			cells := c.cells(o)
			n += len(cells)
			before, asked := c.ledger.Take(ctx), len(c.Sim.Journal(0))
			for _, x := range cells {
				if x.want != admitted {
					try(x)
				}
			}
			Expect(wrong).To(BeEmpty())
			Expect(c.ledger.Take(ctx)).To(Equal(before), "%s changed something although it refused", o)
			Expect(c.Sim.Journal(int64(asked))).To(BeEmpty(), "%s asked a tenant although it refused", o)
			for _, x := range cells {
				if x.want == admitted {
					try(x)
				}
			}
		}
		Expect(wrong).To(BeEmpty())
		Expect(gone).To(HaveLen(1), "one answer for what does not exist and what is not yours")
		AddReportEntry("cells", n)
		GinkgoWriter.Printf("%d cells over %d operations\n", n, len(c.doc.Operations))
		Expect(n).To(BeNumerically(">", 40*len(c.doc.Operations)))
	})

	It("records each refusal for want of a capability on a change, and none else", func(ctx SpecContext) {
		denied := func() int {
			return c.ledger.Count(ctx, `SELECT count(*) FROM audit_events WHERE action = 'authz.denied'`)
		}
		readonly := c.clients["readonly reading tenants"]
		before := denied()
		readonly.Post(c.Path("tenants"), object{"display_name": "x", "directory_id": newDirectory}).Expect(403)
		Expect(denied()).To(Equal(before + 1))
		readonly.Get(c.Path("audit-events")).Expect(403)
		c.Twin.Owner.Post(c.Path("tenants"), object{}).Expect(404)
		Expect(denied()).To(Equal(before + 1))
	})

	It("is accounted for: every operation with a body has one here, and no other", func() {
		for _, o := range c.doc.Operations {
			build, known := bodies[o.ID]
			if o.Method == http.MethodGet {
				Expect(known).To(BeFalse(), "%s is a reading", o.ID)
				continue
			}
			Expect(known).To(BeTrue(), "the matrix does not know %s", o.ID)
			required := o.Body != nil && len(surface.List(c.doc.Resolve(o.Body), "required")) > 0 && o.Scope != "public"
			Expect(build != nil || !required).To(BeTrue(), "%s needs a body", o.ID)
		}
		for id := range bodies {
			c.doc.Find(id)
		}
	})

	It("is accounted for: every capability is a row here, and every row is a capability", func() {
		var rows []string
		for capability := range workspaceRoles {
			rows = append(rows, capability)
		}
		for capability := range tenantRoles {
			rows = append(rows, capability)
		}
		rows = append(rows, customerOnly)
		var known []string
		for _, capability := range access.All() {
			known = append(known, string(capability))
		}
		Expect(known).To(ConsistOf(rows))
		for _, o := range c.doc.Operations {
			Expect(rows).To(ContainElements(o.Capabilities), o.ID)
			if o.Scope == "workspace" || o.Scope == "tenant" {
				Expect(o.Capabilities).NotTo(BeEmpty(), o.ID)
			}
		}
	})

	It("tells everybody at /me exactly the capabilities of the table", func() {
		for _, p := range c.people {
			if p.inside() {
				c.checkMe(p)
			}
		}
	})

	DescribeTable("stands beside routes that are open to everybody and show nothing of anybody",
		func(address string, status int) {
			for _, p := range c.people {
				r, err := http.NewRequest(http.MethodGet, "http://"+c.APIs[0].Address()+address, http.NoBody)
				Expect(err).NotTo(HaveOccurred())
				r.Header.Set(c.credentials[p.name][0], c.credentials[p.name][1])
				resp, err := http.DefaultClient.Do(r)
				Expect(err).NotTo(HaveOccurred())
				Expect(resp.Body.Close()).To(Succeed())
				Expect(resp.StatusCode).To(Equal(status), "%s as %s", address, p.name)
			}
		},
		Entry("health", "/healthz", 200), Entry("readiness", "/readyz", 200),
		Entry("description", "/openapi.json", 200), Entry("description in YAML", "/openapi.yaml", 200),
		Entry("its page", "/docs", 200), Entry("a problem's page", "/problems/not-found", 200),
		Entry("no metrics on this listener", "/metrics", 404), Entry("no profiles", "/debug/pprof/", 404),
		Entry("nothing else below the base path", "/api/v1/nothing", 404),
	)
})

// checkMe holds what a person is told about themselves against the table.
func (c *cast) checkMe(p person) {
	GinkgoHelper()
	var me struct {
		Workspaces []struct {
			ID           string `json:"workspace_id"`
			Capabilities []string
			Tenants      []struct {
				ID           string `json:"tenant_id"`
				Capabilities []string
			}
		} `json:"memberships"`
	}
	c.clients[p.name].Get("/me").Expect(200).Into(&me)
	Expect(me.Workspaces).To(HaveLen(1), p.name)
	Expect(me.Workspaces[0].ID).To(Equal(c.Workspace))
	Expect(me.Workspaces[0].Capabilities).To(ConsistOf(holding(p, workspaceRoles, "")), p.name)
	tenants := map[string]string{c.Source.ID: source, c.Target.ID: target, c.spare.ID: spare}
	seen := 0
	for _, t := range me.Workspaces[0].Tenants {
		Expect(t.Capabilities).To(ConsistOf(holding(p, tenantRoles, tenants[t.ID])), "%s on %s", p.name, tenants[t.ID])
		seen++
	}
	wanted := 0
	for _, t := range tenants {
		if p.sees(t) {
			wanted++
		}
	}
	Expect(seen).To(Equal(wanted), p.name)
}

func holding(p person, rows map[string][]string, tenant string) []string {
	held := []string{}
	for capability := range rows {
		if p.can(capability, tenant) {
			held = append(held, capability)
		}
	}
	return held
}
