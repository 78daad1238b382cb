package api

import (
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// OperationView is an operation as clients see it, in lists, streams and start
// results alike.
type OperationView struct {
	ID             string                `json:"id" format:"uuid" doc:"Id of the operation." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
	Type           string                `json:"type" enum:"connection.verify,inventory.sync,promotion.execute,report.permission_posture,report.entra_admin_roles,baseline.compare,evidence.collect,review.compose,review_pack.generate" doc:"What kind of work it is." example:"inventory.sync"`
	Label          string                `json:"label" doc:"Words for people." example:"Inventory sync"`
	Status         string                `json:"status" enum:"queued,running,completed" doc:"Where it is in its life." example:"running"`
	Outcome        string                `json:"outcome" enum:"pending,succeeded,partially_succeeded,failed,blocked,cancelled" doc:"What came of it; pending until it is completed." example:"pending"`
	TenantID       *string               `json:"tenant_id" format:"uuid" doc:"The tenant it is about; for a promotion the target." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	SourceTenantID *string               `json:"source_tenant_id" format:"uuid" doc:"The source of a promotion, else null." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23"`
	TargetTenantID *string               `json:"target_tenant_id" format:"uuid" doc:"The target of a promotion, else null." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	Initiator      *PersonView           `json:"initiator" doc:"Who started it; null for the system."`
	SummaryCounts  OperationCountsView   `json:"summary_counts" doc:"How many items it has and what became of them."`
	WaitingOn      *OperationWaitView    `json:"waiting_on" doc:"What it waits for, or null."`
	ReasonCode     *string               `json:"reason_code" doc:"Why it ended as it did, when that needs a word." example:"operation_paused"`
	Message        *string               `json:"message" doc:"One sentence to show." example:"12 of 12 policy types were read."`
	CreatedAt      time.Time             `json:"created_at" doc:"When it was started." example:"2026-11-24T09:00:00Z"`
	StartedAt      *time.Time            `json:"started_at" doc:"When a worker first took it up." example:"2026-11-24T09:00:01Z"`
	CompletedAt    *time.Time            `json:"completed_at" doc:"When it ended." example:"2026-11-24T09:00:09Z"`
	Actions        map[string]ActionView `json:"actions" doc:"What may be done about it: cancel."`
	Links          OperationLinksView    `json:"links" doc:"Where more of it is."`
}

// OperationCountsView are the canonical counts.
type OperationCountsView struct {
	Total     int `json:"total" doc:"All items." example:"12"`
	Processed int `json:"processed" doc:"Items with a verdict." example:"4"`
	Succeeded int `json:"succeeded" doc:"Items that ended well." example:"4"`
	Failed    int `json:"failed" doc:"Items that failed." example:"0"`
	Skipped   int `json:"skipped" doc:"Items that were left out, each with a reason." example:"0"`
	Created   int `json:"created" doc:"Objects created." example:"3"`
	Updated   int `json:"updated" doc:"Objects updated." example:"1"`
	Unchanged int `json:"unchanged" doc:"Objects that already stood as they should." example:"0"`
}

// OperationWaitView says what an operation waits for.
type OperationWaitView struct {
	Kind  string    `json:"kind" enum:"lease,throttle,control,retry" doc:"What kind of wait it is." example:"throttle"`
	Label string    `json:"label" doc:"Words for people." example:"Waiting for Microsoft Graph"`
	Since time.Time `json:"since" doc:"Since when." example:"2026-11-24T09:00:05Z"`
}

// OperationLinksView are addresses: API paths, and web for people.
type OperationLinksView struct {
	Self   string `json:"self" format:"uri-reference" doc:"The operation." example:"/api/v1/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
	Events string `json:"events" format:"uri-reference" doc:"Its event stream." example:"/api/v1/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21/events"`
	Items  string `json:"items" format:"uri-reference" doc:"Its items." example:"/api/v1/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21/items"`
	Web    string `json:"web" format:"uri-reference" doc:"Its page." example:"/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
}

// viewOperation is a run as the scope may see it; ask operation.Visible, or a
// room that has, before.
func viewOperation(s access.Scope, r operation.Run) OperationView {
	r = operation.Redact(s, r)
	v := OperationView{
		ID: string(r.ID), Type: string(r.Type), Label: r.Type.Label(), Status: string(r.Status), Outcome: string(r.Outcome),
		TenantID: OrNil(r.TenantID), SourceTenantID: OrNil(r.SourceTenantID), TargetTenantID: OrNil(r.TargetTenantID),
		SummaryCounts: OperationCountsView(r.Counts), ReasonCode: OrNil(r.ReasonCode), Message: OrNil(r.Message),
		CreatedAt: UTC(r.CreatedAt), StartedAt: UTCOrNil(r.StartedAt), CompletedAt: UTCOrNil(r.CompletedAt),
		Actions: operationActions(s, r), Links: operationLinks(r),
	}
	if r.InitiatorID != "" {
		v.Initiator = &PersonView{ID: string(r.InitiatorID), DisplayName: r.InitiatorName}
	}
	if w := r.WaitingOn; w != nil {
		v.WaitingOn = &OperationWaitView{Kind: string(w.Kind), Label: w.Label, Since: UTC(w.Since)}
	}
	return v
}

func operationActions(s access.Scope, r operation.Run) map[string]ActionView {
	cancel := Allow()
	switch lacks := operation.MayNotCancel(s, r); {
	case lacks != "":
		cancel = RefuseCapability(lacks)
	case r.Status == operation.Completed:
		cancel = Refuse(operation.CodeOperationCompleted, "This operation has already ended.")
	case r.CancelRequestedAt != nil:
		cancel = Refuse(operation.ReasonCancelled, "It has been asked to stop and does so after the item in progress.")
	}
	return map[string]ActionView{"cancel": cancel}
}

func operationLinks(r operation.Run) OperationLinksView {
	page := "/workspaces/" + string(r.WorkspaceID) + "/operations/" + string(r.ID)
	self := BasePath + page
	return OperationLinksView{Self: self, Events: self + "/events", Items: self + "/items", Web: page}
}

// startedRun is the output of a start, or its refusal.
func startedRun(s access.Scope, res operation.StartResult, err error) (*StartOutput, error) {
	if err != nil {
		return nil, presentable(s, err)
	}
	return Started(res.Result == operation.ResultQueued, res.Message, viewOperation(s, res.Run)), nil
}

// presentable puts the view of a run in the place of the run itself, which a
// refusal may carry and which must not be sent.
func presentable(s access.Scope, err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	run, ok := f.Members["operation"].(operation.Run)
	if !ok {
		return err
	}
	return f.With("operation", viewOperation(s, run))
}
