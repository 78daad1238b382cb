package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Membership is what a person is in one workspace.
type Membership struct {
	Role    tenancy.WorkspaceRole
	Tenants map[tenancy.TenantID]tenancy.TenantRole // tenant memberships of this workspace only
}

// Memberships is where the gate reads who is what. Both methods read in the
// transaction that ctx carries, if any, and are never cached: what has been
// taken away counts at the next question.
type Memberships interface {
	// Membership returns nil when the user is no member of the workspace, or
	// when either id names nothing.
	Membership(ctx context.Context, user tenancy.UserID, ws tenancy.WorkspaceID) (*Membership, error)
	// TenantIDs lists every tenant of the workspace, archived ones too.
	TenantIDs(ctx context.Context, ws tenancy.WorkspaceID) ([]tenancy.TenantID, error)
}

// Gate decides who may do what, and mints scopes. It is safe for concurrent use.
type Gate struct {
	members Memberships
	policy  *policy
}

// NewGate loads the embedded policy; an error is a mistake in the program.
func NewGate(m Memberships) (*Gate, error) {
	p, err := loadPolicy()
	if err != nil {
		return nil, err
	}
	return &Gate{members: m, policy: p}, nil
}

// Workspace admits the actor to a workspace. Whoever is no member, and every
// customer, gets fault.Missing; a member without one of the workspace
// capabilities gets fault.Denied naming the first that is lacking.
func (g *Gate) Workspace(ctx context.Context, a Actor, ws tenancy.WorkspaceID, caps ...Capability) (Scope, error) {
	s, err := g.internal(ctx, a, ws)
	if err != nil {
		return Scope{}, err
	}
	if err := s.need("", caps); err != nil {
		return Scope{}, err
	}
	return s, nil
}

// Tenant admits the actor to one tenant of a workspace, like Workspace. The
// capabilities may be of the workspace or of the tenant.
func (g *Gate) Tenant(ctx context.Context, a Actor, ws tenancy.WorkspaceID, t tenancy.TenantID, caps ...Capability) (Scope, error) {
	s, err := g.internal(ctx, a, ws)
	if err != nil {
		return Scope{}, err
	}
	if !s.Sees(t) {
		return Scope{}, fault.Missing()
	}
	if err := s.need(t, caps); err != nil {
		return Scope{}, err
	}
	return s, nil
}

// Again mints the scope anew from the memberships as they are in the
// transaction of ctx, and demands the capabilities (tenant ones on t). Verbs
// that change something call it inside their transaction, so that a right lost
// since the request began no longer counts, and verbs whose tenants stand in a
// body ask it about each. The system's scope passes.
func (g *Gate) Again(ctx context.Context, s Scope, t tenancy.TenantID, caps ...Capability) (Scope, error) {
	switch {
	case !s.Valid():
		return Scope{}, fault.Missing()
	case s.actor.Via == ViaSystem:
		return s, nil
	case t == "" && slices.ContainsFunc(caps, Capability.ofTenant):
		return Scope{}, fault.Missing() // an empty id names no tenant
	case t == "":
		return g.Workspace(ctx, s.actor, s.workspace, caps...)
	}
	return g.Tenant(ctx, s.actor, s.workspace, t, caps...)
}

// Customer admits the actor to the customer plane of a workspace: customers,
// and members whose scope then says which tenants' reviews they may view.
// Decide each tenant with Scope.ViewsReviews.
func (g *Gate) Customer(ctx context.Context, a Actor, ws tenancy.WorkspaceID) (Scope, error) {
	return g.mint(ctx, a, ws)
}

// internal mints a scope for the operators' plane, where a customer does not exist.
func (g *Gate) internal(ctx context.Context, a Actor, ws tenancy.WorkspaceID) (Scope, error) {
	s, err := g.mint(ctx, a, ws)
	if err == nil && s.role == tenancy.Customer {
		return Scope{}, fault.Missing()
	}
	return s, err
}

func (g *Gate) mint(ctx context.Context, a Actor, ws tenancy.WorkspaceID) (Scope, error) {
	if a.UserID == "" || ws == "" {
		return Scope{}, fault.Missing()
	}
	m, err := g.members.Membership(ctx, a.UserID, ws)
	if err != nil {
		return Scope{}, fmt.Errorf("read the membership: %w", err)
	}
	if m == nil || !m.Role.Known() {
		return Scope{}, fault.Missing()
	}
	s := Scope{workspace: ws, actor: a, role: m.Role, policy: g.policy, tenants: m.Tenants}
	if _, all := g.policy.impliedTenantRole(m.Role); !all {
		return s, nil
	}
	ids, err := g.members.TenantIDs(ctx, ws)
	if err != nil {
		return Scope{}, fmt.Errorf("list the workspace's tenants: %w", err)
	}
	s.all, s.tenants = true, make(map[tenancy.TenantID]tenancy.TenantRole, len(ids))
	for _, id := range ids {
		s.tenants[id] = m.Tenants[id]
	}
	return s, nil
}
