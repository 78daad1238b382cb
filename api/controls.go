package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// ControlView is what applies to one kind of work in the workspace.
type ControlView struct {
	OperationType string                `json:"operation_type" enum:"connection.verify,inventory.sync,promotion.execute,report.permission_posture,report.entra_admin_roles,baseline.compare,evidence.collect,review.compose,review_pack.generate" doc:"The kind of work." example:"promotion.execute"`
	Label         string                `json:"label" doc:"Words for people." example:"Promotion"`
	Paused        bool                  `json:"paused" doc:"Whether the workspace has paused it." example:"true"`
	Reason        *string               `json:"reason" doc:"Why, or null." example:"Change freeze"`
	ExpiresAt     *time.Time            `json:"expires_at" doc:"When the pause ends by itself, or null." example:"2026-12-01T09:00:00Z"`
	Actor         *PersonView           `json:"actor" doc:"Who set it last, or null."`
	UpdatedAt     *time.Time            `json:"updated_at" doc:"When it was set last, or null." example:"2026-11-24T09:00:00Z"`
	Global        *GlobalPauseView      `json:"global" doc:"A pause of the whole installation, or null."`
	Effective     bool                  `json:"effective" doc:"Whether starts are refused at present, by either pause." example:"true"`
	Revision      int64                 `json:"revision" doc:"Counts the changes; 0 when it was never set." example:"1"`
	Actions       map[string]ActionView `json:"actions" doc:"What the caller may do: update."`
}

// GlobalPauseView is a pause of the whole installation.
type GlobalPauseView struct {
	Reason    string     `json:"reason" doc:"Why." example:"Microsoft Graph incident"`
	ExpiresAt *time.Time `json:"expires_at" doc:"When it ends by itself, or null." example:"2026-12-01T09:00:00Z"`
}

// PutControlRequest pauses or resumes.
type PutControlRequest struct {
	Paused    bool       `json:"paused" doc:"Whether it shall be paused." example:"true"`
	Reason    string     `json:"reason" required:"false" maxLength:"500" doc:"Why; needed for a pause." example:"Change freeze"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"When the pause ends by itself; null or left out: when somebody resumes." example:"2026-12-01T09:00:00Z"`
}

type putControlInput struct {
	InWorkspace
	IfMatch
	Type operation.Type `path:"operation_type" doc:"The kind of work." example:"promotion.execute"`
	Body PutControlRequest
}

func registerControls(a *API) {
	const path = "/workspaces/{workspace_id}/operational-controls"
	Register(a, Operation{
		Method: http.MethodGet, Path: path, ID: "list-operational-controls", Tag: TagControls,
		Summary:     "List operational controls",
		Description: "For every kind of work, whether it is paused in this workspace or everywhere.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceOperationsView}, ReadOnly: true},
	}, a.listControls)
	Register(a, Operation{
		Method: http.MethodPut, Path: path + "/{operation_type}", ID: "put-operational-control", Tag: TagControls,
		Summary:     "Pause or resume a kind of work",
		Description: "A pause refuses new operations of that kind in the workspace and lets running ones skip what they have not begun. The first one needs no If-Match.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceControlsManage}, Audit: audit.ControlPaused},
	}, a.putControl)
}

func (a *API) listControls(ctx context.Context, _ *InWorkspace) (*Paged[ControlView], error) {
	states, err := a.deps.Operations.ListControls(ctx, Scope(ctx))
	if err != nil {
		return nil, err
	}
	return PageOf(states, "", func(st operation.ControlState) ControlView { return viewControl(Scope(ctx), st) }), nil
}

func (a *API) putControl(ctx context.Context, in *putControlInput) (*Tagged[ControlView], error) {
	s := Scope(ctx)
	saved, err := a.deps.Operations.SetControl(ctx, s, operation.Control{
		Type: in.Type, Paused: in.Body.Paused, Reason: in.Body.Reason, ExpiresAt: in.Body.ExpiresAt,
	}, in.Expected())
	if err != nil {
		return nil, err
	}
	states, err := a.deps.Operations.ListControls(ctx, s)
	if err != nil {
		return nil, err
	}
	out := &Tagged[ControlView]{ETag: ETag(saved.Revision)}
	for _, st := range states {
		if st.Type == in.Type {
			st.Workspace = saved
			out.Body = viewControl(s, st)
		}
	}
	return out, nil
}

func viewControl(s access.Scope, st operation.ControlState) ControlView {
	c := st.Workspace
	v := ControlView{
		OperationType: string(st.Type), Label: st.Type.Label(), Paused: c.Paused, Reason: OrNil(c.Reason),
		ExpiresAt: UTCOrNil(c.ExpiresAt), Effective: st.Paused, Revision: c.Revision,
		Actions: map[string]ActionView{"update": Allow()},
	}
	if !s.Can(access.WorkspaceControlsManage, "") {
		v.Actions["update"] = RefuseCapability(access.WorkspaceControlsManage)
	}
	if c.Revision > 0 {
		v.UpdatedAt = UTCOrNil(&c.UpdatedAt)
	}
	if c.ActorID != "" {
		v.Actor = &PersonView{ID: string(c.ActorID), DisplayName: c.ActorName}
	}
	if g := st.Global; g != nil && g.Paused {
		v.Global = &GlobalPauseView{Reason: g.Reason, ExpiresAt: UTCOrNil(g.ExpiresAt)}
	}
	return v
}
