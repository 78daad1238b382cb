package access

import (
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Actor is who asks: a signed-in person, an API token acting for one, or the
// system working on a run.
type Actor struct {
	UserID      tenancy.UserID // empty for the system
	DisplayName string
	Via         Via
	TokenID     string // set when Via is ViaToken
}

// Via is how an actor proved who it is.
type Via string

// The ways to prove who one is.
const (
	ViaSession Via = "session"
	ViaToken   Via = "token"
	ViaSystem  Via = "system"
)

// Scope is proof that an actor may touch a workspace and some of its tenants.
// Only a Gate and System mint one; every store method demands one and adds its
// conditions, so a query without a scope has no spelling.
type Scope struct {
	workspace tenancy.WorkspaceID
	actor     Actor
	role      tenancy.WorkspaceRole
	all       bool // entitled to every tenant of the workspace
	tenants   []tenancy.TenantID
	decide    func(Capability, tenancy.TenantID) bool
}

// Workspace is the one workspace this scope reaches.
func (s Scope) Workspace() tenancy.WorkspaceID { return s.workspace }

// Actor is who the scope was minted for.
func (s Scope) Actor() Actor { return s.actor }

// Valid reports whether the scope was minted at all.
func (s Scope) Valid() bool { return s.workspace != "" }

// AllTenants reports whether the actor is entitled to every tenant of the workspace.
func (s Scope) AllTenants() bool { return s.all }

// Tenants lists the tenants the actor is entitled to; meaningless when AllTenants.
func (s Scope) Tenants() []tenancy.TenantID { return slices.Clone(s.tenants) }

// Sees reports whether the actor is entitled to the tenant.
func (s Scope) Sees(t tenancy.TenantID) bool { return s.all || slices.Contains(s.tenants, t) }

// Can reports whether the actor holds the capability: on the workspace when
// tenant is empty, else on that tenant. It decides on the memberships that the
// scope was minted from.
func (s Scope) Can(c Capability, t tenancy.TenantID) bool {
	return s.decide != nil && s.decide(c, t)
}

// System mints the scope of the system's own work in one workspace: workers use
// it for the run they hold, and nothing else does.
func System(ws tenancy.WorkspaceID) Scope {
	return Scope{
		workspace: ws, all: true,
		actor:  Actor{DisplayName: "TenantAtlas", Via: ViaSystem},
		decide: func(Capability, tenancy.TenantID) bool { return true },
	}
}
