package api

import (
	"context"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// MemberView is a person's place in a workspace.
type MemberView struct {
	UserID      string `json:"user_id" format:"uuid" doc:"Id of the person." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	Email       string `json:"email" doc:"Email address, lower case." example:"robin@example.com"`
	DisplayName string `json:"display_name" doc:"Name to show." example:"Robin Meyer"`
	Role        string `json:"role" enum:"owner,manager,operator,readonly,support,customer" doc:"Role in the workspace." example:"operator"`
	Revision    int64  `json:"revision" doc:"Counts the changes; the ETag in quotes." example:"1"`
}

// AddMemberRequest names somebody who shall become a member.
type AddMemberRequest struct {
	Email string                `json:"email" format:"email" maxLength:"254" doc:"Email address. An account without a password is created when there is none; the answer is the same." example:"robin@example.com"`
	Role  tenancy.WorkspaceRole `json:"role" enum:"owner,manager,operator,readonly,support,customer" doc:"Role in the workspace; only an owner may give owner." example:"operator"`
}

// ChangeMemberRequest is a member's other role.
type ChangeMemberRequest struct {
	Role tenancy.WorkspaceRole `json:"role" enum:"owner,manager,operator,readonly,support,customer" doc:"Role in the workspace; only an owner may give or take owner." example:"manager"`
}

type listMembersInput struct {
	InWorkspace
	Page
}

type addMemberInput struct {
	InWorkspace
	Body AddMemberRequest
}

// InMember is the input of everything about one member; embed it.
type InMember struct {
	InWorkspace
	UserID tenancy.UserID `path:"user_id" format:"uuid" doc:"Id of the person." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
}

type changeMemberInput struct {
	InMember
	IfMatch
	Body ChangeMemberRequest
}

type removeMemberInput struct {
	InMember
	IfMatch
}

func registerMembers(a *API) {
	manage := []access.Capability{access.WorkspaceMembersManage}
	Register(a, Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}/members", ID: "list-members", Tag: TagMembers,
		Summary:     "List members",
		Description: "Everybody who belongs to the workspace, by email.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceView}, ReadOnly: true},
	}, a.listMembers)
	Register(a, Operation{
		Method: http.MethodPost, Path: "/workspaces/{workspace_id}/members", ID: "add-member", Tag: TagMembers,
		Summary:     "Add a member",
		Description: "Gives a person a role in the workspace. Somebody who is a member already is a conflict.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: manage, Audit: audit.MemberAdded, Idempotent: true},
		Status:      http.StatusCreated, Codes: []string{"conflict"},
	}, a.addMember)
	Register(a, Operation{
		Method: http.MethodPatch, Path: "/workspaces/{workspace_id}/members/{user_id}", ID: "change-member", Tag: TagMembers,
		Summary:     "Change a member's role",
		Description: "Gives a member another role. The last owner stays.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: manage, Audit: audit.MemberRoleChanged},
		Codes:       []string{"conflict"},
	}, a.changeMember)
	Register(a, Operation{
		Method: http.MethodDelete, Path: "/workspaces/{workspace_id}/members/{user_id}", ID: "remove-member", Tag: TagMembers,
		Summary:     "Remove a member",
		Description: "Ends a membership and every tenant membership under it. The last owner stays.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: manage, Audit: audit.MemberRemoved},
		Codes:       []string{"conflict"},
	}, a.removeMember)
}

func (a *API) listMembers(ctx context.Context, in *listMembersInput) (*Paged[MemberView], error) {
	items, next, err := a.deps.Registry.Members(ctx, Scope(ctx), in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, viewMember), nil
}

func (a *API) addMember(ctx context.Context, in *addMemberInput) (*Tagged[MemberView], error) {
	return taggedMember(a.deps.Registry.AddMember(ctx, Scope(ctx), in.Body.Email, in.Body.Role))
}

func (a *API) changeMember(ctx context.Context, in *changeMemberInput) (*Tagged[MemberView], error) {
	return taggedMember(a.deps.Registry.ChangeMemberRole(ctx, Scope(ctx), in.UserID, in.Expected(), in.Body.Role))
}

func (a *API) removeMember(ctx context.Context, in *removeMemberInput) (*None, error) {
	return &None{}, a.deps.Registry.RemoveMember(ctx, Scope(ctx), in.UserID, in.Expected())
}

func taggedMember(m tenancy.Member, err error) (*Tagged[MemberView], error) {
	if err != nil {
		return nil, err
	}
	return &Tagged[MemberView]{ETag(m.Revision), viewMember(m)}, nil
}

func viewMember(m tenancy.Member) MemberView {
	return MemberView{
		UserID: string(m.User.ID), Email: m.User.Email, DisplayName: m.User.DisplayName,
		Role: string(m.Role), Revision: m.Revision,
	}
}
