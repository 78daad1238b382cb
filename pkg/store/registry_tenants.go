package store

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

type tenantRow struct {
	ID          string
	WorkspaceID string
	DisplayName string
	DirectoryID string
	Cloud       string
	ArchivedAt  *time.Time
	Revision    int64
	CreatedAt   time.Time
}

func (r tenantRow) tenant() tenancy.Tenant {
	return tenancy.Tenant{
		ID: tenancy.TenantID(r.ID), WorkspaceID: tenancy.WorkspaceID(r.WorkspaceID), DisplayName: r.DisplayName,
		DirectoryID: tenancy.DirectoryID(r.DirectoryID), Cloud: tenancy.Cloud(r.Cloud), ArchivedAt: utc(r.ArchivedAt),
		Revision: r.Revision, CreatedAt: r.CreatedAt.UTC(),
	}
}

func (d registryStore) Tenants(ctx context.Context, s access.Scope, limit int, cursor string) ([]tenancy.Tenant, string, error) {
	kind := "tenants:" + string(s.Workspace())
	limit, from, err := d.oldestPage(kind, limit, cursor)
	if err != nil {
		return nil, "", err
	}
	if err := reach(s); err != nil {
		return nil, "", err
	}
	condition, arg := seen(s, "id")
	var rows []tenantRow
	err = d.read(ctx, &rows, "SELECT * FROM tenants WHERE workspace_id = ? AND "+condition+
		" AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?",
		string(s.Workspace()), arg, from.At, from.ID, limit+1)
	items, next := cutPage(rows, limit, tenantRow.tenant, func(r tenantRow) string {
		return d.EncodeCursor(kind, oldest{r.CreatedAt, r.ID})
	})
	return items, next, err
}

func (d registryStore) Tenant(ctx context.Context, s access.Scope, t tenancy.TenantID) (tenancy.Tenant, error) {
	return d.tenant(ctx, s, t, "")
}

func (d *DB) tenant(ctx context.Context, s access.Scope, t tenancy.TenantID, lock string) (tenancy.Tenant, error) {
	var row tenantRow
	if err := reach(s, string(t)); err != nil {
		return row.tenant(), err
	}
	condition, arg := seen(s, "id")
	err := d.readOne(ctx, &row, "SELECT * FROM tenants WHERE workspace_id = ? AND id = ? AND "+condition+lock,
		string(s.Workspace()), string(t), arg)
	return row.tenant(), err
}

func (d registryStore) CreateTenant(ctx context.Context, s access.Scope, t tenancy.Tenant) (tenancy.Tenant, error) {
	var rows []tenantRow
	if err := reach(s); err != nil {
		return t, err
	}
	err := d.read(ctx, &rows, `
		INSERT INTO tenants (id, workspace_id, display_name, directory_id, cloud, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT ON CONSTRAINT tenants_workspace_directory_key DO NOTHING RETURNING *`,
		NewID(), string(s.Workspace()), t.DisplayName, string(t.DirectoryID), string(t.Cloud), t.CreatedAt)
	if err != nil {
		return t, err
	}
	if len(rows) == 0 {
		return t, registry.ErrExists
	}
	return rows[0].tenant(), nil
}

func (d registryStore) ChangeTenant(ctx context.Context, s access.Scope, id tenancy.TenantID, fn func(*tenancy.Tenant) error) (tenancy.Tenant, error) {
	var t tenancy.Tenant
	err := d.InTx(ctx, func(ctx context.Context) error {
		var err error
		if t, err = d.tenant(ctx, s, id, " FOR UPDATE"); err != nil {
			return err
		}
		if err = fn(&t); err != nil {
			return err
		}
		t.Revision++
		return d.writeOne(ctx, `
			UPDATE tenants SET display_name = ?, cloud = ?, archived_at = ?, revision = ? WHERE workspace_id = ? AND id = ?`,
			t.DisplayName, string(t.Cloud), t.ArchivedAt, t.Revision, string(s.Workspace()), string(id))
	})
	return t, err
}

func (d registryStore) LockTenant(ctx context.Context, s access.Scope, t tenancy.TenantID) error {
	_, err := d.tenant(ctx, s, t, " FOR UPDATE")
	return err
}

const selectTenantMembers = "SELECT m.role, m.revision, " + userColumns +
	" FROM tenant_members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = ? AND m.tenant_id = ?"

func (d registryStore) TenantMembers(ctx context.Context, s access.Scope, t tenancy.TenantID, limit int, cursor string) ([]tenancy.TenantMember, string, error) {
	kind := "tenant-members:" + string(t)
	limit, after, err := d.emailPage(kind, limit, cursor)
	if err != nil {
		return nil, "", err
	}
	if _, err := d.Tenant(ctx, s, t); err != nil {
		return nil, "", err
	}
	var rows []memberRow
	err = d.read(ctx, &rows, selectTenantMembers+" AND u.email > ? ORDER BY u.email LIMIT ?",
		string(s.Workspace()), string(t), after, limit+1)
	items, next := cutPage(rows, limit, memberRow.tenantMember, func(r memberRow) string { return d.EncodeCursor(kind, r.User.Email) })
	return items, next, err
}

func (d registryStore) TenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID) (tenancy.TenantMember, error) {
	var row memberRow
	if err := reach(s, string(t), string(user)); err != nil {
		return row.tenantMember(), err
	}
	condition, arg := seen(s, "m.tenant_id")
	err := d.readOne(ctx, &row, selectTenantMembers+" AND m.user_id = ? AND "+condition,
		string(s.Workspace()), string(t), string(user), arg)
	return row.tenantMember(), err
}

func (d registryStore) PutTenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID, role tenancy.TenantRole, at time.Time) (tenancy.TenantMember, error) {
	if _, err := d.Tenant(ctx, s, t); err != nil {
		return tenancy.TenantMember{}, err
	}
	_, err := d.write(ctx, `
		INSERT INTO tenant_members (workspace_id, tenant_id, user_id, role, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, user_id) DO UPDATE SET role = excluded.role, revision = tenant_members.revision + 1`,
		string(s.Workspace()), string(t), string(user), string(role), at)
	if err != nil {
		return tenancy.TenantMember{}, err
	}
	return d.TenantMember(ctx, s, t, user)
}

func (d registryStore) RemoveTenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID) error {
	if err := reach(s, string(t), string(user)); err != nil {
		return err
	}
	condition, arg := seen(s, "tenant_id")
	return d.writeOne(ctx, "DELETE FROM tenant_members WHERE workspace_id = ? AND tenant_id = ? AND user_id = ? AND "+condition,
		string(s.Workspace()), string(t), string(user), arg)
}
