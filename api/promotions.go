package api

import (
	"context"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// StartPromotionRequest is the wish to execute a preflight.
type StartPromotionRequest struct {
	Selection            SelectionRequest    `json:"selection" doc:"The selection of the preflight."`
	PreflightFingerprint string              `json:"preflight_fingerprint" minLength:"1" maxLength:"128" doc:"The fingerprint of the preflight." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	Confirmation         ConfirmationRequest `json:"confirmation" doc:"What was confirmed, as the preflight showed it."`
}

// ConfirmationRequest repeats what a person confirmed.
type ConfirmationRequest struct {
	SourceTenantID tenancy.TenantID `json:"source_tenant_id" format:"uuid" doc:"The source." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23"`
	TargetTenantID tenancy.TenantID `json:"target_tenant_id" format:"uuid" doc:"The target." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	Ready          int              `json:"ready" minimum:"0" doc:"How many subjects are ready." example:"12"`
	Excluded       int              `json:"excluded" minimum:"0" doc:"How many are left out: blocked and manual_mapping_required together." example:"3"`
}

type startPromotionInput struct {
	InWorkspace
	Body StartPromotionRequest
}

func registerPromotions(a *API) {
	const path = "/workspaces/{workspace_id}/cross-tenant-compare"
	Register(a, Operation{
		Method: http.MethodPost, Path: path + "/preflight", ID: "generate-preflight", Tag: TagPromotion,
		Summary:     "Generate a promotion preflight",
		Description: "What of the selection can be promoted to the target, what cannot and why. Nothing is changed. The first page is recorded as the generation of a preflight; pages with a cursor are not.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: comparing, Audit: audit.PreflightGenerated},
		Codes:       []string{codeCursorStale, promotion.CodeSameTenant},
	}, a.generatePreflight)
	Register(a, StartsWork(Operation{
		Method: http.MethodPost, Path: path + "/promotions", ID: "start-promotion", Tag: TagPromotion,
		Summary:     "Execute a promotion",
		Description: "Queues one operation that applies the ready subjects of a current preflight to the target, or returns the active operation of the same request. Nothing is queued unless selection, fingerprint and confirmation are what they were.",
		Authz: Authz{
			Reach: ReachWorkspace, Audit: operation.PromotionExecute.QueuedAction(),
			Capabilities: []access.Capability{
				access.WorkspaceBaselinesView, access.WorkspaceBaselinesManage, access.TenantView, access.TenantManage,
			},
		},
		Codes: []string{
			operation.CodeScopeBusy, promotion.CodeSameTenant, promotion.CodePreflightStale,
			promotion.CodeConfirmationMismatch, promotion.CodeNoReadySubjects,
		},
	}), a.startPromotion)
}

func (a *API) startPromotion(ctx context.Context, in *startPromotionInput) (*StartOutput, error) {
	c := in.Body.Confirmation
	res, err := a.deps.Promotion.Start(ctx, Scope(ctx), promotion.Request{
		Selection: in.Body.Selection.selection(), Fingerprint: fingerprint.Digest(in.Body.PreflightFingerprint),
		Confirmation: promotion.Confirmation{
			SourceTenantID: c.SourceTenantID, TargetTenantID: c.TargetTenantID, Ready: c.Ready, Excluded: c.Excluded,
		},
	})
	return startedRun(Scope(ctx), res, err)
}
