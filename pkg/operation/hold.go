package operation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
)

// hold is one held lease: it keeps it alive, fences every write by its epoch,
// and is the Execution that Work sees. The lease's end is watched on the local
// monotonic clock, since a paused process does not notice a context in time.
type hold struct {
	r        *Runner
	run      Run
	ctx      context.Context
	cancel   context.CancelFunc
	log      *slog.Logger
	pulse    sync.WaitGroup
	until    atomic.Int64 // end of the lease, as time since origin
	origin   time.Time    // monotonic reference
	deadline time.Time    // of the run, monotonic
	retries  atomic.Int64
	released atomic.Bool

	mu     sync.Mutex
	begun  map[int]time.Time // the items in progress; several may be
	reason string            // the reason MayGoOn gave, if it gave one
}

// hold starts the heartbeat of a lease that was just taken.
func (r *Runner) hold(ctx context.Context, t Taken, log *slog.Logger) *hold {
	h := &hold{r: r, run: t.Run, log: log, origin: r.svc.now(), begun: map[int]time.Time{}}
	h.deadline = h.origin.Add(t.Left)
	h.retries.Store(int64(t.Run.Retries))
	// Lease time is counted from before the statement that took it.
	h.until.Store(int64(r.timing.Lease - t.Took))
	h.ctx, h.cancel = context.WithTimeout(ctx, max(t.Left, time.Millisecond))
	h.pulse.Go(h.beat)
	return h
}

// letGo stops the heartbeat. A lease that was not given back runs out by itself.
func (h *hold) letGo() {
	h.cancel()
	h.pulse.Wait()
}

func (h *hold) beat() {
	tick := time.NewTicker(h.r.timing.Heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick.C:
		}
		if h.released.Load() {
			return
		}
		if err := h.extend(h.ctx); errors.Is(err, ErrLeaseLost) {
			h.until.Store(0)
			h.cancel()
			return
		} else if err != nil {
			h.log.WarnContext(h.ctx, "heartbeat missed", "error", err)
		}
		if h.lost() {
			h.cancel()
			return
		}
	}
}

// extend prolongs the lease, counted from before the statement was sent.
func (h *hold) extend(ctx context.Context) error {
	sent := h.elapsed()
	ctx, cancel := context.WithTimeout(ctx, max(h.left(), time.Millisecond))
	defer cancel()
	if err := h.r.svc.store.ExtendLease(ctx, h.run.ID, h.run.LeaseEpoch, h.r.timing.Lease); err != nil {
		return err
	}
	h.until.Store(int64(sent + h.r.timing.Lease))
	return nil
}

func (h *hold) elapsed() time.Duration { return h.r.svc.now().Sub(h.origin) }
func (h *hold) left() time.Duration    { return time.Duration(h.until.Load()) - h.elapsed() }
func (h *hold) lost() bool             { return h.left() <= 0 }
func (h *hold) overdue() bool          { return !h.r.svc.now().Before(h.deadline) }

// endReason is why items without a verdict are skipped when the work is over;
// empty when nothing told the work to stop.
func (h *hold) endReason() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reason
}

// Run implements Execution.
func (h *hold) Run() Run { return h.run }

// Scope implements Execution.
func (h *hold) Scope() access.Scope { return system(h.run) }

// Epoch implements Execution.
func (h *hold) Epoch() int64 { return h.run.LeaseEpoch }

// Now implements Execution.
func (h *hold) Now() time.Time { return h.r.svc.now() }

// Verdicts implements Execution.
func (h *hold) Verdicts(ctx context.Context) (map[int]Verdict, error) {
	return h.r.svc.store.Verdicts(ctx, h.run.ID)
}

// MayGoOn implements Execution.
func (h *hold) MayGoOn(ctx context.Context, need time.Duration) (string, error) {
	if err := h.enough(ctx, need); err != nil {
		return "", err
	}
	if need > 0 && h.busy() {
		return "", nil // an item that was begun is finished
	}
	if h.r.stopping.Load() {
		return "", ErrStopping
	}
	reason, err := h.gates(ctx)
	if err == nil && reason != "" {
		h.mu.Lock()
		h.reason = reason
		h.mu.Unlock()
	}
	return reason, err
}

// busy reports whether an item is in progress.
func (h *hold) busy() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.begun) > 0
}

// enough makes sure that the lease outlives the next step.
func (h *hold) enough(ctx context.Context, need time.Duration) error {
	want := need + h.r.timing.Margin
	if h.left() >= want {
		return nil
	}
	if h.lost() {
		return ErrLeaseLost
	}
	if err := h.extend(ctx); err != nil {
		return fmt.Errorf("extend the lease: %w", err)
	}
	if h.left() < want {
		return ErrLeaseLost
	}
	return nil
}

// gates asks, strongest first, what could end the run.
func (h *hold) gates(ctx context.Context) (string, error) {
	st, err := h.r.svc.store.Standing(ctx, h.run.ID, h.run.LeaseEpoch)
	switch {
	case err != nil:
		return "", fmt.Errorf("check the run's standing: %w", err)
	case st.CancelRequested:
		return ReasonCancelled, nil
	case st.Overdue:
		return ReasonDeadline, nil
	case st.Paused:
		return ReasonOperationPaused, nil
	}
	reason, err := h.r.authorize(ctx, h.run)
	if err != nil {
		return "", fmt.Errorf("re-check the authorisation: %w", err)
	}
	return reason, nil
}

// Begin implements Execution.
func (h *hold) Begin(ctx context.Context, ordinal int) error {
	if err := h.r.svc.store.MarkBegun(ctx, h.run.ID, h.run.LeaseEpoch, ordinal); err != nil {
		return fmt.Errorf("mark item %d as begun: %w", ordinal, err)
	}
	h.mu.Lock()
	h.begun[ordinal] = h.Now()
	h.mu.Unlock()
	h.r.hook.At(PointItemBegun)
	return nil
}

// Settle implements Execution.
func (h *hold) Settle(ctx context.Context, v Verdict, also func(ctx context.Context) error) error {
	if err := v.Check(); err != nil {
		return err
	}
	v = h.timed(v)
	h.r.hook.At(PointBeforeSettle)
	err := h.r.svc.store.InTx(ctx, func(ctx context.Context) error {
		if also != nil {
			if err := also(ctx); err != nil {
				return err
			}
		}
		if err := h.addVerdict(ctx, v); err != nil {
			return err
		}
		return h.r.svc.store.SaveProgress(ctx, h.run.ID, h.run.LeaseEpoch, v.Ordinal)
	})
	if err != nil && !h.settledAnyway(ctx, v, err) {
		return fmt.Errorf("settle item %d: %w", v.Ordinal, err)
	}
	h.mu.Lock()
	delete(h.begun, v.Ordinal)
	h.mu.Unlock()
	h.retries.Store(0)
	h.r.hook.At(PointSettleCommitted)
	h.r.hook.At(PointBetweenItems)
	return nil
}

// timed fills in the times that the work did not give.
func (h *hold) timed(v Verdict) Verdict {
	if v.FinishedAt.IsZero() {
		v.FinishedAt = h.Now()
	}
	if v.StartedAt.IsZero() {
		v.StartedAt = v.FinishedAt
		h.mu.Lock()
		if began, ok := h.begun[v.Ordinal]; ok {
			v.StartedAt = began
		}
		h.mu.Unlock()
	}
	return v
}

// addVerdict tells a mistake of the work from a verdict of whoever took over.
func (h *hold) addVerdict(ctx context.Context, v Verdict) error {
	err := h.r.svc.store.AddVerdict(ctx, h.run.ID, h.run.LeaseEpoch, v)
	if errors.Is(err, ErrSettledTwice) {
		if lost := h.r.svc.store.Fence(ctx, h.run.ID, h.run.LeaseEpoch); lost != nil {
			return lost
		}
	}
	return err
}

// settledAnyway re-reads after an error of unknown effect: the commit may have
// happened although its acknowledgement was lost.
func (h *hold) settledAnyway(ctx context.Context, v Verdict, cause error) bool {
	if errors.Is(cause, ErrLeaseLost) || errors.Is(cause, ErrSettledTwice) {
		return false
	}
	have, err := h.Verdicts(ctx)
	stored, ok := have[v.Ordinal]
	return err == nil && ok && stored.Epoch == h.run.LeaseEpoch && stored.Status == v.Status && stored.ReasonCode == v.ReasonCode
}

// Fenced implements Execution.
func (h *hold) Fenced(ctx context.Context, fn func(ctx context.Context) error) error {
	return h.r.svc.store.InTx(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		// Last, so that the lease is judged as late as possible and the run's row
		// is locked only for the commit: a heartbeat must not wait for fn.
		return h.r.svc.store.Fence(ctx, h.run.ID, h.run.LeaseEpoch)
	})
}

// Wait implements Execution.
func (h *hold) Wait(ctx context.Context, w *Waiting) error {
	if err := h.r.svc.store.SetWaiting(ctx, h.run.ID, h.run.LeaseEpoch, w); err != nil {
		return fmt.Errorf("publish what the run waits for: %w", err)
	}
	return nil
}
