package api

import (
	"context"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// TenantMemberView is a workspace member's place in one tenant.
type TenantMemberView struct {
	UserID      string `json:"user_id" format:"uuid" doc:"Id of the person." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	Email       string `json:"email" doc:"Email address, lower case." example:"robin@example.com"`
	DisplayName string `json:"display_name" doc:"Name to show." example:"Robin Meyer"`
	Role        string `json:"role" enum:"manager,operator,reader" doc:"Role in the tenant." example:"operator"`
	Revision    int64  `json:"revision" doc:"Counts the changes; the ETag in quotes." example:"1"`
}

// AddTenantMemberRequest entitles a member of the workspace to the tenant.
type AddTenantMemberRequest struct {
	UserID tenancy.UserID     `json:"user_id" format:"uuid" doc:"A member of the workspace." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	Role   tenancy.TenantRole `json:"role" enum:"manager,operator,reader" doc:"Role in the tenant." example:"operator"`
}

type listTenantMembersInput struct {
	InTenant
	Page
}

type addTenantMemberInput struct {
	InTenant
	Body AddTenantMemberRequest
}

type removeTenantMemberInput struct {
	InTenant
	UserID tenancy.UserID `path:"user_id" format:"uuid" doc:"Id of the person." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	IfMatch
}

func registerTenantMembers(a *API) {
	const path = "/workspaces/{workspace_id}/tenants/{tenant_id}/members"
	manage := []access.Capability{access.TenantMembersManage}
	Register(a, Operation{
		Method: http.MethodGet, Path: path, ID: "list-tenant-members", Tag: TagMembers,
		Summary:     "List a tenant's members",
		Description: "Who holds a membership in the tenant, by email. Owners, managers and support see it without one and are not listed.",
		Authz:       Authz{Reach: ReachTenant, Capabilities: []access.Capability{access.TenantView}, ReadOnly: true},
	}, a.listTenantMembers)
	Register(a, Operation{
		Method: http.MethodPost, Path: path, ID: "add-tenant-member", Tag: TagMembers,
		Summary:     "Entitle a member to a tenant",
		Description: "Gives a member of the workspace a role in the tenant, or another role when there is one already.",
		Authz:       Authz{Reach: ReachTenant, Capabilities: manage, Audit: audit.TenantMemberAdded, Idempotent: true},
		Status:      http.StatusCreated,
	}, a.addTenantMember)
	Register(a, Operation{
		Method: http.MethodDelete, Path: path + "/{user_id}", ID: "remove-tenant-member", Tag: TagMembers,
		Summary:     "End an entitlement",
		Description: "Takes a membership in the tenant away.",
		Authz:       Authz{Reach: ReachTenant, Capabilities: manage, Audit: audit.TenantMemberRemoved},
	}, a.removeTenantMember)
}

func (a *API) listTenantMembers(ctx context.Context, in *listTenantMembersInput) (*Paged[TenantMemberView], error) {
	items, next, err := a.deps.Registry.TenantMembers(ctx, Scope(ctx), in.TenantID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, viewTenantMember), nil
}

func (a *API) addTenantMember(ctx context.Context, in *addTenantMemberInput) (*Tagged[TenantMemberView], error) {
	m, err := a.deps.Registry.PutTenantMember(ctx, Scope(ctx), in.TenantID, in.Body.UserID, in.Body.Role)
	if err != nil {
		return nil, err
	}
	return &Tagged[TenantMemberView]{ETag(m.Revision), viewTenantMember(m)}, nil
}

func (a *API) removeTenantMember(ctx context.Context, in *removeTenantMemberInput) (*None, error) {
	return &None{}, a.deps.Registry.RemoveTenantMember(ctx, Scope(ctx), in.TenantID, in.UserID, in.Expected())
}

func viewTenantMember(m tenancy.TenantMember) TenantMemberView {
	return TenantMemberView{
		UserID: string(m.User.ID), Email: m.User.Email, DisplayName: m.User.DisplayName,
		Role: string(m.Role), Revision: m.Revision,
	}
}
