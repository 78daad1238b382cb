package access

import (
	_ "embed" // the policy is part of the binary
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	"github.com/casbin/casbin/v2/persist"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

//go:embed model.conf
var modelText string

//go:embed policy.csv
var policyText string

// embeddedPolicy is the policy.csv of the binary as a Casbin source. It cannot
// be written: roles change by a reviewed line, never at run time.
type embeddedPolicy struct{ text string }

// LoadPolicy reads every line; an unreadable one is an error.
func (a embeddedPolicy) LoadPolicy(m model.Model) error {
	for line := range strings.Lines(a.text) {
		if err := persist.LoadPolicyLine(strings.TrimSpace(line), m); err != nil {
			return fmt.Errorf("read policy line %q: %w", line, err)
		}
	}
	return nil
}

var errReadOnly = errors.New("access: the policy is part of the program")

// SavePolicy refuses.
func (embeddedPolicy) SavePolicy(model.Model) error { return errReadOnly }

// AddPolicy refuses.
func (embeddedPolicy) AddPolicy(string, string, []string) error { return errReadOnly }

// RemovePolicy refuses.
func (embeddedPolicy) RemovePolicy(string, string, []string) error { return errReadOnly }

// RemoveFilteredPolicy refuses.
func (embeddedPolicy) RemoveFilteredPolicy(string, string, int, ...string) error { return errReadOnly }

// policy answers what a role grants. Subjects carry a prefix so that no id can
// ever be mistaken for a role.
type policy struct {
	enforcer *casbin.SyncedEnforcer
	implied  map[tenancy.WorkspaceRole]tenancy.TenantRole // the policy's g lines
}

func loadPolicy() (*policy, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("read the access model: %w", err)
	}
	e, err := casbin.NewSyncedEnforcer(m, embeddedPolicy{policyText})
	if err != nil {
		return nil, fmt.Errorf("load the access policy: %w", err)
	}
	lines, err := e.GetGroupingPolicy()
	if err != nil {
		return nil, fmt.Errorf("read the implied tenant roles: %w", err)
	}
	implied := make(map[tenancy.WorkspaceRole]tenancy.TenantRole, len(lines))
	for _, g := range lines {
		ws := tenancy.WorkspaceRole(strings.TrimPrefix(g[0], "workspace:"))
		implied[ws] = tenancy.TenantRole(strings.TrimPrefix(g[1], "tenant:"))
	}
	return &policy{enforcer: e, implied: implied}, nil
}

// grants reports whether any of the subjects holds the capability. An error of
// the engine denies.
func (p *policy) grants(c Capability, subjects ...string) bool {
	for _, s := range subjects {
		if ok, err := p.enforcer.Enforce(s, string(c)); err == nil && ok {
			return true
		}
	}
	return false
}

// impliedTenantRole says what a workspace role is in every tenant; ok is false
// for roles that need a tenant membership.
func (p *policy) impliedTenantRole(r tenancy.WorkspaceRole) (role tenancy.TenantRole, ok bool) {
	role, ok = p.implied[r]
	return role, ok
}

func workspaceSubject(r tenancy.WorkspaceRole) string { return "workspace:" + string(r) }
func tenantSubject(r tenancy.TenantRole) string       { return "tenant:" + string(r) }

// ofTenant reports whether the capability is held on one tenant rather than on
// the workspace.
func (c Capability) ofTenant() bool {
	return strings.HasPrefix(string(c), "tenant.") || c == CustomerReviewsView
}

// All lists every capability, workspace capabilities first.
func All() []Capability {
	return slices.Clone(all)
}

var all = []Capability{
	WorkspaceView, WorkspaceOperationsView, WorkspaceBaselinesView, WorkspaceBaselinesManage,
	WorkspaceMembersManage, WorkspaceControlsManage, WorkspaceTenantsCreate, WorkspaceAuditView, WorkspaceManage,
	TenantView, TenantReportsView, TenantEvidenceView, TenantFindingsView, TenantReviewsView, TenantPacksView,
	TenantSync, TenantReportsGenerate, TenantEvidenceCollect, TenantFindingsManage, TenantBaselineManage,
	TenantReviewsManage, TenantPacksGenerate, TenantManage, TenantMembersManage, TenantReviewsPublish,
	TenantRawView, TenantTechnicalView, CustomerReviewsView,
}
