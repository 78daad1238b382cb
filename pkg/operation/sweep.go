package operation

import (
	"context"
	"errors"
	"fmt"
)

// Bell is one due call for a worker. Ringing twice does no harm: the lease
// decides who works.
type Bell struct {
	RunID RunID
	Seq   int64
}

// sweepBatch bounds how many overdue runs one pass closes.
const sweepBatch = 100

// Sweep makes good for whatever was lost: it closes runs past their deadline
// that nobody holds, and rings for every run that is queued or running without
// anybody coming. It returns how many it rang for. Any number of processes may
// sweep at once.
func (s *Service) Sweep(ctx context.Context, t Timing) (int, error) {
	overdue, err := s.store.Overdue(ctx, sweepBatch)
	if err != nil {
		return 0, fmt.Errorf("look for overdue runs: %w", err)
	}
	for _, id := range overdue {
		if err := s.closeUnheld(ctx, id, ReasonDeadline); err != nil && !errors.Is(err, ErrNotTaken) {
			return 0, fmt.Errorf("close overdue run %s: %w", id, err)
		}
	}
	rung, err := s.store.RingStranded(ctx, t.RingQueued, t.RingRunning)
	if err != nil {
		return 0, fmt.Errorf("ring for stranded runs: %w", err)
	}
	return rung, nil
}
