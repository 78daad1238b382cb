package api

import (
	"context"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
)

// MeView is who the caller is and what they may do, everywhere.
type MeView struct {
	User        UserView         `json:"user" doc:"The caller's account."`
	Memberships []MembershipView `json:"memberships" doc:"The workspaces the caller belongs to, by name."`
}

// MembershipView is the caller's place in one workspace.
type MembershipView struct {
	WorkspaceID  string             `json:"workspace_id" format:"uuid" doc:"Id of the workspace." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20"`
	DisplayName  string             `json:"display_name" doc:"Name of the workspace." example:"Contoso Managed Services"`
	Role         string             `json:"role" enum:"owner,manager,operator,readonly,support,customer" doc:"The caller's role there." example:"operator"`
	Capabilities []string           `json:"capabilities" doc:"What the role allows in the workspace." example:"[\"workspace.view\"]"`
	Tenants      []TenantAccessView `json:"tenants" doc:"The tenants the caller is entitled to."`
}

// TenantAccessView is what the caller may do in one tenant.
type TenantAccessView struct {
	TenantID     string   `json:"tenant_id" format:"uuid" doc:"Id of the tenant." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	DisplayName  string   `json:"display_name" doc:"Name of the tenant." example:"Fabrikam"`
	Role         string   `json:"role" enum:"manager,operator,reader" doc:"The caller's role in the tenant, by membership or by workspace role." example:"operator"`
	Capabilities []string `json:"capabilities" doc:"What the caller may do in the tenant." example:"[\"tenant.view\",\"tenant.sync\"]"`
}

type meOutput struct{ Body MeView }

func registerMe(a *API) {
	Register(a, Operation{
		Method: http.MethodGet, Path: "/me", ID: "get-me", Tag: TagMe,
		Summary:     "Who am I",
		Description: "The caller's account, memberships, and capabilities per workspace and tenant.",
		Authz:       Authz{Reach: ReachSelf, ReadOnly: true},
	}, a.getMe)
}

func (a *API) getMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	me, err := a.deps.Identity.Me(ctx, Actor(ctx))
	if err != nil {
		return nil, err
	}
	return &meOutput{viewMe(me)}, nil
}

func viewMe(me identity.Me) MeView {
	v := MeView{User: viewUser(me.User), Memberships: make([]MembershipView, 0, len(me.Memberships))}
	for _, m := range me.Memberships {
		membership := MembershipView{
			WorkspaceID: string(m.Workspace.ID), DisplayName: m.Workspace.DisplayName, Role: string(m.Role),
			Capabilities: texts(m.Capabilities), Tenants: make([]TenantAccessView, 0, len(m.Tenants)),
		}
		for _, t := range m.Tenants {
			membership.Tenants = append(membership.Tenants, TenantAccessView{
				TenantID: string(t.TenantID), DisplayName: t.DisplayName, Role: string(t.Role), Capabilities: texts(t.Capabilities),
			})
		}
		v.Memberships = append(v.Memberships, membership)
	}
	return v
}

func texts(caps []access.Capability) []string {
	list := make([]string, len(caps))
	for i, c := range caps {
		list[i] = string(c)
	}
	return list
}
