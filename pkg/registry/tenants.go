package registry

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// CodeDirectoryRegistered says that the workspace has the directory already.
const CodeDirectoryRegistered = "directory_already_registered"

// NewTenant describes a tenant to be registered.
type NewTenant struct {
	DisplayName string
	DirectoryID string // the Entra tenant GUID, in any case
	Cloud       tenancy.Cloud
}

// TenantChange is what may be changed of a tenant; nil leaves a field as it is.
type TenantChange struct {
	DisplayName *string
	Cloud       *tenancy.Cloud
}

// Tenants lists the tenants the actor is entitled to, archived ones too, in the
// order of registration.
func (r *Registry) Tenants(ctx context.Context, s access.Scope, limit int, cursor string) ([]tenancy.Tenant, string, error) {
	items, next, err := r.store.Tenants(ctx, s, limit, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("list tenants: %w", err)
	}
	return items, next, nil
}

// Tenant returns one tenant that the scope sees.
func (r *Registry) Tenant(ctx context.Context, s access.Scope, id tenancy.TenantID) (tenancy.Tenant, error) {
	t, err := r.store.Tenant(ctx, s, id)
	if err != nil {
		return t, fmt.Errorf("load the tenant: %w", err)
	}
	return t, nil
}

// CreateTenant registers a directory in the scope's workspace. It may be
// registered once per workspace, whether archived or not.
func (r *Registry) CreateTenant(ctx context.Context, s access.Scope, n NewTenant) (tenancy.Tenant, error) {
	var t tenancy.Tenant
	err := r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.gate.Again(ctx, s, "", access.WorkspaceTenantsCreate); err != nil {
			return err
		}
		clean, err := n.clean()
		if err != nil {
			return err
		}
		clean.CreatedAt = r.now()
		if t, err = r.store.CreateTenant(ctx, s, clean); err != nil {
			return exists(err, fault.New(fault.Conflict, CodeDirectoryRegistered,
				"This workspace has registered the directory already. Open that tenant instead."))
		}
		return r.record(ctx, s, audit.Event{
			Action: audit.TenantCreated, Tenant: t.ID, TargetKind: "tenant", TargetID: string(t.ID),
			Details: map[string]any{"directory_id": t.DirectoryID, "cloud": t.Cloud},
		})
	})
	return t, err
}

var guid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func (n NewTenant) clean() (tenancy.Tenant, error) {
	name, err := cleanName(n.DisplayName, "body.display_name")
	if err != nil {
		return tenancy.Tenant{}, err
	}
	directory := strings.ToLower(strings.TrimSpace(n.DirectoryID))
	if !guid.MatchString(directory) {
		return tenancy.Tenant{}, fault.InvalidInput("A directory is named by its Entra tenant GUID.").
			At("body.directory_id", "is not a GUID")
	}
	if err := checkCloud(n.Cloud); err != nil {
		return tenancy.Tenant{}, err
	}
	return tenancy.Tenant{DisplayName: name, DirectoryID: tenancy.DirectoryID(directory), Cloud: n.Cloud}, nil
}

func checkCloud(c tenancy.Cloud) error {
	if !c.Known() {
		return fault.InvalidInput("There is no such cloud.").At("body.cloud", "is not a cloud")
	}
	return nil
}

// ChangeTenant changes a tenant's name or cloud; it needs tenant.manage. The
// directory of a tenant never changes.
func (r *Registry) ChangeTenant(ctx context.Context, s access.Scope, id tenancy.TenantID, expected *int64, c TenantChange) (tenancy.Tenant, error) {
	return r.changeTenant(ctx, s, id, audit.TenantUpdated, func(t *tenancy.Tenant) error {
		if c.DisplayName != nil {
			name, err := cleanName(*c.DisplayName, "body.display_name")
			if err != nil {
				return err
			}
			t.DisplayName = name
		}
		if c.Cloud != nil {
			if err := checkCloud(*c.Cloud); err != nil {
				return err
			}
			t.Cloud = *c.Cloud
		}
		return tenancy.CheckRevision(expected, t.Revision)
	})
}

// ArchiveTenant takes a tenant out of use: nothing new starts for it, runs that
// are active see it at their next gate. Archiving it again changes nothing.
func (r *Registry) ArchiveTenant(ctx context.Context, s access.Scope, id tenancy.TenantID) (tenancy.Tenant, error) {
	t, err := r.changeTenant(ctx, s, id, audit.TenantArchived, func(t *tenancy.Tenant) error {
		if t.ArchivedAt != nil {
			return errUnchanged
		}
		now := r.now()
		t.ArchivedAt = &now
		return nil
	})
	return t, err
}

// errUnchanged ends a change that has nothing to do.
var errUnchanged = errors.New("registry: nothing to change")

func (r *Registry) changeTenant(ctx context.Context, s access.Scope, id tenancy.TenantID, action audit.Action, fn func(*tenancy.Tenant) error) (tenancy.Tenant, error) {
	var t tenancy.Tenant
	err := r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.gate.Again(ctx, s, id, access.TenantManage); err != nil {
			return err
		}
		var err error
		t, err = r.store.ChangeTenant(ctx, s, id, fn)
		if errors.Is(err, errUnchanged) {
			t, err = r.store.Tenant(ctx, s, id)
			return err
		}
		if err != nil {
			return fmt.Errorf("change the tenant: %w", err)
		}
		return r.record(ctx, s, audit.Event{Action: action, Tenant: id, TargetKind: "tenant", TargetID: string(id)})
	})
	return t, err
}

// TenantMembers lists who holds a tenant membership, by email. Owners, managers
// and support see the tenant without one and are not listed.
func (r *Registry) TenantMembers(ctx context.Context, s access.Scope, t tenancy.TenantID, limit int, cursor string) ([]tenancy.TenantMember, string, error) {
	items, next, err := r.store.TenantMembers(ctx, s, t, limit, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("list tenant members: %w", err)
	}
	return items, next, nil
}

// PutTenantMember entitles a member of the workspace to the tenant; for somebody
// who is entitled already it changes the role. Nobody outside the workspace is found.
func (r *Registry) PutTenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID, role tenancy.TenantRole) (tenancy.TenantMember, error) {
	var m tenancy.TenantMember
	err := r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.gate.Again(ctx, s, t, access.TenantMembersManage); err != nil {
			return err
		}
		if !role.Known() {
			return fault.InvalidInput("There is no such role.").At("body.role", "is not a role")
		}
		if _, err := r.store.Member(ctx, s, user); err != nil {
			return fmt.Errorf("load the member: %w", err)
		}
		var err error
		if m, err = r.store.PutTenantMember(ctx, s, t, user, role, r.now()); err != nil {
			return fmt.Errorf("store the tenant member: %w", err)
		}
		action := audit.TenantMemberAdded
		if m.Revision > 1 {
			action = audit.TenantMemberRoleChanged
		}
		return r.record(ctx, s, tenantMemberEvent(action, t, user, role))
	})
	return m, err
}

// RemoveTenantMember takes the entitlement away.
func (r *Registry) RemoveTenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID, expected *int64) error {
	return r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.gate.Again(ctx, s, t, access.TenantMembersManage); err != nil {
			return err
		}
		m, err := r.store.TenantMember(ctx, s, t, user)
		if err != nil {
			return fmt.Errorf("load the tenant member: %w", err)
		}
		if err := tenancy.CheckRevision(expected, m.Revision); err != nil {
			return err
		}
		if err := r.store.RemoveTenantMember(ctx, s, t, user); err != nil {
			return fmt.Errorf("remove the tenant member: %w", err)
		}
		return r.record(ctx, s, tenantMemberEvent(audit.TenantMemberRemoved, t, user, m.Role))
	})
}

func tenantMemberEvent(a audit.Action, t tenancy.TenantID, user tenancy.UserID, role tenancy.TenantRole) audit.Event {
	return audit.Event{
		Action: a, Tenant: t, TargetKind: "tenant_member", TargetID: string(user),
		Details: map[string]any{"role": role},
	}
}
