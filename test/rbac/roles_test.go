package rbac_test

import (
	"slices"
	"strings"
)

// workspaceRoles are the rows of the contract's table of workspace capabilities.
var workspaceRoles = map[string][]string{
	"workspace.view":             {"owner", "manager", "operator", "readonly", "support"},
	"workspace.operations.view":  {"owner", "manager", "operator", "readonly", "support"},
	"workspace.baselines.view":   {"owner", "manager", "operator", "readonly", "support"},
	"workspace.baselines.manage": {"owner", "manager", "operator"},
	"workspace.members.manage":   {"owner", "manager"},
	"workspace.controls.manage":  {"owner", "manager"},
	"workspace.tenants.create":   {"owner", "manager"},
	"workspace.audit.view":       {"owner", "manager", "support"},
	"workspace.manage":           {"owner"},
}

// tenantRoles are the rows of the contract's table of tenant capabilities.
var tenantRoles = map[string][]string{
	"tenant.view":             {"manager", "operator", "reader"},
	"tenant.reports.view":     {"manager", "operator", "reader"},
	"tenant.evidence.view":    {"manager", "operator", "reader"},
	"tenant.findings.view":    {"manager", "operator", "reader"},
	"tenant.reviews.view":     {"manager", "operator", "reader"},
	"tenant.packs.view":       {"manager", "operator", "reader"},
	"tenant.sync":             {"manager", "operator"},
	"tenant.reports.generate": {"manager", "operator"},
	"tenant.evidence.collect": {"manager", "operator"},
	"tenant.findings.manage":  {"manager", "operator"},
	"tenant.baseline.manage":  {"manager", "operator"},
	"tenant.reviews.manage":   {"manager", "operator"},
	"tenant.packs.generate":   {"manager", "operator"},
	"tenant.manage":           {"manager"},
	"tenant.members.manage":   {"manager"},
	"tenant.reviews.publish":  {"manager"},
	"tenant.raw.view":         {"manager"},
	"tenant.technical.view":   {"manager"},
}

// customerOnly is the one capability that only customers have.
const customerOnly = "customer.reviews.view"

// implied is what a workspace role is in every tenant.
var implied = map[string]string{"owner": "manager", "manager": "manager", "support": "reader"}

// person is one of those who ask.
type person struct {
	name    string
	known   bool   // presents a credential that is worth something
	role    string // in the workspace; "" when no member of it
	tenants map[string]string
}

// sees reports whether the person is entitled to a tenant of the workspace.
func (p person) sees(tenant string) bool { return p.tenantRole(tenant) != "" }

func (p person) tenantRole(tenant string) string {
	if tenant == target || tenant == source || tenant == spare {
		if r := implied[p.role]; r != "" {
			return r
		}
	}
	return p.tenants[tenant]
}

// can reports whether the person holds a capability; of the tenant when it is
// one on tenants.
func (p person) can(capability, tenant string) bool {
	if p.role == "customer" {
		return capability == customerOnly
	}
	if strings.HasPrefix(capability, "workspace.") {
		return slices.Contains(workspaceRoles[capability], p.role)
	}
	if p.role == "support" && (capability == "tenant.raw.view" || capability == "tenant.technical.view") {
		return p.sees(tenant)
	}
	return slices.Contains(tenantRoles[capability], p.tenantRole(tenant))
}

// inside reports whether the workspace's own plane is there for the person.
func (p person) inside() bool { return p.role != "" && p.role != "customer" }
