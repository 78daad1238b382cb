package promotion

import (
	"context"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// Authorizer re-checks a promotion while it runs: the pair is still legitimate
// and the initiator still entitled.
type Authorizer struct {
	Store Store
	// Scope mints the initiator's scope from the memberships of this moment.
	Scope func(ctx context.Context, r operation.Run) (access.Scope, error)
}

// Authorize implements operation.Authorize for promotions.
func (a *Authorizer) Authorize(ctx context.Context, r operation.Run) (string, error) {
	sc, err := a.Scope(ctx, r)
	if f := fault.As(err); f != nil && (f.Kind == fault.NotFound || f.Kind == fault.Forbidden) {
		return operation.ReasonAuthorizationRevoked, nil
	}
	if err != nil {
		return "", err
	}
	entitled := sc.Sees(r.SourceTenantID) && sc.Can(access.TenantView, r.SourceTenantID) &&
		sc.Can(access.WorkspaceBaselinesManage, "") && sc.Sees(r.TargetTenantID) && sc.Can(access.TenantManage, r.TargetTenantID)
	if !entitled {
		return operation.ReasonAuthorizationRevoked, nil
	}
	source, target, err := a.standing(ctx, r)
	if err != nil {
		return "", err
	}
	return illegitimacy(source, target), nil
}

func (a *Authorizer) standing(ctx context.Context, r operation.Run) (source, target *inventory.View, err error) {
	sys := access.System(r.WorkspaceID)
	if source, err = a.Store.LoadStanding(ctx, sys, r.SourceTenantID); err != nil {
		return nil, nil, err
	}
	target, err = a.Store.LoadStanding(ctx, sys, r.TargetTenantID)
	return source, target, err
}
