package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// ConnectionView is how a tenant is reached. The credential is never part of it.
type ConnectionView struct {
	TenantID           string                `json:"tenant_id" format:"uuid" doc:"The tenant." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	Status             string                `json:"status" enum:"none,unverified,verified,permission_missing,failed" doc:"What the last check found; none when no connection has been stored." example:"verified"`
	StatusReason       *string               `json:"status_reason" doc:"Why it is not verified, or null." example:"The directory has not granted every permission."`
	ClientID           *string               `json:"client_id" format:"uuid" doc:"The application's id, or null." example:"2f9c0c9e-8f0a-4e0c-a9d0-6a1a8c1d2b33"`
	CredentialKind     *string               `json:"credential_kind" enum:"client_secret,client_certificate" doc:"Kind of the stored credential, or null." example:"client_secret"`
	WriteEnabled       bool                  `json:"write_enabled" doc:"Whether anything may be written to the tenant." example:"true"`
	GrantedPermissions []string              `json:"granted_permissions" doc:"Application permissions seen at the last check." example:"[\"DeviceManagementConfiguration.ReadWrite.All\"]"`
	MissingPermissions []string              `json:"missing_permissions" doc:"Application permissions that the directory has not granted." example:"[]"`
	VerifiedAt         *time.Time            `json:"verified_at" doc:"When it was last checked, or null." example:"2026-11-24T09:00:00Z"`
	Revision           int64                 `json:"revision" doc:"Counts the changes; 0 when none has been stored." example:"1"`
	Actions            map[string]ActionView `json:"actions" doc:"What the caller may do: update, verify."`
}

// PutConnectionRequest is how the tenant shall be reached.
type PutConnectionRequest struct {
	ClientID     string            `json:"client_id" format:"uuid" doc:"Id of the application registered in the directory." example:"2f9c0c9e-8f0a-4e0c-a9d0-6a1a8c1d2b33"`
	Credential   CredentialRequest `json:"credential" doc:"How the application proves itself; it can be replaced but never read."`
	WriteEnabled bool              `json:"write_enabled" doc:"Whether anything may be written to the tenant." example:"true"`
}

// CredentialRequest is either kind of credential.
type CredentialRequest struct {
	Kind           tenancy.CredentialKind `json:"kind"`
	Secret         string                 `json:"secret"`
	CertificatePEM string                 `json:"certificate_pem"`
	PrivateKeyPEM  string                 `json:"private_key_pem"`
}

// ClientSecretRequest is a credential of kind client_secret.
type ClientSecretRequest struct {
	Kind   string `json:"kind" enum:"client_secret" doc:"The kind of credential." example:"client_secret"`
	Secret string `json:"secret" minLength:"1" maxLength:"4096" writeOnly:"true" doc:"The client secret's value." example:"the-secret-value"`
}

// ClientCertificateRequest is a credential of kind client_certificate.
type ClientCertificateRequest struct {
	Kind           string `json:"kind" enum:"client_certificate" doc:"The kind of credential." example:"client_certificate"`
	CertificatePEM string `json:"certificate_pem" minLength:"1" maxLength:"32768" doc:"The certificate, PEM." example:"-----BEGIN CERTIFICATE-----…"`
	PrivateKeyPEM  string `json:"private_key_pem" minLength:"1" maxLength:"32768" writeOnly:"true" doc:"Its RSA private key, unencrypted PEM." example:"-----BEGIN PRIVATE KEY-----…"`
}

// Schema implements huma.SchemaProvider: one of the two kinds, told apart by kind.
func (CredentialRequest) Schema(r huma.Registry) *huma.Schema {
	secret := r.Schema(reflect.TypeFor[ClientSecretRequest](), true, "")
	certificate := r.Schema(reflect.TypeFor[ClientCertificateRequest](), true, "")
	return &huma.Schema{
		OneOf: []*huma.Schema{secret, certificate},
		Discriminator: &huma.Discriminator{PropertyName: "kind", Mapping: map[string]string{
			string(tenancy.ClientSecret): secret.Ref, string(tenancy.ClientCertificate): certificate.Ref,
		}},
	}
}

type putConnectionInput struct {
	InTenant
	IfMatch
	Body PutConnectionRequest
}

func registerConnection(a *API) {
	const path = "/workspaces/{workspace_id}/tenants/{tenant_id}/connection"
	Register(a, Operation{
		Method: http.MethodGet, Path: path, ID: "get-connection", Tag: TagConnection,
		Summary:     "Get the connection",
		Description: "How the tenant is reached and what the last check found. The credential is never shown.",
		Authz:       Authz{Reach: ReachTenant, Capabilities: []access.Capability{access.TenantView}, ReadOnly: true},
	}, a.getConnection)
	Register(a, Operation{
		Method: http.MethodPut, Path: path, ID: "put-connection", Tag: TagConnection,
		Summary:     "Store the connection",
		Description: "Stores application and credential in place of what was there. The first one needs no If-Match. Afterwards the connection is unverified.",
		Authz:       Authz{Reach: ReachTenant, Capabilities: []access.Capability{access.TenantManage}, Audit: audit.ConnectionStored},
	}, a.putConnection)
}

func (a *API) getConnection(ctx context.Context, in *InTenant) (*Tagged[ConnectionView], error) {
	c, err := a.deps.Registry.Connection(ctx, Scope(ctx), in.TenantID)
	return taggedConnection(Scope(ctx), c, err)
}

func (a *API) putConnection(ctx context.Context, in *putConnectionInput) (*Tagged[ConnectionView], error) {
	credential := in.Body.Credential
	c, err := a.deps.Registry.PutConnection(ctx, Scope(ctx), in.TenantID, in.Expected(), registry.NewConnection{
		ClientID: in.Body.ClientID, Kind: credential.Kind, Secret: tenancy.NewSecret(credential.Secret),
		Certificate: credential.CertificatePEM, PrivateKey: tenancy.NewSecret(credential.PrivateKeyPEM),
		WriteEnabled: in.Body.WriteEnabled,
	})
	return taggedConnection(Scope(ctx), c, err)
}

func taggedConnection(s access.Scope, c tenancy.Connection, err error) (*Tagged[ConnectionView], error) {
	if err != nil {
		return nil, err
	}
	out := &Tagged[ConnectionView]{Body: viewConnection(s, c)}
	if c.Revision > 0 {
		out.ETag = ETag(c.Revision)
	}
	return out, nil
}

func viewConnection(s access.Scope, c tenancy.Connection) ConnectionView {
	return ConnectionView{
		TenantID: string(c.TenantID), Status: string(c.Status), StatusReason: OrNil(c.StatusReason),
		ClientID: OrNil(c.ClientID), CredentialKind: OrNil(c.CredentialKind), WriteEnabled: c.WriteEnabled,
		GrantedPermissions: append([]string{}, c.GrantedPermissions...),
		MissingPermissions: append([]string{}, c.MissingPermissions...),
		VerifiedAt:         UTCOrNil(c.VerifiedAt), Revision: c.Revision, Actions: connectionActions(s, c),
	}
}

func connectionActions(s access.Scope, c tenancy.Connection) map[string]ActionView {
	actions := map[string]ActionView{"update": Allow(), "verify": Allow()}
	if !s.Can(access.TenantManage, c.TenantID) {
		actions["update"] = RefuseCapability(access.TenantManage)
	}
	switch {
	case !s.Can(access.TenantSync, c.TenantID):
		actions["verify"] = RefuseCapability(access.TenantSync)
	case c.Status == tenancy.ConnectionNone:
		actions["verify"] = Refuse("connection_unverified", "Store a connection first.")
	}
	return actions
}
