package operation

import (
	"context"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// Cancel asks a run to stop: a queued one ends at once, a running one at its
// next item. Asking twice changes nothing. Faults: not_found, forbidden (it
// needs what starting needs), operation_completed.
func (s *Service) Cancel(ctx context.Context, sc access.Scope, id RunID) (Run, error) {
	var after Run
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		r, err := s.store.LockRun(ctx, sc, id)
		if err != nil {
			return err
		}
		if err := mayCancel(sc, r); err != nil {
			return err
		}
		if r.CancelRequestedAt == nil {
			if err := s.requestCancel(ctx, sc, r); err != nil {
				return err
			}
		}
		after, err = s.store.LoadRun(ctx, sc, id)
		return err
	})
	return after, err
}

// MayNotCancel returns the first capability the scope lacks to cancel a visible
// run, or "". Without entitlement to a promotion's source that is tenant.view,
// since the run itself is visible by its target.
func MayNotCancel(sc access.Scope, r Run) access.Capability {
	kind, _ := KindOf(r.Type) // a stored type is in the catalogue: the database checks it
	return kind.Lacks(sc, r)
}

func mayCancel(sc access.Scope, r Run) error {
	if !Visible(sc, r) {
		return fault.Missing()
	}
	if c := MayNotCancel(sc, r); c != "" {
		return fault.Denied(string(c))
	}
	if r.Status == Completed {
		return completedAlready()
	}
	return nil
}

func (s *Service) requestCancel(ctx context.Context, sc access.Scope, r Run) error {
	if err := s.store.RequestCancel(ctx, r.ID); err != nil {
		return fmt.Errorf("request the cancel: %w", err)
	}
	e := runEvent(r, audit.OperationCancelRequested)
	e.Details = map[string]any{"type": string(r.Type), "status": string(r.Status)}
	if err := s.record(ctx, sc.Actor(), e); err != nil {
		return err
	}
	if r.Status != Queued {
		return nil
	}
	return s.closeUnheld(ctx, r.ID, ReasonCancelled)
}
