package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// tenants opens tenants for workers, each with its own credential, and keeps
// what was found about connections.
type tenants struct {
	registry *registry.Registry
	provider provider.Provider
}

// OpenReader implements inventory.Opener.
func (t tenants) OpenReader(ctx context.Context, s access.Scope, id tenancy.TenantID) (inventory.Opened, error) {
	o, target, _, err := t.open(ctx, s, id)
	if err != nil {
		return o, err
	}
	o.Reader, err = t.provider.Reader(ctx, target)
	return o, err
}

// OpenWriter implements promotion.TargetOpener. A tenant whose connection may not
// write is refused here too, whatever was decided before.
func (t tenants) OpenWriter(ctx context.Context, s access.Scope, id tenancy.TenantID) (promotion.OpenedTarget, error) {
	o, target, writable, err := t.open(ctx, s, id)
	if err != nil {
		return promotion.OpenedTarget{}, err
	}
	if !writable {
		return promotion.OpenedTarget{}, &provider.Error{
			Class: provider.Denied, Code: "write_disabled", Message: "Writing to this tenant is switched off.",
		}
	}
	w, err := t.provider.Writer(ctx, target)
	return promotion.OpenedTarget{Writer: w, Tenant: o.Tenant}, err
}

// DirectoryOf implements promotion.TargetOpener.
func (t tenants) DirectoryOf(ctx context.Context, s access.Scope, id tenancy.TenantID) (tenancy.DirectoryID, error) {
	tenant, err := t.registry.Tenant(ctx, s, id)
	if err != nil {
		return "", fmt.Errorf("find the tenant: %w", err)
	}
	return tenant.DirectoryID, nil
}

// open unseals the tenant's credential for one run. writable says whether the
// operator has switched writing on.
func (t tenants) open(ctx context.Context, s access.Scope, id tenancy.TenantID) (o inventory.Opened, to provider.Target, writable bool, err error) {
	if o.Tenant, err = t.registry.Tenant(ctx, s, id); err != nil {
		return o, to, false, fmt.Errorf("open the tenant: %w", err)
	}
	c, err := t.registry.OpenCredential(ctx, s, id)
	switch {
	case fault.HasCode(err, fault.CodeNotFound):
		return o, to, false, inventory.ErrNoConnection
	case errors.Is(err, registry.ErrCredentialSealed):
		return o, to, false, &provider.Error{
			Class: provider.NoToken, Code: "credential_unreadable", Cause: err,
			Message: "The stored credential cannot be opened here. Store the connection again.",
		}
	case err != nil:
		return o, to, false, fmt.Errorf("open the credential: %w", err)
	}
	o.Revision = c.Revision
	return o, provider.Target{
		Directory: c.DirectoryID, Cloud: c.Cloud, ClientID: c.ClientID,
		Credential: provider.Credential{
			Kind: c.Kind, Secret: c.Secret.Reveal(), CertificatePEM: c.Certificate, PrivateKeyPEM: c.PrivateKey.Reveal(),
		},
	}, c.WriteEnabled, nil
}

// RecordFinding implements inventory.Recorder. What was found about a
// connection that has been replaced since says nothing and is passed over.
func (t tenants) RecordFinding(ctx context.Context, s access.Scope, id tenancy.TenantID, f inventory.Finding) error {
	_, err := t.registry.RecordVerification(ctx, s, id, registry.Verification{
		Revision: f.Revision, Status: f.Status, Granted: f.Granted, Missing: f.Missing, Reason: f.Reason, At: f.At,
	})
	if err != nil {
		return fmt.Errorf("record what was found: %w", err)
	}
	return nil
}
