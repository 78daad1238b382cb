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
