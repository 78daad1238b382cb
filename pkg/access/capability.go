package access

// Capability is one thing a role may allow. Workspace capabilities start with
// "workspace.", tenant capabilities with "tenant.".
type Capability string

// The workspace capabilities.
const (
	WorkspaceView            Capability = "workspace.view"
	WorkspaceOperationsView  Capability = "workspace.operations.view"
	WorkspaceBaselinesView   Capability = "workspace.baselines.view"
	WorkspaceBaselinesManage Capability = "workspace.baselines.manage"
	WorkspaceMembersManage   Capability = "workspace.members.manage"
	WorkspaceControlsManage  Capability = "workspace.controls.manage"
	WorkspaceTenantsCreate   Capability = "workspace.tenants.create"
	WorkspaceAuditView       Capability = "workspace.audit.view"
	WorkspaceManage          Capability = "workspace.manage"
)

// The tenant capabilities.
const (
	TenantView            Capability = "tenant.view"
	TenantReportsView     Capability = "tenant.reports.view"
	TenantEvidenceView    Capability = "tenant.evidence.view"
	TenantFindingsView    Capability = "tenant.findings.view"
	TenantReviewsView     Capability = "tenant.reviews.view"
	TenantPacksView       Capability = "tenant.packs.view"
	TenantSync            Capability = "tenant.sync"
	TenantReportsGenerate Capability = "tenant.reports.generate"
	TenantEvidenceCollect Capability = "tenant.evidence.collect"
	TenantFindingsManage  Capability = "tenant.findings.manage"
	TenantBaselineManage  Capability = "tenant.baseline.manage"
	TenantReviewsManage   Capability = "tenant.reviews.manage"
	TenantPacksGenerate   Capability = "tenant.packs.generate"
	TenantManage          Capability = "tenant.manage"
	TenantMembersManage   Capability = "tenant.members.manage"
	TenantReviewsPublish  Capability = "tenant.reviews.publish"
	TenantRawView         Capability = "tenant.raw.view"
	TenantTechnicalView   Capability = "tenant.technical.view"

	// CustomerReviewsView is the customer plane's only capability.
	CustomerReviewsView Capability = "customer.reviews.view"
)
