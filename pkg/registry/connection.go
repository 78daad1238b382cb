package registry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Credential is how a worker proves itself to a tenant's directory, opened. It
// prints as its kind and directory, never as its secrets; keep it in memory only
// as long as the call that needs it.
type Credential struct {
	TenantID     tenancy.TenantID
	DirectoryID  tenancy.DirectoryID // compare with the token's tid before the first call
	Cloud        tenancy.Cloud
	ClientID     string
	Kind         tenancy.CredentialKind
	Secret       tenancy.Secret // kind client_secret
	Certificate  string         // PEM, kind client_certificate
	PrivateKey   tenancy.Secret // PEM, kind client_certificate
	WriteEnabled bool           // false: no mutation of the tenant
	Revision     int64          // of the connection it belongs to
}

// String tells which credential it is.
func (c Credential) String() string {
	return fmt.Sprintf("credential(%s of tenant %s)", c.Kind, c.TenantID)
}

// GoString is String, so that %#v tells no more.
func (c Credential) GoString() string { return c.String() }

// Format writes String for every verb.
func (c Credential) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) } // a print cannot report an error

// MarshalJSON writes the redaction: a credential has no wire form.
func (c Credential) MarshalJSON() ([]byte, error) { return []byte(`"[redacted]"`), nil }

// LogValue tells which credential it is.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// NewConnection describes a connection to be stored.
type NewConnection struct {
	ClientID     string // the application's GUID
	Kind         tenancy.CredentialKind
	Secret       tenancy.Secret // kind client_secret
	Certificate  string         // PEM, kind client_certificate
	PrivateKey   tenancy.Secret // PEM, kind client_certificate
	WriteEnabled bool
}

// Verification is what a check of a connection found.
type Verification struct {
	Revision int64 // of the connection that was checked
	Status   tenancy.ConnectionStatus
	Granted  []string // application permissions, sorted
	Missing  []string // sorted
	Reason   string   // plain sentence, empty when verified
	At       time.Time
}

// Connection returns how the tenant is reached; a tenant without a connection has
// one with status none and revision 0.
func (r *Registry) Connection(ctx context.Context, s access.Scope, t tenancy.TenantID) (tenancy.Connection, error) {
	if _, err := r.store.Tenant(ctx, s, t); err != nil {
		return tenancy.Connection{}, fmt.Errorf("load the tenant: %w", err)
	}
	return r.connection(ctx, s, t, false)
}

func (r *Registry) connection(ctx context.Context, s access.Scope, t tenancy.TenantID, lock bool) (tenancy.Connection, error) {
	c, err := r.store.Connection(ctx, s, t, lock)
	if fault.HasCode(err, fault.CodeNotFound) {
		return tenancy.Connection{TenantID: t, Status: tenancy.ConnectionNone}, nil
	}
	if err != nil {
		return c, fmt.Errorf("load the connection: %w", err)
	}
	return c, nil
}

// PutConnection stores connection and credential; it needs tenant.manage. The
// first one needs no expected revision, every other names the one it replaces.
// What was known of the connection is forgotten: it is unverified.
func (r *Registry) PutConnection(ctx context.Context, s access.Scope, t tenancy.TenantID, expected *int64, n NewConnection) (tenancy.Connection, error) {
	var c tenancy.Connection
	err := r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.gate.Again(ctx, s, t, access.TenantManage); err != nil {
			return err
		}
		// The tenant's lock orders first PUTs, which have no row of their own yet.
		if err := r.store.LockTenant(ctx, s, t); err != nil {
			return fmt.Errorf("lock the tenant: %w", err)
		}
		before, err := r.connection(ctx, s, t, true)
		if err != nil {
			return err
		}
		clean, err := n.clean()
		if err != nil {
			return err
		}
		if before.Revision > 0 || expected != nil {
			if err := tenancy.CheckRevision(expected, before.Revision); err != nil {
				return err
			}
		}
		c = tenancy.Connection{
			TenantID: t, ClientID: clean.ClientID, CredentialKind: clean.Kind, WriteEnabled: n.WriteEnabled,
			Status: tenancy.ConnectionUnverified, StatusReason: "The connection has not been verified yet.",
			Revision: before.Revision + 1,
		}
		if err := r.store.PutConnection(ctx, s, c, clean, r.now()); err != nil {
			return fmt.Errorf("store the connection: %w", err)
		}
		return r.record(ctx, s, connectionEvent(audit.ConnectionStored, c))
	})
	return c, err
}

// clean checks the parts that belong to the kind and drops the others.
func (n NewConnection) clean() (Credential, error) {
	c := Credential{ClientID: strings.ToLower(strings.TrimSpace(n.ClientID)), Kind: n.Kind}
	if !guid.MatchString(c.ClientID) {
		return c, fault.InvalidInput("An application is named by its client id, a GUID.").At("body.client_id", "is not a GUID")
	}
	switch n.Kind {
	case tenancy.ClientSecret:
		if n.Secret.Empty() || len(n.Secret.Reveal()) > 4096 {
			return c, fault.InvalidInput("A client secret has 1 to 4096 bytes.").At("body.credential.secret", "must have 1 to 4096 bytes")
		}
		c.Secret = n.Secret
	case tenancy.ClientCertificate:
		if err := checkKeyPair(n.Certificate, n.PrivateKey.Reveal()); err != nil {
			return c, err
		}
		c.Certificate, c.PrivateKey = n.Certificate, n.PrivateKey
	default:
		return c, fault.InvalidInput("There is no such kind of credential.").At("body.credential.kind", "is not a kind of credential")
	}
	return c, nil
}

// RecordVerification stores what a check found; only the system records it. A
// check of a connection that has been replaced since is passed over, since it
// says nothing about the present one; recorded tells.
func (r *Registry) RecordVerification(ctx context.Context, s access.Scope, t tenancy.TenantID, v Verification) (recorded bool, err error) {
	if !s.IsSystem() {
		return false, errSystemOnly
	}
	err = r.store.InTx(ctx, func(ctx context.Context) error {
		c, err := r.store.Connection(ctx, s, t, true)
		if err != nil {
			return fmt.Errorf("load the connection: %w", err)
		}
		if c.Revision != v.Revision || (c.VerifiedAt != nil && c.VerifiedAt.After(v.At)) {
			return nil
		}
		c.Status, c.StatusReason, c.VerifiedAt = v.Status, v.Reason, &v.At
		c.GrantedPermissions, c.MissingPermissions = v.Granted, v.Missing
		if err := r.store.SetVerification(ctx, s, c); err != nil {
			return fmt.Errorf("store the verification: %w", err)
		}
		recorded = true
		return r.record(ctx, s, connectionEvent(audit.ConnectionVerified, c))
	})
	return recorded, err
}

var errSystemOnly = errors.New("registry: this is for the system's scope only")

// OpenCredential returns the tenant's credential to the system's scope, that is
// to workers and to nobody else; fault.Missing when there is no connection. A
// credential that does not open is recorded, because somebody may have moved it.
func (r *Registry) OpenCredential(ctx context.Context, s access.Scope, t tenancy.TenantID) (Credential, error) {
	if !s.IsSystem() {
		return Credential{}, errSystemOnly
	}
	c, err := r.store.OpenCredential(ctx, s, t)
	if errors.Is(err, ErrCredentialSealed) {
		e := audit.Event{Action: audit.CredentialOpenFailed, Tenant: t, TargetKind: "connection", TargetID: string(t)}
		return Credential{}, errors.Join(err, r.record(ctx, s, e))
	}
	if err != nil {
		return Credential{}, fmt.Errorf("open the credential: %w", err)
	}
	return c, nil
}

func connectionEvent(a audit.Action, c tenancy.Connection) audit.Event {
	return audit.Event{
		Action: a, Tenant: c.TenantID, TargetKind: "connection", TargetID: string(c.TenantID),
		Details: map[string]any{
			"status": c.Status, "credential_kind": c.CredentialKind, "write_enabled": c.WriteEnabled, "revision": c.Revision,
		},
	}
}
