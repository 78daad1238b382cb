package operation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/access"
)

// errUndecided says that a work returned without deciding every item although
// nothing told it to stop. Like a panic, it counts as a takeover.
var errUndecided = errors.New("operation: the work left an item undecided")

// finish closes a run whose lease epoch r carries: what has no verdict gets one
// for the given reason, counts and outcome are folded from the verdicts, and the
// audit event and the initiator's notice are written, all in one transaction
// under the fence. ErrLeaseLost when the epoch is not the current one.
func (s *Service) finish(ctx context.Context, r Run, reason string) (Run, error) {
	var done Run
	err := s.store.InTx(ctx, func(ctx context.Context) (err error) {
		if r.LeaseExpiresAt != nil { // a seized run is locked by this transaction already
			if err = s.store.Fence(ctx, r.ID, r.LeaseEpoch); err != nil {
				return err
			}
		}
		verdicts, err := s.settleRest(ctx, r, reason)
		if err != nil {
			return err
		}
		counts, outcome := Fold(len(r.Items), verdicts)
		e := Ending{Counts: counts, Outcome: outcome}
		if outcome != Succeeded {
			e.ReasonCode, e.Message = Headline(verdicts)
		}
		if done, err = s.store.CompleteRun(ctx, r.ID, r.LeaseEpoch, e); err != nil {
			return fmt.Errorf("complete the run: %w", err)
		}
		s.hook.At(PointInTerminal)
		return s.announce(ctx, done)
	})
	if err != nil {
		return s.closedAnyway(ctx, r, err)
	}
	return done, nil
}

// settleRest gives every item without a verdict one and returns them all.
func (s *Service) settleRest(ctx context.Context, r Run, reason string) ([]Verdict, error) {
	verdicts, err := s.store.Verdicts(ctx, r.ID)
	if err != nil {
		return nil, fmt.Errorf("load verdicts: %w", err)
	}
	touched, err := s.store.Touched(ctx, r.ID)
	if err != nil {
		return nil, fmt.Errorf("load the journal: %w", err)
	}
	for _, item := range r.Items {
		if _, settled := verdicts[item.Ordinal]; settled {
			continue
		}
		if reason == "" {
			return nil, fmt.Errorf("%w: item %d", errUndecided, item.Ordinal)
		}
		v := s.leftOver(item, reason, touched)
		if err := s.store.AddVerdict(ctx, r.ID, r.LeaseEpoch, v); err != nil {
			return nil, fmt.Errorf("skip item %d: %w", item.Ordinal, err)
		}
		verdicts[item.Ordinal] = v
	}
	return slices.Collect(maps.Values(verdicts)), nil
}

// leftOver is the verdict of an item nobody settled. If a mutating request of it
// is in the journal, "we decided not to write" would be untrue.
func (s *Service) leftOver(item PlannedItem, reason string, touched map[int]string) Verdict {
	now := s.now()
	v := Verdict{
		Ordinal: item.Ordinal, Status: ItemSkipped, ReasonCode: reason, Message: Sentence(reason),
		StartedAt: now, FinishedAt: now,
	}
	if object, begun := touched[item.Ordinal]; begun {
		v.Status, v.ReasonCode, v.Message = ItemFailed, ReasonOutcomeUnknown, Sentence(ReasonOutcomeUnknown)
		v.TargetObjectID, v.Attempts = object, 1
	}
	return v
}

// announce writes the terminal audit event, the initiator's notice, and rings
// for the next run that waited for this one.
func (s *Service) announce(ctx context.Context, r Run) error {
	e := runEvent(r, r.Type.CompletedAction())
	e.Details["outcome"] = string(r.Outcome)
	e.Details["counts"] = r.Counts
	if r.ReasonCode != "" {
		e.Details["reason_code"] = r.ReasonCode
	}
	if err := s.record(ctx, access.System(r.WorkspaceID).Actor(), e); err != nil {
		return err
	}
	if r.InitiatorID != "" {
		n := noticeOf(r)
		n.ID, n.CreatedAt = s.newID(), s.now()
		if err := s.store.AddNotice(ctx, n); err != nil {
			return fmt.Errorf("notify the initiator: %w", err)
		}
	}
	if err := s.store.RingNext(ctx, r.WorkspaceID); err != nil {
		return fmt.Errorf("ring for the next run: %w", err)
	}
	return nil
}

// closedAnyway re-reads after an error: the commit may have happened although
// its acknowledgement was lost, and then the run is closed.
func (s *Service) closedAnyway(ctx context.Context, r Run, cause error) (Run, error) {
	if errors.Is(cause, ErrLeaseLost) {
		return Run{}, cause
	}
	now, err := s.store.LoadRun(ctx, access.System(r.WorkspaceID), r.ID)
	if err == nil && now.Status == Completed && now.LeaseEpoch == r.LeaseEpoch {
		return now, nil
	}
	return Run{}, fmt.Errorf("close the run: %w", cause)
}

// closeUnheld ends a run that nobody holds, for a reason that ends a run. It
// works in the transaction of ctx or in its own; ErrNotTaken when somebody holds
// the run or it is completed.
func (s *Service) closeUnheld(ctx context.Context, id RunID, reason string) error {
	return s.store.InTx(ctx, func(ctx context.Context) error {
		r, err := s.store.SeizeRun(ctx, id)
		if err != nil {
			return err
		}
		_, err = s.finish(ctx, r, reason)
		return err
	})
}
