package rbac_test

import (
	"context"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
	"github.com/tenantatlas/tenantatlas/test/contract/surface"
	"github.com/tenantatlas/tenantatlas/test/refusals/ledger"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

type object = map[string]any

const (
	spareDirectory = "c5e3f902-73d4-4b20-9c3d-2e7f40819d01"
	otherOwner     = "owner of another workspace"
	newDirectory   = "c5e3f902-73d4-4b20-9c3d-2e7f40819d02"
	nothingID      = "0199b2f0-0000-7000-8000-000000000000"
)

// cast is the world with everybody who asks, and the ids of what they ask about.
type cast struct {
	*world.World
	db      *pgx.Conn
	ledger  *ledger.Ledger
	doc     *surface.Document
	spare   world.Tenant
	people  []person
	clients map[string]*stack.Client // by person
	// credentials are header and value that a person sends, by person.
	credentials map[string][2]string
	things      map[string]map[string]string // leaf ids by place and parameter
	subject     string                       // key of a subject of the source
}

// assemble boots the product for all specs of a container, which outlives the
// node that calls it.
func assemble() *cast {
	GinkgoHelper()
	ctx := context.Background()
	o := stack.Options{}
	o.Graph.Tenants = []graphsim.Tenant{{Directory: spareDirectory, Objects: map[string][]graphsim.Object{
		"groups": {{"displayName": "Spare group"}}, "namedLocations": {{
			"displayName": "Spare place", "@odata.type": "#microsoft.graph.ipNamedLocation",
			"ipRanges": []any{object{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}},
		}},
	}}}
	c := &cast{World: world.Start(ctx, o), clients: map[string]*stack.Client{}, credentials: map[string][2]string{}, things: map[string]map[string]string{}}
	a := c.Owner.Post(c.Path("tenants"), object{"display_name": "Peninsula (spare)", "directory_id": spareDirectory}).Expect(201)
	c.spare = world.Tenant{ID: a.Text("id"), Directory: spareDirectory}
	c.Connect(c.spare, graphsim.Secret, true)
	c.Sync(ctx, c.Side, c.Source, c.Target, c.spare)
	c.Sync(ctx, c.Twin, c.Twin.Source, c.Twin.Target)
	var err error
	c.db, err = pgx.Connect(ctx, c.DSN)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) error { return c.db.Close(ctx) })
	c.ledger, c.doc = ledger.Open(ctx, c.DSN), surface.Served(c.APIs[0].Address())
	c.subject = c.Preview(c.Owner, c.Selection()).Items[0].Key
	c.gather(ctx)
	c.learnThings(ctx)
	return c
}

// gather makes everybody who asks, from nobody to the customer.
func (c *cast) gather(ctx context.Context) {
	GinkgoHelper()
	add := func(p person, client *stack.Client) {
		c.people = append(c.people, p)
		c.clients[p.name] = client
		if client.Email != "" {
			secret, err := c.Rooms.CreateToken(ctx, client.Email, "stream")
			Expect(err).NotTo(HaveOccurred())
			c.present(p.name, "Authorization", "Bearer "+secret.Reveal())
		}
	}
	member := func(name string, role tenancy.WorkspaceRole, tenantRole tenancy.TenantRole) {
		client := c.Join(ctx, world.Name, strings.ReplaceAll(name, " ", "-")+"@fjord.example", role)
		for _, t := range []world.Tenant{c.Source, c.Target} {
			c.Owner.Post(c.Path("tenants", t.ID, "members"), object{"user_id": string(client.UserID), "role": string(tenantRole)}).Expect(201)
		}
		add(person{name, true, string(role), map[string]string{source: string(tenantRole), target: string(tenantRole)}}, client)
	}
	for name, credential := range map[string][2]string{
		"anonymous": {"Accept", "*/*"}, "garbage token": {"Authorization", "Bearer ta_pat_garbage"},
		"revoked token": {"Authorization", c.revoked(ctx)}, "expired session": {"Cookie", c.expired(ctx)},
	} {
		c.present(name, credential[0], credential[1])
		add(person{name: name}, c.Outside.With(credential[0], credential[1]))
	}
	add(person{name: "member of nothing", known: true}, c.Nobody)
	add(person{name: otherOwner, known: true}, c.Twin.Owner)
	add(person{name: "owner", known: true, role: "owner"}, c.Owner)
	add(person{name: "manager", known: true, role: "manager"}, c.Manager)
	member("operator managing tenants", tenancy.Operator, tenancy.TenantManager)
	member("operator operating tenants", tenancy.Operator, tenancy.TenantOperator)
	member("operator reading tenants", tenancy.Operator, tenancy.TenantReader)
	member("readonly reading tenants", tenancy.Readonly, tenancy.TenantReader)
	member("readonly managing tenants", tenancy.Readonly, tenancy.TenantManager)
	add(person{name: "support", known: true, role: "support"}, c.Support)
	member("customer", tenancy.Customer, tenancy.TenantManager)
}

func (c *cast) present(name, header, value string) { c.credentials[name] = [2]string{header, value} }

// revoked is an Authorization header that was good once.
func (c *cast) revoked(ctx context.Context) string {
	GinkgoHelper()
	who := c.Join(ctx, world.Name, "revoked@fjord.example", tenancy.Owner)
	a := who.Post("/me/tokens", object{"name": "short-lived"}).Expect(201)
	who.Delete("/me/tokens/" + a.Text("id")).Expect(204)
	return "Bearer " + a.Text("secret")
}

// expired is a Cookie header that was good once.
func (c *cast) expired(ctx context.Context) string {
	GinkgoHelper()
	who := c.Join(ctx, world.Name, "expired@fjord.example", tenancy.Owner)
	c.SetPassword(ctx, who)
	a := c.Outside.Post("/session", object{"email": who.Email, "password": stack.Password}).Expect(200)
	cookie, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
	browser := c.Outside.With("Cookie", cookie)
	browser.Get("/me").Expect(http.StatusOK)
	_, err := c.db.Exec(ctx, `UPDATE sessions SET created_at = created_at - interval '30 days', seen_at = seen_at - interval '30 days' WHERE user_id = $1`, who.UserID)
	Expect(err).NotTo(HaveOccurred())
	return cookie
}

// learnThings finds ids below the shared, the unentitled and the foreign tenant.
func (c *cast) learnThings(ctx context.Context) {
	GinkgoHelper()
	for name, at := range map[string]struct {
		tenant world.Tenant
		user   *stack.Client
	}{
		target: {c.Target, c.clients["readonly reading tenants"]}, spare: {c.spare, c.Idle}, foreign: {c.Twin.Target, c.Twin.Readonly},
	} {
		one := func(statement string) string {
			var id string
			Expect(c.db.QueryRow(ctx, statement, at.tenant.ID).Scan(&id)).To(Succeed(), statement)
			return id
		}
		c.things[name] = map[string]string{
			"subject_id":   one(`SELECT id::text FROM governed_subjects WHERE tenant_id = $1 LIMIT 1`),
			"version_id":   one(`SELECT version_id::text FROM governed_subjects WHERE tenant_id = $1 LIMIT 1`),
			"operation_id": one(`SELECT id::text FROM operation_runs WHERE tenant_id = $1 AND type = 'inventory.sync' LIMIT 1`),
			"tenant_id":    at.tenant.ID, "user_id": string(at.user.UserID), "token_id": c.tokenOf(ctx, at.user),
		}
	}
	c.things[random] = map[string]string{}
	for name := range c.things[target] {
		c.things[random][name] = nothingID
	}
}

func (c *cast) tokenOf(ctx context.Context, who *stack.Client) string {
	GinkgoHelper()
	var id string
	Expect(c.db.QueryRow(ctx, `SELECT id::text FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL LIMIT 1`, who.UserID).Scan(&id)).To(Succeed())
	return id
}

// ids are the path's values for a person at a place; what is shared holds the
// person's own token.
func (c *cast) ids(ctx context.Context, p person, at place) map[string]string {
	GinkgoHelper()
	values := map[string]string{"operation_type": "inventory.sync"}
	for name, id := range c.things[at.leaf] {
		values[name] = id
	}
	values["workspace_id"] = map[string]string{"own": c.Workspace, foreign: c.Twin.Workspace, random: nothingID}[at.workspace]
	values["tenant_id"] = c.things[at.tenant]["tenant_id"]
	if own := c.clients[p.name]; at.leaf == target && p.known && own.UserID != "" {
		values["token_id"] = c.tokenOf(ctx, own)
	}
	return values
}
