package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// AuditEventView is one record of what was done.
type AuditEventView struct {
	ID          string           `json:"id" format:"uuid" doc:"Id of the record." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e27"`
	At          time.Time        `json:"at" doc:"When it happened." example:"2026-11-24T09:00:00Z"`
	Action      string           `json:"action" doc:"What happened; the catalogue of actions is part of the documentation." example:"tenant.created"`
	Summary     string           `json:"summary" doc:"The action in words." example:"A tenant was registered."`
	Actor       AuditActorView   `json:"actor" doc:"Who did it."`
	TenantID    *string          `json:"tenant_id" format:"uuid" doc:"The tenant it is about, or null." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	OperationID *string          `json:"operation_id" format:"uuid" doc:"The operation it belongs to, or null." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
	Target      *AuditTargetView `json:"target" doc:"What was changed, or null."`
	RequestID   *string          `json:"request_id" doc:"The request it was done by, or null." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e28"`
	Details     map[string]any   `json:"details" doc:"Ids, codes, counts and digests; never secrets or policy content."`
}

// AuditActorView is who did something.
type AuditActorView struct {
	ID          *string `json:"id" format:"uuid" doc:"The person, or null for the system." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	DisplayName string  `json:"display_name" doc:"The name at that time." example:"Robin Meyer"`
	Via         string  `json:"via" enum:"session,token,system" doc:"How the actor came." example:"session"`
}

// AuditTargetView is what something was done to.
type AuditTargetView struct {
	Kind string `json:"kind" doc:"What it is." example:"tenant"`
	ID   string `json:"id" doc:"Its id." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
}

// AuditFilter narrows a listing; embed it.
type AuditFilter struct {
	Action      audit.Action     `query:"action" maxLength:"100" doc:"Only this action." example:"tenant.created"`
	ActorID     tenancy.UserID   `query:"actor_id" format:"uuid" doc:"Only what this person did." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	TenantID    tenancy.TenantID `query:"tenant_id" format:"uuid" doc:"Only what is about this tenant." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	OperationID string           `query:"operation_id" format:"uuid" doc:"Only what belongs to this operation." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
	Since       time.Time        `query:"since" format:"date-time" doc:"Only what happened then or later." example:"2026-11-01T00:00:00Z"`
}

func (f AuditFilter) filter() audit.Filter {
	return audit.Filter{Action: f.Action, ActorID: f.ActorID, TenantID: f.TenantID, OperationID: f.OperationID, Since: f.Since}
}

type listAuditInput struct {
	InWorkspace
	AuditFilter
	Page
}

type exportAuditInput struct {
	InWorkspace
	AuditFilter
}

type exportAuditOutput struct {
	Body func(huma.Context)
}

func registerAudit(a *API) {
	authz := Authz{Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceAuditView}, ReadOnly: true}
	Register(a, Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}/audit-events", ID: "list-audit-events", Tag: TagAudit,
		Summary:     "List audit events",
		Description: "What was done in the workspace, newest first.",
		Authz:       authz,
	}, a.listAudit)
	export := Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}/audit-events/export", ID: "export-audit-events", Tag: TagAudit,
		Summary:     "Export audit events",
		Description: "Everything the filter matches, newest first, as one JSON object per line.",
		Authz:       authz, Stream: true, Limit: "export",
	}
	Register(a, export, a.exportAudit)
	operationOf(a.huma.OpenAPI().Paths[export.Path], export.Method).Responses["200"] = &huma.Response{
		Description: "The events, one AuditEvent per line.",
		// No schema: validators would take the lines for one JSON text.
		Content: map[string]*huma.MediaType{"application/x-ndjson": {}},
	}
}

func (a *API) listAudit(ctx context.Context, in *listAuditInput) (*Paged[AuditEventView], error) {
	f := in.filter()
	f.Limit, f.Cursor = in.Limit, in.Cursor
	page, err := a.deps.AuditLog.AuditEvents(ctx, Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	return PageOf(page.Items, page.NextCursor, viewAuditEvent), nil
}

// exportAudit streams: what is asked for may not fit into memory. A failure
// after the first line can only break the answer off, which the client notices
// by the missing end of the chunked body.
func (a *API) exportAudit(_ context.Context, in *exportAuditInput) (*exportAuditOutput, error) {
	return &exportAuditOutput{func(hc huma.Context) { //nolint:contextcheck // the request is handed over again when the answer is written, with its own context
		c := humaecho.Unwrap(hc)
		ctx := c.Request().Context()
		begin := func() {
			c.Response().Header().Set("Content-Type", "application/x-ndjson")
			c.Response().Header().Set("Content-Disposition", `attachment; filename="audit-events.ndjson"`)
		}
		lines := json.NewEncoder(c.Response())
		err := a.deps.AuditLog.ExportAudit(ctx, Scope(ctx), in.filter(), func(e audit.Event) error {
			if !c.Response().Committed {
				begin()
			}
			return lines.Encode(viewAuditEvent(e))
		})
		switch {
		case err == nil && !c.Response().Committed:
			begin()
			c.Response().WriteHeader(http.StatusOK)
		case err != nil && c.Response().Committed:
			a.log.ErrorContext(ctx, "audit export broke off", "request_id", audit.RequestOf(ctx), "cause", err)
			panic(http.ErrAbortHandler)
		case err != nil:
			a.answer(c, err)
		}
	}}, nil
}

func viewAuditEvent(e audit.Event) AuditEventView {
	entry, _ := audit.Find(e.Action)
	v := AuditEventView{
		ID: e.ID, At: UTC(e.At), Action: string(e.Action), Summary: entry.Sentence,
		Actor:    AuditActorView{ID: OrNil(e.ActorID), DisplayName: e.ActorName, Via: e.ActorVia},
		TenantID: OrNil(e.Tenant), OperationID: OrNil(e.OperationID), RequestID: OrNil(e.RequestID), Details: e.Details,
	}
	if v.Details == nil {
		v.Details = map[string]any{}
	}
	if e.TargetKind != "" {
		v.Target = &AuditTargetView{Kind: e.TargetKind, ID: e.TargetID}
	}
	return v
}
