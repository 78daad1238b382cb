package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

type connectionRow struct {
	TenantID           string
	ClientID           string
	CredentialKind     string
	CredentialID       string
	SealedCredential   []byte
	KeyVersion         uint32
	WriteEnabled       bool
	Status             string
	StatusReason       string
	GrantedPermissions []byte
	MissingPermissions []byte
	VerifiedAt         *time.Time
	Revision           int64
}

func (r connectionRow) connection() (tenancy.Connection, error) {
	c := tenancy.Connection{
		TenantID: tenancy.TenantID(r.TenantID), ClientID: r.ClientID, CredentialKind: tenancy.CredentialKind(r.CredentialKind),
		WriteEnabled: r.WriteEnabled, Status: tenancy.ConnectionStatus(r.Status), StatusReason: r.StatusReason,
		VerifiedAt: utc(r.VerifiedAt), Revision: r.Revision,
	}
	err := errors.Join(json.Unmarshal(r.GrantedPermissions, &c.GrantedPermissions),
		json.Unmarshal(r.MissingPermissions, &c.MissingPermissions))
	return c, err
}

func (d registryStore) Connection(ctx context.Context, s access.Scope, t tenancy.TenantID, lock bool) (tenancy.Connection, error) {
	row, err := d.connectionRow(ctx, s, t, lock)
	if err != nil {
		return tenancy.Connection{}, err
	}
	return row.connection()
}

func (d *DB) connectionRow(ctx context.Context, s access.Scope, t tenancy.TenantID, lock bool) (connectionRow, error) {
	var row connectionRow
	if err := reach(s, string(t)); err != nil {
		return row, err
	}
	condition, arg := seen(s, "tenant_id")
	query := "SELECT * FROM provider_connections WHERE workspace_id = ? AND tenant_id = ? AND " + condition
	if lock {
		query += " FOR UPDATE"
	}
	err := d.readOne(ctx, &row, query, string(s.Workspace()), string(t), arg)
	return row, err
}

// sealedCredential is what lies inside the ciphertext.
type sealedCredential struct {
	Secret      string `json:"secret,omitempty"`
	Certificate string `json:"certificate,omitempty"`
	PrivateKey  string `json:"private_key,omitempty"`
}

func (d registryStore) PutConnection(ctx context.Context, s access.Scope, c tenancy.Connection, secret registry.Credential, at time.Time) error {
	if _, err := d.Tenant(ctx, s, c.TenantID); err != nil {
		return err
	}
	plain, err := json.Marshal(sealedCredential{
		Secret: secret.Secret.Reveal(), Certificate: secret.Certificate, PrivateKey: secret.PrivateKey.Reveal(),
	})
	if err != nil {
		return fmt.Errorf("write the credential: %w", err)
	}
	p := place{workspace: s.Workspace(), tenant: c.TenantID, credentialID: NewID(), keyVersion: d.keys.version}
	sealed, err := d.keys.seal(plain, p)
	if err != nil {
		return err
	}
	return d.writeOne(ctx, `
		INSERT INTO provider_connections (workspace_id, tenant_id, client_id, credential_kind, credential_id, sealed_credential,
			key_version, write_enabled, status, status_reason, revision, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id) DO UPDATE SET client_id = excluded.client_id, credential_kind = excluded.credential_kind,
			credential_id = excluded.credential_id, sealed_credential = excluded.sealed_credential,
			key_version = excluded.key_version, write_enabled = excluded.write_enabled, status = excluded.status,
			status_reason = excluded.status_reason, granted_permissions = '[]', missing_permissions = '[]',
			verified_at = NULL, revision = excluded.revision, updated_at = excluded.updated_at`,
		string(s.Workspace()), string(c.TenantID), c.ClientID, string(c.CredentialKind), p.credentialID, sealed,
		p.keyVersion, c.WriteEnabled, string(c.Status), c.StatusReason, c.Revision, at)
}

func (d registryStore) SetVerification(ctx context.Context, s access.Scope, c tenancy.Connection) error {
	if err := reach(s, string(c.TenantID)); err != nil {
		return err
	}
	granted, err1 := json.Marshal(orNone(c.GrantedPermissions))
	missing, err2 := json.Marshal(orNone(c.MissingPermissions))
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("write the permissions: %w", err)
	}
	return d.writeOne(ctx, `
		UPDATE provider_connections SET status = ?, status_reason = ?, granted_permissions = ?, missing_permissions = ?, verified_at = ?
		WHERE workspace_id = ? AND tenant_id = ?`,
		string(c.Status), c.StatusReason, string(granted), string(missing), c.VerifiedAt, string(s.Workspace()), string(c.TenantID))
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (d registryStore) OpenCredential(ctx context.Context, s access.Scope, t tenancy.TenantID) (registry.Credential, error) {
	row, err := d.connectionRow(ctx, s, t, false)
	if err != nil {
		return registry.Credential{}, err
	}
	tenant, err := d.Tenant(ctx, s, t)
	if err != nil {
		return registry.Credential{}, err
	}
	p := place{workspace: s.Workspace(), tenant: t, credentialID: row.CredentialID, keyVersion: row.KeyVersion}
	plain, err := d.keys.open(row.SealedCredential, p)
	if err != nil {
		return registry.Credential{}, errors.Join(registry.ErrCredentialSealed, err)
	}
	var inside sealedCredential
	if err := json.Unmarshal(plain, &inside); err != nil {
		return registry.Credential{}, registry.ErrCredentialSealed
	}
	return registry.Credential{
		TenantID: t, DirectoryID: tenant.DirectoryID, Cloud: tenant.Cloud, ClientID: row.ClientID,
		Kind: tenancy.CredentialKind(row.CredentialKind), Secret: tenancy.NewSecret(inside.Secret),
		Certificate: inside.Certificate, PrivateKey: tenancy.NewSecret(inside.PrivateKey),
		WriteEnabled: row.WriteEnabled, Revision: row.Revision,
	}, nil
}
