package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// OperationItemView is one item of an operation.
type OperationItemView struct {
	Ordinal        int        `json:"ordinal" doc:"Its place in the plan, from 1." example:"3"`
	SubjectKey     *string    `json:"subject_key" doc:"The governed subject, or null." example:"configuration_policies:9f2b61c0"`
	Label          string     `json:"label" doc:"Words for people." example:"Windows baseline"`
	PolicyType     *string    `json:"policy_type" doc:"The kind of policy, or null." example:"configuration_policies"`
	Action         string     `json:"action" doc:"What is to be done with it." example:"update"`
	Status         string     `json:"status" enum:"pending,in_progress,succeeded,failed,skipped" doc:"Where it is." example:"succeeded"`
	Effect         *string    `json:"effect" enum:"created,updated,unchanged" doc:"What a success did, or null." example:"updated"`
	ReasonCode     *string    `json:"reason_code" doc:"Why it failed or was skipped, or null." example:"target_changed"`
	Message        *string    `json:"message" doc:"The reason in words, or null." example:"The target changed after the preflight, so nothing was written."`
	TargetObjectID *string    `json:"target_object_id" doc:"The object in the target, or null." example:"4d5e1f1c-93a4-4d13-8c57-5b1d7ce8d0aa"`
	Attempts       int        `json:"attempts" doc:"How often it was tried." example:"1"`
	StartedAt      *time.Time `json:"started_at" doc:"When it was begun, or null." example:"2026-11-24T09:00:02Z"`
	FinishedAt     *time.Time `json:"finished_at" doc:"When it was decided, or null." example:"2026-11-24T09:00:04Z"`
}

// InOperation is the input of everything about one operation; embed it.
type InOperation struct {
	InWorkspace
	OperationID operation.RunID `path:"operation_id" format:"uuid" doc:"Id of the operation." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
}

// OperationFilter narrows a list of operations; embed it.
type OperationFilter struct {
	Type     operation.Type    `query:"type" enum:"connection.verify,inventory.sync,promotion.execute,report.permission_posture,report.entra_admin_roles,baseline.compare,evidence.collect,review.compose,review_pack.generate" doc:"Only this kind of work." example:"promotion.execute"`
	Status   operation.Status  `query:"status" enum:"queued,running,completed" doc:"Only with this status." example:"running"`
	Outcome  operation.Outcome `query:"outcome" enum:"pending,succeeded,partially_succeeded,failed,blocked,cancelled" doc:"Only with this outcome." example:"failed"`
	TenantID tenancy.TenantID  `query:"tenant_id" format:"uuid" doc:"Only about this tenant; for a promotion the target." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	Since    time.Time         `query:"since" format:"date-time" doc:"Only what was started then or later." example:"2026-11-01T00:00:00Z"`
}

type listOperationsInput struct {
	InWorkspace
	OperationFilter
	Page
}

type listItemsInput struct {
	InOperation
	Status operation.ItemStatus `query:"status" enum:"pending,in_progress,succeeded,failed,skipped" doc:"Only items with this status." example:"failed"`
	Page
}

type operationOutput struct{ Body OperationView }

// operationsView is who may look at operations. The tenant capability is asked
// on the tenant of each.
var operationsView = Authz{
	Reach: ReachWorkspace, Capabilities: []access.Capability{access.WorkspaceOperationsView, access.TenantView}, ReadOnly: true,
}

func registerOperations(a *API) {
	const list, one = "/workspaces/{workspace_id}/operations", "/workspaces/{workspace_id}/operations/{operation_id}"
	Register(a, Operation{
		Method: http.MethodGet, Path: list, ID: "list-operations", Tag: TagOperations,
		Summary:     "List operations",
		Description: "The operations of the tenants the caller is entitled to, newest first.",
		Authz:       operationsView,
	}, a.listOperations)
	Register(a, Operation{
		Method: http.MethodGet, Path: one, ID: "get-operation", Tag: TagOperations,
		Summary:     "Get an operation",
		Description: "One operation. The source of a promotion is null without entitlement to it.",
		Authz:       operationsView,
	}, a.getOperation)
	Register(a, Operation{
		Method: http.MethodGet, Path: one + "/items", ID: "list-operation-items", Tag: TagOperations,
		Summary:     "List the items of an operation",
		Description: "What the operation consists of, in order, each with what became of it and why.",
		Authz:       operationsView,
	}, a.listItems)
	cancel := operationsView
	cancel.ReadOnly, cancel.Audit = false, audit.OperationCancelRequested
	Register(a, Operation{
		Method: http.MethodPost, Path: one + "/cancel", ID: "cancel-operation", Tag: TagOperations,
		Summary:     "Cancel an operation",
		Description: "A queued operation ends at once; a running one stops after the item in progress and skips the rest. It needs what starting the operation needs. Cancelling twice changes nothing.",
		Authz:       cancel, Codes: []string{operation.CodeOperationCompleted},
	}, a.cancelOperation)
}

func (a *API) listOperations(ctx context.Context, in *listOperationsInput) (*Paged[OperationView], error) {
	f := operation.Filter{
		Type: in.Type, Status: in.Status, Outcome: in.Outcome, TenantID: in.TenantID, Since: in.Since, Limit: in.Limit + 1,
	}
	list := fmt.Sprintf("operations of %s %+v", in.WorkspaceID, in.OperationFilter)
	if _, err := a.cursors.Open(list, in.Cursor, &f.Before); err != nil {
		return nil, err
	}
	runs, err := a.deps.Operations.List(ctx, Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	page, next, err := cut(a.cursors, list, runs, in.Limit, func(r operation.Run) operation.RunID { return r.ID })
	if err != nil {
		return nil, err
	}
	return PageOf(page, next, func(r operation.Run) OperationView { return viewOperation(Scope(ctx), r) }), nil
}

// cut makes a page of rows that were read with one more than limit, and the
// cursor of the next one from the position of its last row.
func cut[T, P any](c Cursors, list string, rows []T, limit int, position func(T) P) (page []T, next string, err error) {
	if len(rows) <= limit {
		return rows, "", nil
	}
	sealed, err := c.Seal(list, position(rows[limit-1]))
	if err != nil {
		return nil, "", err
	}
	return rows[:limit], *sealed, nil
}

func (a *API) getOperation(ctx context.Context, in *InOperation) (*operationOutput, error) {
	r, err := a.deps.Operations.Get(ctx, Scope(ctx), in.OperationID)
	if err != nil {
		return nil, err
	}
	return &operationOutput{viewOperation(Scope(ctx), r)}, nil
}

func (a *API) listItems(ctx context.Context, in *listItemsInput) (*Paged[OperationItemView], error) {
	items, err := a.deps.Operations.Items(ctx, Scope(ctx), in.OperationID, in.Status)
	if err != nil {
		return nil, err
	}
	list, after := fmt.Sprintf("items of %s %s", in.OperationID, in.Status), 0
	if _, err := a.cursors.Open(list, in.Cursor, &after); err != nil {
		return nil, err
	}
	rest := items[:0]
	for _, i := range items {
		if i.Ordinal > after {
			rest = append(rest, i)
		}
	}
	page, next, err := cut(a.cursors, list, rest, in.Limit, func(i operation.Item) int { return i.Ordinal })
	if err != nil {
		return nil, err
	}
	return PageOf(page, next, viewItem), nil
}

func viewItem(i operation.Item) OperationItemView {
	return OperationItemView{
		Ordinal: i.Ordinal, SubjectKey: OrNil(i.SubjectKey), Label: i.Label, PolicyType: OrNil(i.PolicyType), Action: i.Action,
		Status: string(i.Status), Effect: OrNil(i.Effect), ReasonCode: OrNil(i.ReasonCode), Message: OrNil(i.Message),
		TargetObjectID: OrNil(i.TargetObjectID), Attempts: i.Attempts, StartedAt: UTCOrNil(i.StartedAt), FinishedAt: UTCOrNil(i.FinishedAt),
	}
}

func (a *API) cancelOperation(ctx context.Context, in *InOperation) (*operationOutput, error) {
	r, err := a.deps.Operations.Cancel(ctx, Scope(ctx), in.OperationID)
	if err != nil {
		return nil, err
	}
	return &operationOutput{viewOperation(Scope(ctx), r)}, nil
}
