package promotion

import (
	"context"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// Outlook is what a start of this preflight would meet besides its content, so
// that a page need not guess.
type Outlook struct {
	Lacks   access.Capability // the first capability the caller is missing, or ""
	Busy    bool              // a promotion is active on the target's directory
	OnPair  bool              // that promotion is of this very pair of tenants
	Blocked string            // reason code a start would be blocked with, or ""
}

// outlook asks the questions of a start, in its order, and refuses nothing.
func (s *Service) outlook(ctx context.Context, sc access.Scope, v *Verdict) (Outlook, error) {
	sel := v.Preflight.Selection
	kind, _ := operation.KindOf(operation.PromotionExecute)
	o := Outlook{Lacks: kind.Lacks(sc, operation.Run{TenantID: sel.TargetTenantID, SourceTenantID: sel.SourceTenantID})}
	active, err := s.Operations.ActiveOn(ctx, v.Target.Tenant.DirectoryID)
	if err != nil {
		return o, fmt.Errorf("look for an active promotion: %w", err)
	}
	if active != nil {
		o.Busy = true
		o.OnPair = active.SourceTenantID == sel.SourceTenantID && active.TargetTenantID == sel.TargetTenantID
	}
	err = s.legitimate(ctx, sc, v.Source, v.Target)
	if f := fault.As(err); f != nil && f.Code == operation.CodeOperationBlocked {
		o.Blocked, _ = f.Members["reason_code"].(string)
		return o, nil
	}
	return o, err
}
