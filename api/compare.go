package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// SelectionRequest says what to compare.
type SelectionRequest struct {
	SourceTenantID tenancy.TenantID `json:"source_tenant_id" format:"uuid" doc:"The tenant that policies are taken from." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23"`
	TargetTenantID tenancy.TenantID `json:"target_tenant_id" format:"uuid" doc:"The tenant that would be changed." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	PolicyTypes    []policyType     `json:"policy_types" required:"false" maxItems:"200" doc:"Only these types; all of them when left out or empty." example:"[\"configuration_policies\"]"`
	Query          string           `json:"q" required:"false" maxLength:"200" doc:"Only subjects whose name holds this, whatever its case." example:"baseline"`
	SubjectKeys    []string         `json:"subject_keys" required:"false" maxItems:"1000" maxLength:"200" doc:"Only these subjects; all of them when left out or empty." example:"[\"configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6\"]"`
	MatchRule      matchRule        `json:"match_rule" required:"false" default:"exact_name" doc:"When two names are the same policy: exactly, or but for a version at their end." example:"exact_name"`
	Assignments    assignmentsRule  `json:"assignments" required:"false" default:"include" doc:"Whether assignments are compared and carried over." example:"include"`
}

func (r SelectionRequest) selection() compare.Selection {
	return compare.Selection{
		SourceTenantID: r.SourceTenantID, TargetTenantID: r.TargetTenantID,
		PolicyTypes: words[subject.TypeKey](r.PolicyTypes), Query: r.Query, SubjectKeys: words[subject.Key](r.SubjectKeys),
		MatchRule: subject.MatchRule(r.MatchRule), Assignments: compare.AssignmentsRule(r.Assignments),
	}
}

// SelectionView is a selection in its canonical form: defaults filled in, lists
// sorted and without repetition.
type SelectionView struct {
	SourceTenantID string          `json:"source_tenant_id" format:"uuid" doc:"The tenant that policies are taken from." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23"`
	TargetTenantID string          `json:"target_tenant_id" format:"uuid" doc:"The tenant that would be changed." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	PolicyTypes    []policyType    `json:"policy_types" doc:"Only these types; empty means all." example:"[\"configuration_policies\"]"`
	Query          string          `json:"q" doc:"Only names that hold this; empty means all." example:"baseline"`
	SubjectKeys    []string        `json:"subject_keys" doc:"Only these subjects; empty means all." example:"[\"configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6\"]"`
	MatchRule      matchRule       `json:"match_rule" doc:"When two names are the same policy." example:"exact_name"`
	Assignments    assignmentsRule `json:"assignments" doc:"Whether assignments take part." example:"include"`
}

func viewSelection(s compare.Selection) SelectionView {
	return SelectionView{
		SourceTenantID: string(s.SourceTenantID), TargetTenantID: string(s.TargetTenantID),
		PolicyTypes: words[policyType](s.PolicyTypes), Query: s.Query, SubjectKeys: words[string](s.SubjectKeys),
		MatchRule: matchRule(s.MatchRule), Assignments: assignmentsRule(s.Assignments),
	}
}

// TenantSummaryView is a tenant as one side of a comparison.
type TenantSummaryView struct {
	ID                string        `json:"id" format:"uuid" doc:"Id of the tenant." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	DisplayName       string        `json:"display_name" doc:"Name to show." example:"Fabrikam"`
	DirectoryID       string        `json:"directory_id" format:"uuid" doc:"The Entra tenant GUID." example:"7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44"`
	ConnectionStatus  string        `json:"connection_status" enum:"none,unverified,verified,permission_missing,failed" doc:"What the last check of its connection found." example:"verified"`
	LastSync          *LastSyncView `json:"last_sync" doc:"The newest sync that ended, or null."`
	NotEvaluatedTypes []policyType  `json:"not_evaluated_types" doc:"Types of the selection that were not read completely; nothing is concluded about them." example:"[\"intents\"]"`
}

// LastSyncView says when a tenant was last read, and how that ended.
type LastSyncView struct {
	At      time.Time  `json:"at" doc:"When it ended." example:"2026-11-24T09:00:09Z"`
	Outcome runOutcome `json:"outcome" doc:"How it ended." example:"succeeded"`
}

func viewTenantSummary(v *inventory.View, s compare.Selection) TenantSummaryView {
	summary := TenantSummaryView{
		ID: string(v.Tenant.ID), DisplayName: v.Tenant.DisplayName, DirectoryID: string(v.Tenant.DirectoryID),
		ConnectionStatus: string(v.Connection.Status), NotEvaluatedTypes: []policyType{},
	}
	if v.LastSync != nil {
		summary.LastSync = &LastSyncView{At: UTC(v.LastSync.At), Outcome: runOutcome(v.LastSync.Outcome)}
	}
	for _, t := range s.Types() {
		if !v.Evaluated(t.Key) {
			summary.NotEvaluatedTypes = append(summary.NotEvaluatedTypes, policyType(t.Key))
		}
	}
	return summary
}

// The steps a comparison page leads to.
var (
	generatePreflight = PrimaryActionView{Name: "generate_preflight", Label: "Generate promotion preflight", Kind: "mutation"}
	executePromotion  = PrimaryActionView{Name: "execute_promotion", Label: "Execute promotion", Kind: "mutation", ConfirmationRequired: true}
)

// comparing is who may compare; the tenants are named in the body.
var comparing = []access.Capability{access.WorkspaceBaselinesView, access.TenantView}

func registerCompare(a *API) {
	const path = "/workspaces/{workspace_id}/cross-tenant-compare"
	Register(a, Operation{
		Method: http.MethodPost, Path: path + "/preview", ID: "preview-comparison", Tag: TagCompare,
		Summary:     "Compare two tenants",
		Description: "How every subject of the selection stands between source and target, from what was last read. Nothing is changed, and neither tenant is asked.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: comparing, ReadOnly: true},
		Codes:       []string{codeCursorStale},
	}, a.previewComparison)
	Register(a, Operation{
		Method: http.MethodPost, Path: path + "/diff", ID: "diff-subject", Tag: TagCompare,
		Summary:     "List the differences of a subject",
		Description: "What differs in one subject of the selection, in words, with names in place of ids. A subject with several candidates, or with a side that was not read, is refused with the reason.",
		Authz:       Authz{Reach: ReachWorkspace, Capabilities: comparing, ReadOnly: true},
	}, a.diffSubject)
}

// DiffRequest names one subject of a selection.
type DiffRequest struct {
	SelectionRequest
	SubjectKey string `json:"subject_key" minLength:"1" maxLength:"200" doc:"The subject." example:"configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"`
}

// DiffView lists what differs in one subject.
type DiffView struct {
	SubjectKey string       `json:"subject_key" doc:"The subject." example:"configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"`
	Changes    []ChangeView `json:"changes" maxItems:"2000" doc:"The differences, by path. Empty when there are none, or only in values that are not readable."`
	Truncated  bool         `json:"truncated" doc:"Whether there are more differences than are listed." example:"false"`
}

// ChangeView is one difference, seen from the target.
type ChangeView struct {
	Path        string     `json:"path" doc:"Where it is, stable." example:"settings/device_vendor_msft_policy_config_devicelock_minlength"`
	Label       string     `json:"label" doc:"Where it is, in words." example:"Minimum password length"`
	Kind        changeKind `json:"kind" doc:"added would come to the target, removed would go, changed would be replaced." example:"changed"`
	SourceValue any        `json:"source_value" doc:"The value in the source; null when it has none." example:"12"`
	TargetValue any        `json:"target_value" doc:"The value in the target; null when it has none." example:"8"`
}

type diffInput struct {
	InWorkspace
	Body DiffRequest
}

type diffOutput struct {
	Body DiffView
}

func (a *API) diffSubject(ctx context.Context, in *diffInput) (*diffOutput, error) {
	d, err := a.deps.Promotion.Diff(ctx, Scope(ctx), in.Body.selection(), subject.Key(in.Body.SubjectKey))
	if err != nil {
		return nil, err
	}
	return &diffOutput{DiffView{
		SubjectKey: string(d.Item.Key), Changes: ListOf(d.Changes, viewChange).Items, Truncated: d.Truncated,
	}}, nil
}

func viewChange(c compare.Change) ChangeView {
	return ChangeView{
		Path: c.Path, Label: c.Label, Kind: changeKind(c.Kind), SourceValue: c.SourceValue, TargetValue: c.TargetValue,
	}
}
