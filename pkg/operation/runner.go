package operation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
)

// Authorize re-checks whether the run's initiator may still do it and the
// tenants may still be touched. It returns "" to go on, else a reason that ends
// the run (authorization_revoked, or one of a blocked start).
type Authorize func(ctx context.Context, r Run) (reason string, err error)

// RunnerConfig is what a Runner is made of. Hook and Logger may be nil.
type RunnerConfig struct {
	Service   *Service
	Works     []Work
	Authorize Authorize
	Timing    Timing
	Owner     string // this process, for the lease; unique
	Logger    *slog.Logger
	Hook      Hook
}

// Runner carries out runs, one call per run. It is safe for concurrent use.
type Runner struct {
	svc       *Service
	works     map[Type]Work
	authorize Authorize
	timing    Timing
	owner     string
	log       *slog.Logger
	hook      Hook
	stopping  atomic.Bool
}

// NewRunner wires a runner. Two works of one type are a mistake in the program.
func NewRunner(c RunnerConfig) (*Runner, error) {
	works := make(map[Type]Work, len(c.Works))
	for _, w := range c.Works {
		if _, twice := works[w.Type()]; twice {
			return nil, fmt.Errorf("operation: two works for %s", w.Type())
		}
		works[w.Type()] = w
	}
	if c.Authorize == nil {
		return nil, errors.New("operation: a runner needs an authorizer")
	}
	log := c.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Runner{
		svc: c.Service, works: works, authorize: c.Authorize, timing: c.Timing,
		owner: c.Owner, log: log, hook: c.Hook,
	}, nil
}

// Drain makes every run stop at its next item boundary and give back its lease,
// and keeps further ones from being begun. It returns at once.
func (r *Runner) Drain() { r.stopping.Store(true) }

// Run takes the run's lease and carries the run on until it is completed, must
// pause, or is lost to somebody else. It returns nil whenever nothing is left to
// do here; an error is one of the database that the sweep makes good for.
func (r *Runner) Run(ctx context.Context, id RunID) error {
	if r.stopping.Load() {
		return nil
	}
	asked := r.svc.now()
	taken, err := r.svc.store.TakeLease(ctx, id, Take{Owner: r.owner, TTL: r.timing.Lease, Running: r.timing.WorkspaceRuns})
	if errors.Is(err, ErrNotTaken) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take the lease: %w", err)
	}
	taken.Took = r.svc.now().Sub(asked)
	r.hook.At(PointLeaseTaken)
	log := r.log.With("run_id", string(id), "type", string(taken.Run.Type), "epoch", taken.Run.LeaseEpoch)
	log.InfoContext(ctx, "run taken", "takeovers", taken.Run.Takeovers)
	h := r.hold(ctx, taken, log)
	defer h.letGo()
	return r.carry(h, taken) //nolint:contextcheck // the hold carries the context of its lease
}

// carry does the work under a held lease and closes or releases the run.
func (r *Runner) carry(h *hold, taken Taken) error {
	run := taken.Run
	if reason := r.lostCause(taken); reason != "" {
		return r.close(h, reason)
	}
	reason, err := h.MayGoOn(h.ctx, 0)
	r.hook.At(PointGatesChecked)
	switch {
	case err != nil:
		return r.giveBack(h, err)
	case reason != "" && run.LeaseEpoch == 1:
		return r.close(h, reason) // nobody has begun anything
	}
	err = r.do(h, run)
	switch {
	case err == nil:
		return r.close(h, h.endReason())
	case h.overdue():
		return r.close(h, ReasonDeadline)
	}
	return r.giveBack(h, err)
}

// lostCause is the reason to end a run without calling its work again, or "".
func (r *Runner) lostCause(t Taken) string {
	switch {
	case t.Left <= 0:
		return ReasonDeadline
	case t.Run.Takeovers > r.timing.MaxTakeovers:
		return ReasonCrashLoop
	}
	return ""
}

// errPanic marks a work that panicked: like a crash, it counts as a takeover.
var errPanic = errors.New("operation: the work panicked")

func (r *Runner) do(h *hold, run Run) (err error) {
	work, ok := r.works[run.Type]
	if !ok {
		return fmt.Errorf("operation: nobody here does %s", run.Type)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	return work.Do(h.ctx, h)
}

// close ends the run. The work may be over while some items have no verdict:
// they get one for reason.
func (r *Runner) close(h *hold, reason string) error {
	r.hook.At(PointBeforeTerminal)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(h.ctx), r.timing.Lease)
	defer cancel() // the work's own context may be over: by the deadline, or by a shutdown
	done, err := r.svc.finish(ctx, h.run, reason)
	r.hook.At(PointAfterTerminal)
	switch {
	case errors.Is(err, ErrLeaseLost):
		h.log.WarnContext(h.ctx, "lease lost at the end")
		return nil
	case err != nil:
		return r.giveBack(h, err)
	}
	h.released.Store(true)
	h.log.InfoContext(h.ctx, "run completed", "outcome", string(done.Outcome), "reason", done.ReasonCode)
	return nil
}

// giveBack releases the lease so that the run goes on later or elsewhere.
func (r *Runner) giveBack(h *hold, cause error) error {
	if h.lost() {
		h.log.WarnContext(h.ctx, "lease lost")
		return nil
	}
	rel := Release{}
	switch {
	case errors.Is(cause, ErrStopping):
		h.log.InfoContext(h.ctx, "run handed on: the worker stops")
	case errors.Is(cause, errPanic), errors.Is(cause, errUndecided):
		rel = Release{Crash: true, After: r.timing.backoff(h.run.Takeovers), Waiting: retrying(r.svc.now())}
		h.log.ErrorContext(h.ctx, "run interrupted by a mistake of its work", "error", cause)
	default:
		rel = Release{Retry: true, After: r.timing.backoff(int(h.retries.Load())), Waiting: retrying(r.svc.now())}
		h.log.WarnContext(h.ctx, "run interrupted", "error", cause)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(h.ctx), r.timing.Lease)
	defer cancel()
	err := r.release(ctx, h, rel)
	h.released.Store(true)
	if err != nil && !errors.Is(err, ErrLeaseLost) {
		return fmt.Errorf("release the lease: %w", err)
	}
	return nil
}

// release gives the lease back, again and again while the database is away: a
// lease that runs out instead would count as a worker that vanished.
func (r *Runner) release(ctx context.Context, h *hold, rel Release) error {
	pause := time.NewTicker(max(r.timing.RetryBase, time.Millisecond))
	defer pause.Stop()
	for {
		err := r.svc.store.ReleaseLease(ctx, h.run.ID, h.run.LeaseEpoch, rel)
		if err == nil || errors.Is(err, ErrLeaseLost) || h.lost() {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-pause.C:
		}
	}
}

func retrying(now time.Time) *Waiting {
	return &Waiting{Kind: WaitRetry, Label: "Something it needs did not answer. It goes on by itself.", Since: now}
}

// system is the scope of the runner's own reads.
func system(r Run) access.Scope { return access.System(r.WorkspaceID) }
