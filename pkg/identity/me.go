package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Me is what a person is and may do, everywhere.
type Me struct {
	User        tenancy.User
	Memberships []Membership // by workspace name
}

// Membership is a person's place in one workspace.
type Membership struct {
	Workspace    tenancy.Workspace
	Role         tenancy.WorkspaceRole
	Capabilities []access.Capability // of the workspace
	Tenants      []TenantAccess      // those the person is entitled to, by id
}

// TenantAccess is what a person may do in one tenant.
type TenantAccess struct {
	TenantID     tenancy.TenantID
	DisplayName  string
	Role         tenancy.TenantRole // by membership or implied by the workspace role
	Capabilities []access.Capability
}

// CustomerOnly reports whether the person is nothing but a customer: for them
// the operators' plane does not exist. No membership at all is not that.
func (m Me) CustomerOnly() bool {
	for _, ms := range m.Memberships {
		if ms.Role != tenancy.Customer {
			return false
		}
	}
	return len(m.Memberships) > 0
}

// OnlyCustomer is Me(…).CustomerOnly() at the price of one small query, for
// edges that ask at every request.
func (s *Service) OnlyCustomer(ctx context.Context, a access.Actor) (bool, error) {
	only, err := s.store.OnlyCustomer(ctx, a.UserID)
	if err != nil {
		return false, fmt.Errorf("read the roles: %w", err)
	}
	return only, nil
}

// Me says what the actor is and may do.
func (s *Service) Me(ctx context.Context, a access.Actor) (Me, error) {
	var me Me
	user, err := s.store.UserByID(ctx, a.UserID)
	if err != nil {
		return me, fmt.Errorf("load the account: %w", err)
	}
	workspaces, err := s.store.WorkspacesOf(ctx, a.UserID)
	if err != nil {
		return me, fmt.Errorf("list workspaces: %w", err)
	}
	me.User, me.Memberships = user, make([]Membership, 0, len(workspaces))
	for _, ws := range workspaces {
		m, err := s.membership(ctx, a, ws)
		if fault.HasCode(err, fault.CodeNotFound) {
			continue // left between the two reads
		}
		if err != nil {
			return Me{}, err
		}
		me.Memberships = append(me.Memberships, m)
	}
	return me, nil
}

func (s *Service) membership(ctx context.Context, a access.Actor, ws tenancy.Workspace) (Membership, error) {
	scope, err := s.gate.Customer(ctx, a, ws.ID)
	if err != nil {
		return Membership{}, fmt.Errorf("read a membership: %w", err)
	}
	names, err := s.store.TenantNames(ctx, scope)
	if err != nil {
		return Membership{}, fmt.Errorf("read tenant names: %w", err)
	}
	m := Membership{Workspace: ws, Role: scope.Role(), Capabilities: scope.Capabilities(""), Tenants: []TenantAccess{}}
	// Capabilities depend on the role only: ask once per role, not per tenant.
	byRole := map[tenancy.TenantRole][]access.Capability{}
	for _, t := range scope.Tenants() {
		role := scope.TenantRole(t)
		if _, asked := byRole[role]; !asked {
			byRole[role] = scope.Capabilities(t)
		}
		m.Tenants = append(m.Tenants, TenantAccess{
			TenantID: t, DisplayName: names[t], Role: role, Capabilities: byRole[role],
		})
	}
	return m, nil
}

// Notification tells a person what became of something they started.
type Notification struct {
	ID          string
	UserID      tenancy.UserID
	WorkspaceID tenancy.WorkspaceID
	Kind        string // e.g. operation.completed
	OperationID string // may be empty
	Title       string
	Body        string
	CreatedAt   time.Time
	ReadAt      *time.Time
}

// Notifications lists the actor's own, newest first.
func (s *Service) Notifications(ctx context.Context, a access.Actor, limit int, cursor string) ([]Notification, string, error) {
	items, next, err := s.store.Notifications(ctx, a.UserID, limit, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("list notifications: %w", err)
	}
	return items, next, nil
}

// MarkRead marks the actor's own notifications as read, all of them when ids is
// empty, and returns how many changed. Ids that are not the actor's are passed over.
func (s *Service) MarkRead(ctx context.Context, a access.Actor, ids []string) (int, error) {
	n, err := s.store.MarkRead(ctx, a.UserID, ids, s.now())
	if err != nil {
		return 0, fmt.Errorf("mark notifications as read: %w", err)
	}
	return n, nil
}
