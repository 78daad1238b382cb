package access

import (
	"maps"
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
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
// conditions, so a query without a scope has no spelling. A scope is as old as
// the memberships it was minted from: use it for one request.
type Scope struct {
	workspace tenancy.WorkspaceID
	actor     Actor
	role      tenancy.WorkspaceRole
	policy    *policy
	all       bool // entitled to every tenant of the workspace
	// tenants holds the tenants seen and the tenant role held there, "" where
	// only the workspace role speaks; nil for the system.
	tenants map[tenancy.TenantID]tenancy.TenantRole
}

// Workspace is the one workspace this scope reaches.
func (s Scope) Workspace() tenancy.WorkspaceID { return s.workspace }

// Actor is who the scope was minted for.
func (s Scope) Actor() Actor { return s.actor }

// Role is the actor's role in the workspace; empty for the system.
func (s Scope) Role() tenancy.WorkspaceRole { return s.role }

// Valid reports whether the scope was minted at all.
func (s Scope) Valid() bool { return s.workspace != "" }

// IsSystem reports whether the scope is the system's own.
func (s Scope) IsSystem() bool { return s.Valid() && s.actor.Via == ViaSystem }

// AllTenants reports whether the actor is entitled to every tenant of the workspace.
func (s Scope) AllTenants() bool { return s.all }

// Tenants lists the tenants the actor is entitled to, sorted; empty for the system.
func (s Scope) Tenants() []tenancy.TenantID { return slices.Sorted(maps.Keys(s.tenants)) }

// Sees reports whether the tenant is one of the workspace's and the actor is
// entitled to it. The system's scope says yes to any id.
func (s Scope) Sees(t tenancy.TenantID) bool {
	if s.IsSystem() {
		return t != ""
	}
	_, seen := s.tenants[t]
	return seen
}

// Can reports whether the actor holds the capability; tenant capabilities are
// asked on t, workspace capabilities ignore it. It decides on the memberships
// that the scope was minted from.
func (s Scope) Can(c Capability, t tenancy.TenantID) bool {
	switch {
	case !s.Valid():
		return false
	case s.IsSystem():
		return true
	case !c.ofTenant():
		return s.policy.grants(c, workspaceSubject(s.role))
	case !s.Sees(t):
		return false
	case s.role == tenancy.Customer || s.tenants[t] == "":
		return s.policy.grants(c, workspaceSubject(s.role))
	}
	return s.policy.grants(c, workspaceSubject(s.role), tenantSubject(s.tenants[t]))
}

// ViewsReviews reports whether the actor may see the tenant's published reviews
// on the customer plane.
func (s Scope) ViewsReviews(t tenancy.TenantID) bool {
	return s.Can(CustomerReviewsView, t) || s.Can(TenantReviewsView, t)
}

// TenantRole is what the actor is in a tenant, by tenant membership or by
// workspace role (support: reader); empty when the tenant is not seen.
func (s Scope) TenantRole(t tenancy.TenantID) tenancy.TenantRole {
	held, seen := s.tenants[t]
	if !seen || s.IsSystem() {
		return ""
	}
	implied, _ := s.policy.impliedTenantRole(s.role)
	for _, r := range tenancy.TenantRoles() {
		if r == held || r == implied {
			return r
		}
	}
	return ""
}

// Capabilities lists what the actor holds: the workspace capabilities when t is
// empty, else the capabilities on that tenant.
func (s Scope) Capabilities(t tenancy.TenantID) []Capability {
	held := []Capability{}
	for _, c := range all {
		if c.ofTenant() == (t != "") && s.Can(c, t) {
			held = append(held, c)
		}
	}
	return held
}

func (s Scope) need(t tenancy.TenantID, caps []Capability) error {
	for _, c := range caps {
		if !s.Can(c, t) {
			return fault.Denied(string(c))
		}
	}
	return nil
}

// System mints the scope of the system's own work in one workspace: workers use
// it for the run they hold, and nothing else does.
func System(ws tenancy.WorkspaceID) Scope {
	return Scope{workspace: ws, all: true, actor: Actor{DisplayName: "TenantAtlas", Via: ViaSystem}}
}
