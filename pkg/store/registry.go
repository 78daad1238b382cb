package store

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// registryStore is the store as pkg/registry sees it.
type registryStore struct{ *DB }

// Registry returns the store of pkg/registry.
func (d *DB) Registry() registry.Store { return registryStore{d} }

type workspaceRow struct {
	ID          string
	DisplayName string
	Revision    int64
	CreatedAt   time.Time
}

func (r workspaceRow) workspace() tenancy.Workspace {
	return tenancy.Workspace{
		ID: tenancy.WorkspaceID(r.ID), DisplayName: r.DisplayName, Revision: r.Revision, CreatedAt: r.CreatedAt.UTC(),
	}
}

// oldest is a position in a listing by created_at, oldest first.
type oldest newest

// oldestPage checks limit and cursor of an oldest-first listing.
func (d *DB) oldestPage(kind string, limit int, cursor string) (int, oldest, error) {
	from := oldest{ID: noUser}
	limit, err := pageLimit(limit)
	if err == nil && cursor != "" {
		err = d.DecodeCursor(kind, cursor, &from)
	}
	return limit, from, err
}

func (d registryStore) WorkspacesOf(ctx context.Context, user tenancy.UserID, limit int, cursor string) ([]tenancy.Workspace, string, error) {
	kind := "workspaces:" + string(user)
	limit, from, err := d.oldestPage(kind, limit, cursor)
	if err != nil {
		return nil, "", err
	}
	var rows []workspaceRow
	err = d.read(ctx, &rows, `
		SELECT w.* FROM workspaces w JOIN workspace_members m ON m.workspace_id = w.id
		WHERE m.user_id = ? AND m.role <> 'customer' AND (w.created_at, w.id) > (?, ?)
		ORDER BY w.created_at, w.id LIMIT ?`, string(user), from.At, from.ID, limit+1)
	items, next := cutPage(rows, limit, workspaceRow.workspace, func(r workspaceRow) string {
		return d.EncodeCursor(kind, oldest{r.CreatedAt, r.ID})
	})
	return items, next, err
}

func (d registryStore) CreateWorkspace(ctx context.Context, w tenancy.Workspace) (tenancy.Workspace, error) {
	var row workspaceRow
	err := d.readOne(ctx, &row, "INSERT INTO workspaces (id, display_name, created_at) VALUES (?, ?, ?) RETURNING *",
		NewID(), w.DisplayName, w.CreatedAt)
	return row.workspace(), err
}

func (d registryStore) Workspace(ctx context.Context, s access.Scope) (tenancy.Workspace, error) {
	return d.workspace(ctx, s, "")
}

func (d registryStore) workspace(ctx context.Context, s access.Scope, lock string) (tenancy.Workspace, error) {
	var row workspaceRow
	if err := reach(s); err != nil {
		return row.workspace(), err
	}
	err := d.readOne(ctx, &row, "SELECT * FROM workspaces WHERE id = ?"+lock, string(s.Workspace()))
	return row.workspace(), err
}

// WorkspaceByName takes a lock on the name, so that two callers who both find
// nothing do not both create it.
func (d registryStore) WorkspaceByName(ctx context.Context, name string) (tenancy.Workspace, error) {
	var row workspaceRow
	if _, err := d.write(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('workspace:' || ?::text, 0))", name); err != nil {
		return row.workspace(), err
	}
	err := d.readOne(ctx, &row, "SELECT * FROM workspaces WHERE display_name = ? ORDER BY created_at, id LIMIT 1", name)
	return row.workspace(), err
}

func (d registryStore) ChangeWorkspace(ctx context.Context, s access.Scope, fn func(*tenancy.Workspace) error) (tenancy.Workspace, error) {
	var w tenancy.Workspace
	err := d.InTx(ctx, func(ctx context.Context) error {
		var err error
		if w, err = d.workspace(ctx, s, " FOR UPDATE"); err != nil {
			return err
		}
		if err = fn(&w); err != nil {
			return err
		}
		w.Revision++
		return d.writeOne(ctx, "UPDATE workspaces SET display_name = ?, revision = ? WHERE id = ?",
			w.DisplayName, w.Revision, string(s.Workspace()))
	})
	return w, err
}

func (d registryStore) LockWorkspace(ctx context.Context, s access.Scope) error {
	_, err := d.workspace(ctx, s, " FOR UPDATE")
	return err
}

type memberRow struct {
	User     userRow `gorm:"embedded"`
	Role     string
	Revision int64
}

func (r memberRow) member() tenancy.Member {
	return tenancy.Member{User: r.User.user(), Role: tenancy.WorkspaceRole(r.Role), Revision: r.Revision}
}

func (r memberRow) tenantMember() tenancy.TenantMember {
	return tenancy.TenantMember{User: r.User.user(), Role: tenancy.TenantRole(r.Role), Revision: r.Revision}
}

const selectMembers = "SELECT m.role, m.revision, " + userColumns +
	" FROM workspace_members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = ?"

func (d registryStore) Members(ctx context.Context, s access.Scope, limit int, cursor string) ([]tenancy.Member, string, error) {
	kind := "members:" + string(s.Workspace())
	limit, after, err := d.emailPage(kind, limit, cursor)
	if err != nil {
		return nil, "", err
	}
	if err := reach(s); err != nil {
		return nil, "", err
	}
	var rows []memberRow
	err = d.read(ctx, &rows, selectMembers+" AND u.email > ? ORDER BY u.email LIMIT ?", string(s.Workspace()), after, limit+1)
	items, next := cutPage(rows, limit, memberRow.member, func(r memberRow) string { return d.EncodeCursor(kind, r.User.Email) })
	return items, next, err
}

func (d *DB) emailPage(kind string, limit int, cursor string) (int, string, error) {
	after := ""
	limit, err := pageLimit(limit)
	if err == nil && cursor != "" {
		err = d.DecodeCursor(kind, cursor, &after)
	}
	return limit, after, err
}

func (d registryStore) Member(ctx context.Context, s access.Scope, user tenancy.UserID) (tenancy.Member, error) {
	var row memberRow
	if err := reach(s, string(user)); err != nil {
		return row.member(), err
	}
	err := d.readOne(ctx, &row, selectMembers+" AND m.user_id = ?", string(s.Workspace()), string(user))
	return row.member(), err
}

func (d registryStore) AddMember(ctx context.Context, s access.Scope, user tenancy.UserID, role tenancy.WorkspaceRole, at time.Time) error {
	if err := reach(s, string(user)); err != nil {
		return err
	}
	n, err := d.write(ctx, `
		INSERT INTO workspace_members (workspace_id, user_id, role, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (workspace_id, user_id) DO NOTHING`, string(s.Workspace()), string(user), string(role), at)
	if err == nil && n == 0 {
		return registry.ErrExists
	}
	return err
}

func (d registryStore) SetMemberRole(ctx context.Context, s access.Scope, user tenancy.UserID, role tenancy.WorkspaceRole) error {
	if err := reach(s, string(user)); err != nil {
		return err
	}
	return d.writeOne(ctx, `
		UPDATE workspace_members SET role = ?, revision = revision + 1 WHERE workspace_id = ? AND user_id = ?`,
		string(role), string(s.Workspace()), string(user))
}

func (d registryStore) RemoveMember(ctx context.Context, s access.Scope, user tenancy.UserID) error {
	if err := reach(s, string(user)); err != nil {
		return err
	}
	return d.writeOne(ctx, "DELETE FROM workspace_members WHERE workspace_id = ? AND user_id = ?",
		string(s.Workspace()), string(user))
}

func (d registryStore) CountOwners(ctx context.Context, s access.Scope) (int, error) {
	var n int
	if err := reach(s); err != nil {
		return 0, err
	}
	err := d.read(ctx, &n, "SELECT count(*) FROM workspace_members WHERE workspace_id = ? AND role = 'owner'", string(s.Workspace()))
	return n, err
}

// memberships is the store as the gate sees it.
type memberships struct{ *DB }

// Memberships returns where access.Gate reads who is what.
func (d *DB) Memberships() access.Memberships { return memberships{d} }

func (d memberships) Membership(ctx context.Context, user tenancy.UserID, ws tenancy.WorkspaceID) (*access.Membership, error) {
	if !isID(string(user), string(ws)) {
		return nil, nil
	}
	var rows []struct {
		Role       string
		TenantID   *string
		TenantRole *string
	}
	err := d.read(ctx, &rows, `
		SELECT m.role, t.tenant_id, t.role AS tenant_role FROM workspace_members m
		LEFT JOIN tenant_members t ON t.workspace_id = m.workspace_id AND t.user_id = m.user_id
		WHERE m.workspace_id = ? AND m.user_id = ?`, string(ws), string(user))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	m := &access.Membership{Role: tenancy.WorkspaceRole(rows[0].Role), Tenants: map[tenancy.TenantID]tenancy.TenantRole{}}
	for _, r := range rows {
		if r.TenantID != nil && r.TenantRole != nil {
			m.Tenants[tenancy.TenantID(*r.TenantID)] = tenancy.TenantRole(*r.TenantRole)
		}
	}
	return m, nil
}

func (d memberships) TenantIDs(ctx context.Context, ws tenancy.WorkspaceID) ([]tenancy.TenantID, error) {
	var ids []tenancy.TenantID
	if !isID(string(ws)) {
		return nil, fault.Missing()
	}
	err := d.read(ctx, &ids, "SELECT id FROM tenants WHERE workspace_id = ?", string(ws))
	return ids, err
}
