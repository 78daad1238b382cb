package app

import (
	"context"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// authorizer answers operation.Authorize: whoever started a run must still be
// entitled to it, whatever it is; a promotion asks more.
type authorizer struct {
	gate       *access.Gate
	promotions *promotion.Authorizer
	tenant     func(ctx context.Context, s access.Scope, t tenancy.TenantID) (tenancy.Tenant, error)
}

// authorize implements operation.Authorize.
func (a *authorizer) authorize(ctx context.Context, r operation.Run) (string, error) {
	if r.Type == operation.PromotionExecute {
		return a.promotions.Authorize(ctx, r)
	}
	if r.InitiatorID != "" {
		reason, err := a.entitled(ctx, r)
		if err != nil || reason != "" {
			return reason, err
		}
	}
	t, err := a.tenant(ctx, access.System(r.WorkspaceID), r.TenantID)
	if err != nil {
		return "", err
	}
	if t.ArchivedAt != nil {
		return operation.ReasonTenantArchived, nil
	}
	return "", nil
}

// entitled asks for what starting the run needed, as of now.
func (a *authorizer) entitled(ctx context.Context, r operation.Run) (string, error) {
	s, err := a.scope(ctx, r)
	if f := fault.As(err); f != nil && (f.Kind == fault.NotFound || f.Kind == fault.Forbidden) {
		return operation.ReasonAuthorizationRevoked, nil
	}
	if err != nil {
		return "", err
	}
	kind, ok := operation.KindOf(r.Type)
	if !ok || !s.Sees(r.TenantID) || kind.Lacks(s, r) != "" {
		return operation.ReasonAuthorizationRevoked, nil
	}
	return "", nil
}

// scope mints the initiator's scope from the memberships of this moment.
func (a *authorizer) scope(ctx context.Context, r operation.Run) (access.Scope, error) {
	actor := access.Actor{UserID: r.InitiatorID, DisplayName: r.InitiatorName, Via: access.ViaSession}
	return a.gate.Workspace(ctx, actor, r.WorkspaceID)
}
