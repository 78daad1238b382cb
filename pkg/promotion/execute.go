package promotion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// ExecuteWork is the work of promotion.execute: it walks the plan, wave by wave,
// and writes each item through the write seam. It may be called again at any
// moment after a crash and goes on from the journal.
type ExecuteWork struct {
	Open   TargetOpener
	Store  ExecuteStore
	Audit  audit.Recorder
	Timing Timing
	Hook   operation.Hook // nil in production
}

// The instants of the write seam at which a recovery spec may stop the process.
const (
	PointIntentCommitted operation.Point = "request.intent_committed"
	PointRequestAnswered operation.Point = "request.answered"
	PointRequestSettled  operation.Point = "request.settled"
	PointReadBack        operation.Point = "request.read_back"
)

// Type implements operation.Work.
func (*ExecuteWork) Type() operation.Type { return operation.PromotionExecute }

// Do implements operation.Work.
func (w *ExecuteWork) Do(ctx context.Context, x operation.Execution) error {
	var plan Plan
	if err := json.Unmarshal(x.Run().Context, &plan); err != nil {
		return fmt.Errorf("decode the plan: %w", err)
	}
	done, err := x.Verdicts(ctx)
	if err != nil {
		return err
	}
	reason, err := x.MayGoOn(ctx, 0)
	if err != nil {
		return err
	}
	r := &run{ExecuteWork: w, x: x, plan: &plan, results: done}
	if err := r.open(ctx); err != nil {
		return r.closedTarget(ctx, err)
	}
	if reason != "" {
		return r.finishBegun(ctx)
	}
	for _, wave := range waves(plan.Steps) {
		if goOn, err := r.wave(ctx, wave); err != nil || !goOn {
			return err
		}
	}
	return inventory.Project(ctx, w.Store, x, r.names)
}

// run is one pass over a plan.
type run struct {
	*ExecuteWork
	x         operation.Execution
	plan      *Plan
	target    OpenedTarget
	sourceDir tenancy.DirectoryID
	names     inventory.Names // the target's, renewed before every wave

	mu      sync.Mutex
	results map[int]operation.Verdict
}

func (r *run) open(ctx context.Context) (err error) {
	if r.sourceDir, err = r.Open.DirectoryOf(ctx, r.x.Scope(), r.x.Run().SourceTenantID); err != nil {
		return fmt.Errorf("find the source: %w", err)
	}
	if r.target, err = r.Open.OpenWriter(ctx, r.x.Scope(), r.x.Run().TargetTenantID); err != nil {
		return fmt.Errorf("open the target: %w", err)
	}
	return r.rename(ctx)
}

// maxRefusedLogins is how often a directory may refuse our credential before
// what is left of the run fails; an outage of the login service is no refusal.
const maxRefusedLogins = 3

// closedTarget handles a target that does not let us in: the run is tried again
// a few times, then every open item fails with the directory's answer.
func (r *run) closedTarget(ctx context.Context, err error) error {
	e, ok := errors.AsType[*provider.Error](err)
	if !ok || e.Class != provider.NoToken || r.x.Run().Retries < maxRefusedLogins {
		return err
	}
	for _, s := range r.plan.Steps {
		if r.settled(s.Ordinal) {
			continue
		}
		v := operation.Verdict{
			Ordinal: s.Ordinal, Status: operation.ItemFailed, ReasonCode: operation.ReasonTargetRefused,
			Message: e.Message, StartedAt: r.x.Now(), FinishedAt: r.x.Now(),
		}
		if err := r.x.Settle(ctx, v, nil); err != nil {
			return err
		}
	}
	return nil
}

// finishBegun brings items that an earlier owner had begun to write to a true
// end, when the run may not begin any more: what was sent cannot be unsent.
func (r *run) finishBegun(ctx context.Context) error {
	for _, s := range r.plan.Steps {
		if r.settled(s.Ordinal) {
			continue
		}
		requests, err := r.Store.Requests(ctx, r.x.Run().ID, s.Ordinal)
		if err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if len(requests) == 0 {
			continue
		}
		if err := r.item(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// rename loads the names that the target's things have now.
func (r *run) rename(ctx context.Context) error {
	refs, err := r.Store.NamesOf(ctx, r.x.Scope(), r.x.Run().TargetTenantID)
	if err != nil {
		return fmt.Errorf("load the target's names: %w", err)
	}
	r.names = inventory.NewNames(refs)
	return nil
}

// waves groups steps so that everything a step depends on is in an earlier wave.
func waves(steps []PlanStep) [][]PlanStep {
	level := make(map[int]int, len(steps))
	var out [][]PlanStep
	for _, s := range steps { // a plan lists dependencies first
		n := 0
		for _, after := range s.After {
			n = max(n, level[after]+1)
		}
		level[s.Ordinal] = n
		if n == len(out) {
			out = append(out, nil)
		}
		out[n] = append(out[n], s)
	}
	return out
}

// wave writes the items of one wave, several at a time. It reports whether the
// run may go on.
func (r *run) wave(ctx context.Context, steps []PlanStep) (goOn bool, err error) {
	if err := r.rename(ctx); err != nil {
		return false, err
	}
	// A fault of one item does not cut off the others: what is in flight is
	// finished, and only nothing new is begun.
	var group errgroup.Group
	var stop atomic.Bool
	group.SetLimit(max(1, r.Timing.Parallel))
	for _, s := range steps {
		if r.settled(s.Ordinal) {
			continue
		}
		if stop.Load() {
			break
		}
		group.Go(func() error {
			goOn, err := r.admitted(ctx, s)
			if !goOn {
				stop.Store(true)
			}
			return err
		})
	}
	err = group.Wait()
	return !stop.Load(), err
}

// admitted asks every gate and then writes the item. It reports whether further
// items may be begun.
func (r *run) admitted(ctx context.Context, s PlanStep) (goOn bool, err error) {
	if reason, err := r.x.MayGoOn(ctx, 0); err != nil || reason != "" {
		return false, err
	}
	if err := r.item(ctx, s); err != nil {
		return false, err
	}
	return true, nil
}

func (r *run) settled(ordinal int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.results[ordinal]
	return ok
}

func (r *run) result(ordinal int) operation.Verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.results[ordinal]
}

// item writes one step and settles it together with the target's own new
// policy version.
func (r *run) item(ctx context.Context, s PlanStep) error {
	if err := r.x.Begin(ctx, s.Ordinal); err != nil {
		return err
	}
	i := &item{run: r, step: s, started: r.x.Now()}
	v, err := i.carryOut(ctx)
	if err != nil {
		return fmt.Errorf("item %d: %w", s.Ordinal, err)
	}
	v.Ordinal, v.StartedAt, v.FinishedAt = s.Ordinal, i.started, r.x.Now()
	v.Attempts = max(1, i.attempts)
	if v.TargetObjectID == "" {
		v.TargetObjectID = i.objectID
	}
	if v.Message == "" {
		v.Message = operation.Sentence(v.ReasonCode)
	}
	err = r.x.Settle(ctx, v, func(ctx context.Context) error { return i.keep(ctx, v) })
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.results[s.Ordinal] = v
	r.mu.Unlock()
	return nil
}

// keep stores what was read back as the target's version, with the run as
// provenance, and records a duplicate that was found.
func (i *item) keep(ctx context.Context, v operation.Verdict) error {
	run := i.x.Run()
	if v.ReasonCode == operation.ReasonDuplicateInTarget {
		e := audit.Event{
			Workspace: run.WorkspaceID, Tenant: run.TargetTenantID, Action: audit.PromotionDuplicateFound,
			OperationID: string(run.ID), TargetKind: "object", TargetID: i.objectID, ActorVia: string(i.x.Scope().Actor().Via),
			Details: map[string]any{"policy_type": i.step.Type, "subject_key": i.step.SubjectKey, "object_ids": i.duplicates},
		}
		if err := i.Audit.Record(ctx, e); err != nil {
			return fmt.Errorf("record the duplicate: %w", err)
		}
	}
	if i.seen == nil {
		return nil
	}
	c, err := inventory.CaptureObject(i.typ, *i.seen, i.target.Tenant.DirectoryID, i.names.NameOf)
	if err != nil {
		return fmt.Errorf("capture what was read back: %w", err)
	}
	return i.Store.SaveCaptured(ctx, i.x.Scope(), run.TargetTenantID, string(run.ID), []*inventory.Captured{c})
}
