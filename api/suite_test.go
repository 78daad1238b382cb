package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
	"github.com/tenantatlas/tenantatlas/test/exchange"
)

func TestAPI(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "api")
}

var _ = AfterSuite(func(ctx SpecContext) {
	Expect(storetest.StopShared(ctx)).To(Succeed())
})

// password is every account's in these specs.
const password = "a long enough password"

// product is the edge on a database of its own, with what it logs.
type product struct {
	*api.API
	db       *store.DB
	identity *identity.Service
	registry *registry.Registry
	logs     *gbytes.Buffer
}

// boot wires the edge as production does. change may adjust what it is given.
func boot(ctx context.Context, change ...func(*api.Deps)) *product {
	GinkgoHelper()
	db, err := storetest.New(ctx)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(db.Close)
	gate, err := access.NewGate(db.Memberships())
	Expect(err).NotTo(HaveOccurred())
	now := func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
	people, err := identity.New(identity.Parts{
		Store: db.Identity(), Audit: db, Gate: gate, Now: now, Pepper: bytes.Repeat([]byte{7}, 32),
	})
	Expect(err).NotTo(HaveOccurred())
	things, err := registry.New(registry.Parts{Store: db.Registry(), Audit: db, Gate: gate, Now: now})
	Expect(err).NotTo(HaveOccurred())
	p := &product{db: db, identity: people, registry: things, logs: gbytes.NewBuffer()}
	deps := api.Deps{
		Log: slog.New(slog.NewJSONHandler(p.logs, nil)), PublicURL: "http://127.0.0.1:8080",
		Secret: bytes.Repeat([]byte{9}, 32), Limits: middleware.Limits{Anonymous: 100_000, Authenticated: 100_000, Export: 1000},
		Gate: gate, Audit: db, AuditLog: db, Identity: people, Registry: things, Idempotency: db,
		Operations: operation.NewService(operation.Config{Store: db, Audit: db, Now: time.Now, NewID: store.NewID}),
	}
	deps.Inventory = &inventory.Browser{Store: db, Operations: deps.Operations}
	deps.Promotion = &promotion.Service{
		Store: db, Operations: deps.Operations, Gate: gate, Clock: now, MaxAge: promotion.DefaultMaxAge,
	}
	for _, c := range change {
		c(&deps)
	}
	p.API = api.New(deps)
	return p
}

// logged is what the edge has logged so far.
func (p *product) logged() string { return string(p.logs.Contents()) }

// bootOwned is boot with an owner and their workspace.
func bootOwned(ctx context.Context) (p *product, owner *client, ws string) {
	GinkgoHelper()
	p = boot(ctx)
	owner = p.person(ctx, "owner@example.com")
	return p, owner, owner.workspace("Contoso")
}

// person creates an account and returns a client with a token of its own.
func (p *product) person(ctx context.Context, email string) *client {
	GinkgoHelper()
	user, err := p.identity.CreateUser(ctx, identity.NewUser{Email: email, Password: tenancy.NewSecret(password)})
	Expect(err).NotTo(HaveOccurred())
	issued, err := p.identity.CreateTokenFor(ctx, email, identity.NewToken{Name: "spec"})
	Expect(err).NotTo(HaveOccurred())
	return &client{product: p, user: user, header: http.Header{"Authorization": {"Bearer " + issued.Secret.Reveal()}}}
}

// anonymous is a client nobody knows.
func (p *product) anonymous() *client { return &client{product: p, header: http.Header{}} }

// member puts a new person into a workspace.
func (p *product) member(ctx context.Context, ws string, role tenancy.WorkspaceRole) *client {
	GinkgoHelper()
	c := p.person(ctx, string(role)+"-"+store.NewID()+"@example.com")
	s := access.System(tenancy.WorkspaceID(ws))
	Expect(p.db.Registry().AddMember(ctx, s, c.user.ID, role, time.Now())).To(Succeed())
	return c
}

// client talks to the edge as one principal.
type client struct {
	product *product
	user    tenancy.User
	header  http.Header
}

// with is the client with one more header.
func (c *client) with(name, value string) *client {
	h := c.header.Clone()
	h.Set(name, value)
	return &client{c.product, c.user, h}
}

// answered is an answer as a spec looks at it.
type answered struct {
	Status int
	Header http.Header
	Raw    string
	JSON   map[string]any // nil when the body is no JSON object
}

// code is the problem's code, or "".
func (a answered) code() string {
	code, _ := a.JSON["code"].(string)
	return code
}

// text is a property of the answer as text.
func (a answered) text(name string) string {
	s, _ := a.JSON[name].(string)
	return s
}

// do sends body: text as it is, nil as none, anything else as JSON. Addresses
// that begin with a tilde stand below the API's base path.
func (c *client) do(method, address string, body any) answered {
	GinkgoHelper()
	address = strings.Replace(address, "~", api.BasePath, 1)
	r := httptest.NewRequest(method, address, exchange.Body(body))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	return c.send(r)
}

func (c *client) send(r *http.Request) answered {
	GinkgoHelper()
	w := httptest.NewRecorder()
	c.product.ServeHTTP(w, r)
	answer := answered{Status: w.Code, Header: w.Header(), Raw: w.Body.String()}
	if strings.HasPrefix(strings.TrimSpace(answer.Raw), "{") && strings.Contains(w.Header().Get("Content-Type"), "json") {
		if !strings.Contains(w.Header().Get("Content-Type"), "ndjson") {
			Expect(json.Unmarshal(w.Body.Bytes(), &answer.JSON)).To(Succeed(), answer.Raw)
		}
	}
	exchange.Check(r, w.Code, w.Header(), w.Body.Bytes())
	return answer
}

// pages follows a list's cursors from an address with a query to the end, and
// returns the ids of everything on the way.
func (c *client) pages(address string) map[any]bool {
	GinkgoHelper()
	seen := map[any]bool{}
	for next := address; next != ""; {
		page := c.get(next)
		Expect(page.Status).To(Equal(http.StatusOK), page.Raw)
		for _, item := range page.JSON["items"].([]any) {
			seen[item.(object)["id"]] = true
		}
		next = ""
		if cursor := page.text("next_cursor"); cursor != "" {
			next = address + "&cursor=" + cursor
		}
	}
	return seen
}

func (c *client) get(address string) answered { return c.do(http.MethodGet, address, nil) }

func (c *client) post(address string, body any) answered { return c.do(http.MethodPost, address, body) }

func (c *client) put(address string, body any) answered { return c.do(http.MethodPut, address, body) }

func (c *client) patch(address string, body any) answered {
	return c.do(http.MethodPatch, address, body)
}
func (c *client) delete(address string) answered { return c.do(http.MethodDelete, address, nil) }

// workspace creates one and returns its id.
func (c *client) workspace(name string) string {
	GinkgoHelper()
	a := c.post("~/workspaces", map[string]any{"display_name": name})
	Expect(a.Status).To(Equal(http.StatusCreated), a.Raw)
	return a.text("id")
}

// tenant registers a directory and returns the tenant's id.
func (c *client) tenant(ws string) string {
	GinkgoHelper()
	a := c.post("~/workspaces/"+ws+"/tenants", map[string]any{"display_name": "Fabrikam", "directory_id": store.NewID()})
	Expect(a.Status).To(Equal(http.StatusCreated), a.Raw)
	return a.text("id")
}

type object = map[string]any
