package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// TenantView is one registered Entra directory.
type TenantView struct {
	ID          string                `json:"id" format:"uuid" doc:"Id of the tenant." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	DisplayName string                `json:"display_name" doc:"Name to show." example:"Fabrikam"`
	DirectoryID string                `json:"directory_id" format:"uuid" doc:"The Entra tenant GUID." example:"7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44"`
	Cloud       string                `json:"cloud" enum:"global,us_gov,us_gov_dod,china" doc:"The Microsoft cloud it lives in." example:"global"`
	ArchivedAt  *time.Time            `json:"archived_at" doc:"When it was taken out of use, or null." example:"2026-12-01T09:00:00Z"`
	Revision    int64                 `json:"revision" doc:"Counts the changes; the ETag in quotes." example:"1"`
	CreatedAt   time.Time             `json:"created_at" doc:"When it was registered." example:"2026-11-24T09:00:00Z"`
	Actions     map[string]ActionView `json:"actions" doc:"What the caller may do: update, archive, connect, sync, manage_members."`
}

// CreateTenantRequest names a directory to be looked after.
type CreateTenantRequest struct {
	DisplayName string        `json:"display_name" minLength:"1" maxLength:"200" doc:"Name to show." example:"Fabrikam"`
	DirectoryID string        `json:"directory_id" format:"uuid" doc:"The Entra tenant GUID." example:"7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44"`
	Cloud       tenancy.Cloud `json:"cloud" enum:"global,us_gov,us_gov_dod,china" default:"global" required:"false" doc:"The Microsoft cloud it lives in." example:"global"`
}

// ChangeTenantRequest is what may change; what is left out stays.
type ChangeTenantRequest struct {
	DisplayName *string        `json:"display_name,omitempty" nullable:"false" minLength:"1" maxLength:"200" doc:"Name to show." example:"Fabrikam"`
	Cloud       *tenancy.Cloud `json:"cloud,omitempty" nullable:"false" enum:"global,us_gov,us_gov_dod,china" doc:"The Microsoft cloud it lives in." example:"global"`
}

type listTenantsInput struct {
	InWorkspace
	Page
}

type createTenantInput struct {
	InWorkspace
	Body CreateTenantRequest
}

type changeTenantInput struct {
	InTenant
	IfMatch
	Body ChangeTenantRequest
}

func registerTenants(a *API) {
	manage := Authz{Reach: ReachTenant, Capabilities: []access.Capability{access.TenantManage}, Audit: audit.TenantUpdated}
	archive := manage
	archive.Audit = audit.TenantArchived
	Register(a, Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}/tenants", ID: "list-tenants", Tag: TagTenants,
		Summary:     "List tenants",
		Description: "The tenants the caller is entitled to, archived ones too, in the order of registration.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceView}, ReadOnly: true},
	}, a.listTenants)
	Register(a, Operation{
		Method: http.MethodPost, Path: "/workspaces/{workspace_id}/tenants", ID: "create-tenant", Tag: TagTenants,
		Summary:     "Register a tenant",
		Description: "Registers a directory in the workspace, once.",
		Authz: Authz{
			Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceTenantsCreate},
			Audit: audit.TenantCreated, Idempotent: true,
		},
		Status: http.StatusCreated, Codes: []string{"directory_already_registered"},
	}, a.createTenant)
	Register(a, Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}/tenants/{tenant_id}", ID: "get-tenant", Tag: TagTenants,
		Summary:     "Get a tenant",
		Description: "One tenant the caller is entitled to.",
		Authz:       Authz{Reach: ReachTenant, Capabilities: []access.Capability{access.TenantView}, ReadOnly: true},
	}, a.getTenant)
	Register(a, Operation{
		Method: http.MethodPatch, Path: "/workspaces/{workspace_id}/tenants/{tenant_id}", ID: "update-tenant", Tag: TagTenants,
		Summary:     "Change a tenant",
		Description: "Changes the name or the cloud of a tenant. Its directory never changes.",
		Authz:       manage,
	}, a.changeTenant)
	Register(a, Operation{
		Method: http.MethodPost, Path: "/workspaces/{workspace_id}/tenants/{tenant_id}/archive", ID: "archive-tenant", Tag: TagTenants,
		Summary:     "Archive a tenant",
		Description: "Takes a tenant out of use: nothing new starts for it. Archiving it again changes nothing.",
		Authz:       archive,
	}, a.archiveTenant)
}

func (a *API) listTenants(ctx context.Context, in *listTenantsInput) (*Paged[TenantView], error) {
	items, next, err := a.deps.Registry.Tenants(ctx, Scope(ctx), in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, func(t tenancy.Tenant) TenantView { return viewTenant(Scope(ctx), t) }), nil
}

func (a *API) createTenant(ctx context.Context, in *createTenantInput) (*Tagged[TenantView], error) {
	t, err := a.deps.Registry.CreateTenant(ctx, Scope(ctx), registry.NewTenant{
		DisplayName: in.Body.DisplayName, DirectoryID: in.Body.DirectoryID, Cloud: in.Body.Cloud,
	})
	if err != nil {
		return nil, err
	}
	// The scope of the request is older than the tenant and does not know it.
	scope, err := a.deps.Gate.Again(ctx, Scope(ctx), "")
	return taggedTenant(scope, t, err)
}

func (a *API) getTenant(ctx context.Context, in *InTenant) (*Tagged[TenantView], error) {
	t, err := a.deps.Registry.Tenant(ctx, Scope(ctx), in.TenantID)
	return taggedTenant(Scope(ctx), t, err)
}

func (a *API) changeTenant(ctx context.Context, in *changeTenantInput) (*Tagged[TenantView], error) {
	t, err := a.deps.Registry.ChangeTenant(ctx, Scope(ctx), in.TenantID, in.Expected(), registry.TenantChange{
		DisplayName: in.Body.DisplayName, Cloud: in.Body.Cloud,
	})
	return taggedTenant(Scope(ctx), t, err)
}

func (a *API) archiveTenant(ctx context.Context, in *InTenant) (*Tagged[TenantView], error) {
	t, err := a.deps.Registry.ArchiveTenant(ctx, Scope(ctx), in.TenantID)
	return taggedTenant(Scope(ctx), t, err)
}

func taggedTenant(s access.Scope, t tenancy.Tenant, err error) (*Tagged[TenantView], error) {
	if err != nil {
		return nil, err
	}
	return &Tagged[TenantView]{ETag(t.Revision), viewTenant(s, t)}, nil
}

func viewTenant(s access.Scope, t tenancy.Tenant) TenantView {
	return TenantView{
		ID: string(t.ID), DisplayName: t.DisplayName, DirectoryID: string(t.DirectoryID), Cloud: string(t.Cloud),
		ArchivedAt: UTCOrNil(t.ArchivedAt), Revision: t.Revision, CreatedAt: UTC(t.CreatedAt), Actions: tenantActions(s, t),
	}
}

// tenantActions says what the scope's actor may do with the tenant.
func tenantActions(s access.Scope, t tenancy.Tenant) map[string]ActionView {
	archived := t.ArchivedAt != nil
	actions := map[string]ActionView{}
	for _, action := range []struct {
		name       string
		capability access.Capability
		archivedOK bool
	}{
		{"update", access.TenantManage, true},
		{"archive", access.TenantManage, false},
		{"connect", access.TenantManage, true},
		{"sync", access.TenantSync, false},
		{"manage_members", access.TenantMembersManage, true},
	} {
		actions[action.name] = Allow()
		switch {
		case !s.Can(action.capability, t.ID):
			actions[action.name] = RefuseCapability(action.capability)
		case archived && !action.archivedOK:
			actions[action.name] = Refuse("tenant_archived", "This tenant is archived.")
		}
	}
	return actions
}
