package tenancy

import (
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// WorkspaceRoles lists every workspace role, the most powerful first.
func WorkspaceRoles() []WorkspaceRole {
	return []WorkspaceRole{Owner, Manager, Operator, Readonly, Support, Customer}
}

// TenantRoles lists every tenant role, the most powerful first.
func TenantRoles() []TenantRole { return []TenantRole{TenantManager, TenantOperator, TenantReader} }

// Clouds lists every cloud.
func Clouds() []Cloud { return []Cloud{CloudGlobal, CloudUSGov, CloudUSGovDoD, CloudChina} }

// Known reports whether the role is one of WorkspaceRoles.
func (r WorkspaceRole) Known() bool { return slices.Contains(WorkspaceRoles(), r) }

// Known reports whether the role is one of TenantRoles.
func (r TenantRole) Known() bool { return slices.Contains(TenantRoles(), r) }

// Known reports whether the cloud is one of Clouds.
func (c Cloud) Known() bool { return slices.Contains(Clouds(), c) }

// CheckRevision compares what the caller believes with what is stored: nil is
// precondition_required, another revision precondition_failed.
func CheckRevision(expected *int64, current int64) error {
	switch {
	case expected == nil:
		return fault.New(fault.PreconditionRequired, "precondition_required",
			"Say which revision you read (If-Match), so that no other change is lost.")
	case *expected != current:
		return fault.Stale()
	}
	return nil
}
