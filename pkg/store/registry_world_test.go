package store_test

import (
	"context"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// clock is the time of a world; specs move it by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is the rooms of this part on the suite's database.
type world struct {
	db       *store.DB
	gate     *access.Gate
	registry *registry.Registry
	identity *identity.Service
	clock    *clock
}

func newWorld(ctx context.Context) *world {
	GinkgoHelper()
	w := &world{db: sharedDB(ctx), clock: &clock{at: time.Now().UTC().Truncate(time.Microsecond)}}
	gate, err := access.NewGate(w.db.Memberships())
	Expect(err).NotTo(HaveOccurred())
	w.gate = gate
	w.registry, err = registry.New(registry.Parts{Store: w.db.Registry(), Audit: w.db, Gate: gate, Now: w.clock.now})
	Expect(err).NotTo(HaveOccurred())
	w.identity, err = identity.New(identity.Parts{
		Store: w.db.Identity(), Audit: w.db, Gate: gate, Now: w.clock.now, Pepper: make([]byte, 32),
	})
	Expect(err).NotTo(HaveOccurred())
	return w
}

// person makes an account of its own and returns it as an actor.
func (w *world) person(ctx context.Context) access.Actor {
	GinkgoHelper()
	u, err := w.identity.CreateUser(ctx, identity.NewUser{Email: store.NewID() + "@example.test", DisplayName: "Kim"})
	Expect(err).NotTo(HaveOccurred())
	return access.Actor{UserID: u.ID, DisplayName: u.DisplayName, Via: access.ViaSession}
}

// team is a workspace with an owner and two tenants; every team looks alike.
type team struct {
	*world
	ws    tenancy.WorkspaceID
	owner access.Actor
	a, b  tenancy.Tenant
}

func (w *world) team(ctx context.Context) *team {
	GinkgoHelper()
	t := &team{world: w, owner: w.person(ctx)}
	ws, err := w.registry.CreateWorkspace(ctx, t.owner, "Nordlicht")
	Expect(err).NotTo(HaveOccurred())
	t.ws = ws.ID
	t.a, t.b = t.tenant(ctx, "Alpha"), t.tenant(ctx, "Beta")
	return t
}

func (t *team) tenant(ctx context.Context, name string) tenancy.Tenant {
	GinkgoHelper()
	n := registry.NewTenant{DisplayName: name, DirectoryID: store.NewID(), Cloud: tenancy.CloudGlobal}
	tenant, err := t.registry.CreateTenant(ctx, t.scope(ctx, t.owner), n)
	Expect(err).NotTo(HaveOccurred())
	return tenant
}

func (t *team) scope(ctx context.Context, a access.Actor) access.Scope {
	GinkgoHelper()
	s, err := t.gate.Workspace(ctx, a, t.ws)
	Expect(err).NotTo(HaveOccurred())
	return s
}

// member makes a person who is a member of the team.
func (t *team) member(ctx context.Context, role tenancy.WorkspaceRole) (access.Actor, tenancy.Member) {
	GinkgoHelper()
	m, err := t.registry.AddMember(ctx, t.scope(ctx, t.owner), store.NewID()+"@example.test", role)
	Expect(err).NotTo(HaveOccurred())
	return access.Actor{UserID: m.User.ID, DisplayName: m.User.DisplayName, Via: access.ViaSession}, m
}

// entitle gives a member a tenant.
func (t *team) entitle(ctx context.Context, a access.Actor, tenant tenancy.TenantID, role tenancy.TenantRole) {
	GinkgoHelper()
	_, err := t.registry.PutTenantMember(ctx, t.scope(ctx, t.owner), tenant, a.UserID, role)
	Expect(err).NotTo(HaveOccurred())
}

// connect gives a tenant a connection with the secret.
func (t *team) connect(ctx context.Context, tenant tenancy.TenantID, secret string, expected *int64) tenancy.Connection {
	GinkgoHelper()
	c, err := t.registry.PutConnection(ctx, t.scope(ctx, t.owner), tenant, expected, connectionWith(secret))
	Expect(err).NotTo(HaveOccurred())
	return c
}

func connectionWith(secret string) registry.NewConnection {
	return registry.NewConnection{
		ClientID: "6f1c2b1e-0000-4000-8000-00000000000a", Kind: tenancy.ClientSecret, Secret: tenancy.NewSecret(secret), WriteEnabled: true,
	}
}

// haveCode matches an error that is, or wraps, the fault with the code.
func haveCode(code string) types.GomegaMatcher {
	return WithTransform(func(err error) string {
		if f := fault.As(err); f != nil {
			return f.Code
		}
		return "no fault"
	}, Equal(code))
}

func revision(n int64) *int64 { return &n }
