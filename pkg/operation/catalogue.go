package operation

import (
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
)

// Deadline is the longest a run may take from its start to its end.
const Deadline = 24 * time.Hour

// Exclusive says over what at most one run of a type may be active.
type Exclusive string

// The kinds of exclusiveness, each one partial unique index.
const (
	PerTenant    Exclusive = "tenant"    // one per (tenant, type)
	PerDirectory Exclusive = "directory" // one per target directory, over all workspaces
	PerSubject   Exclusive = "subject"   // one per (review, type)
)

// Kind is what the product knows about one operation type.
type Kind struct {
	Type      Type
	Label     string // what Monitoring calls it
	Item      string // what one item is, in the singular
	Exclusive Exclusive
	Workspace []access.Capability // needed in the workspace to start or cancel
	Tenant    []access.Capability // needed on the run's tenant (a promotion's target)
	Source    []access.Capability // needed on a promotion's source
}

// catalogue is the one list of operation types, in the order pages show them.
var catalogue = []Kind{
	{
		Type: ConnectionVerify, Label: "Verify connection", Item: "connection", Exclusive: PerTenant,
		Tenant: []access.Capability{access.TenantSync}, // a sync verifies as its own first step
	},
	{
		Type: InventorySync, Label: "Inventory sync", Item: "policy type", Exclusive: PerTenant,
		Tenant: []access.Capability{access.TenantSync},
	},
	{
		Type: PromotionExecute, Label: "Promotion", Item: "governed subject", Exclusive: PerDirectory,
		Workspace: []access.Capability{access.WorkspaceBaselinesView, access.WorkspaceBaselinesManage},
		Tenant:    []access.Capability{access.TenantView, access.TenantManage},
		Source:    []access.Capability{access.TenantView},
	},
	{
		Type: ReportPermissionPosture, Label: "Permission posture report", Item: "report", Exclusive: PerTenant,
		Tenant: []access.Capability{access.TenantReportsGenerate},
	},
	{
		Type: ReportEntraAdminRoles, Label: "Entra admin roles report", Item: "report", Exclusive: PerTenant,
		Tenant: []access.Capability{access.TenantReportsGenerate},
	},
	{
		Type: BaselineCompare, Label: "Baseline comparison", Item: "policy type", Exclusive: PerTenant,
		Tenant: []access.Capability{access.TenantBaselineManage},
	},
	{
		Type: EvidenceCollect, Label: "Evidence collection", Item: "evidence snapshot", Exclusive: PerTenant,
		Tenant: []access.Capability{access.TenantEvidenceCollect},
	},
	{
		Type: ReviewCompose, Label: "Review composition", Item: "environment review", Exclusive: PerSubject,
		Tenant: []access.Capability{access.TenantReviewsManage},
	},
	{
		Type: ReviewPackGenerate, Label: "Review pack", Item: "review pack", Exclusive: PerSubject,
		Tenant: []access.Capability{access.TenantPacksGenerate},
	},
}

// Kinds returns the catalogue.
func Kinds() []Kind { return append([]Kind(nil), catalogue...) }

// KindOf returns what is known about a type; ok is false for an unknown one.
func KindOf(t Type) (k Kind, ok bool) {
	for _, k := range catalogue {
		if k.Type == t {
			return k, true
		}
	}
	return Kind{}, false
}

// Label is what Monitoring calls a run of this type.
func (t Type) Label() string {
	if k, ok := KindOf(t); ok {
		return k.Label
	}
	return string(t)
}

// QueuedAction is the audit action of a start.
func (t Type) QueuedAction() audit.Action { return audit.Queued(string(t)) }

// CompletedAction is the audit action of the end.
func (t Type) CompletedAction() audit.Action { return audit.Completed(string(t)) }

// Lacks returns the first capability the scope is missing to start or cancel a
// run of this kind on the tenants of r, or "". It presumes that the scope sees
// the tenants; ask Visible first.
func (k Kind) Lacks(s access.Scope, r Run) access.Capability {
	for _, c := range k.Workspace {
		if !s.Can(c, "") {
			return c
		}
	}
	for _, c := range k.Tenant {
		if !s.Can(c, r.TenantID) {
			return c
		}
	}
	for _, c := range k.Source {
		if r.SourceHidden || (r.SourceTenantID != "" && !s.Can(c, r.SourceTenantID)) {
			return c
		}
	}
	return ""
}

// Visible reports whether the scope may see the run at all: same workspace,
// entitled to the run's tenant, and allowed to look at operations.
func Visible(s access.Scope, r Run) bool {
	return s.Valid() && s.Workspace() == r.WorkspaceID && s.Sees(r.TenantID) &&
		s.Can(access.WorkspaceOperationsView, "") && s.Can(access.TenantView, r.TenantID)
}
