package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// WorkspaceView is one team and everything it looks after.
type WorkspaceView struct {
	ID          string    `json:"id" format:"uuid" doc:"Id of the workspace." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20"`
	DisplayName string    `json:"display_name" doc:"Name to show." example:"Contoso Managed Services"`
	Revision    int64     `json:"revision" doc:"Counts the changes; the ETag in quotes." example:"7"`
	CreatedAt   time.Time `json:"created_at" doc:"When it was created." example:"2026-11-24T09:00:00Z"`
}

// WorkspaceRequest is what may be said about a workspace.
type WorkspaceRequest struct {
	DisplayName string `json:"display_name" minLength:"1" maxLength:"200" doc:"Name to show." example:"Contoso Managed Services"`
}

type createWorkspaceInput struct{ Body WorkspaceRequest }

type updateWorkspaceInput struct {
	InWorkspace
	IfMatch
	Body WorkspaceRequest
}

func registerWorkspaces(a *API) {
	Register(a, Operation{
		Method: http.MethodGet, Path: "/workspaces", ID: "list-workspaces", Tag: TagWorkspaces,
		Summary:     "List my workspaces",
		Description: "The workspaces the caller is a member of.",
		Authz:       Authz{Reach: ReachSelf, ReadOnly: true},
	}, a.listWorkspaces)
	Register(a, Operation{
		Method: http.MethodPost, Path: "/workspaces", ID: "create-workspace", Tag: TagWorkspaces,
		Summary:     "Create a workspace",
		Description: "Creates a workspace and makes the caller its owner.",
		Authz:       Authz{Reach: ReachSelf, Audit: audit.WorkspaceCreated, Idempotent: true},
		Status:      http.StatusCreated,
	}, a.createWorkspace)
	Register(a, Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}", ID: "get-workspace", Tag: TagWorkspaces,
		Summary:     "Get a workspace",
		Description: "One workspace the caller is a member of.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceView}, ReadOnly: true},
	}, a.getWorkspace)
	Register(a, Operation{
		Method: http.MethodPatch, Path: "/workspaces/{workspace_id}", ID: "update-workspace", Tag: TagWorkspaces,
		Summary:     "Rename a workspace",
		Description: "Changes the name of a workspace.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceManage}, Audit: audit.WorkspaceUpdated},
	}, a.updateWorkspace)
}

func (a *API) listWorkspaces(ctx context.Context, in *Page) (*Paged[WorkspaceView], error) {
	items, next, err := a.deps.Registry.Workspaces(ctx, Actor(ctx), in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, viewWorkspace), nil
}

func (a *API) createWorkspace(ctx context.Context, in *createWorkspaceInput) (*Tagged[WorkspaceView], error) {
	return taggedWorkspace(a.deps.Registry.CreateWorkspace(ctx, Actor(ctx), in.Body.DisplayName))
}

func (a *API) getWorkspace(ctx context.Context, _ *InWorkspace) (*Tagged[WorkspaceView], error) {
	return taggedWorkspace(a.deps.Registry.Workspace(ctx, Scope(ctx)))
}

func (a *API) updateWorkspace(ctx context.Context, in *updateWorkspaceInput) (*Tagged[WorkspaceView], error) {
	return taggedWorkspace(a.deps.Registry.RenameWorkspace(ctx, Scope(ctx), in.Expected(), in.Body.DisplayName))
}

func taggedWorkspace(w tenancy.Workspace, err error) (*Tagged[WorkspaceView], error) {
	if err != nil {
		return nil, err
	}
	return &Tagged[WorkspaceView]{ETag(w.Revision), viewWorkspace(w)}, nil
}

func viewWorkspace(w tenancy.Workspace) WorkspaceView {
	return WorkspaceView{ID: string(w.ID), DisplayName: w.DisplayName, Revision: w.Revision, CreatedAt: UTC(w.CreatedAt)}
}
