package promotion

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
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
	if reason, err := x.MayGoOn(ctx, 0); err != nil || reason != "" {
		return err
	}
	r, err := w.prepare(ctx, x, &plan, done)
	if err != nil {
		return err
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

func (w *ExecuteWork) prepare(ctx context.Context, x operation.Execution, plan *Plan, done map[int]operation.Verdict) (*run, error) {
	r := &run{ExecuteWork: w, x: x, plan: plan, results: done}
	var err error
	if r.sourceDir, err = w.Open.DirectoryOf(ctx, x.Scope(), x.Run().SourceTenantID); err != nil {
		return nil, fmt.Errorf("find the source: %w", err)
	}
	if r.target, err = w.Open.OpenWriter(ctx, x.Scope(), x.Run().TargetTenantID); err != nil {
		return nil, fmt.Errorf("open the target: %w", err)
	}
	return r, nil
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
	refs, err := r.Store.NamesOf(ctx, r.x.Scope(), r.x.Run().TargetTenantID)
	if err != nil {
		return false, fmt.Errorf("load the target's names: %w", err)
	}
	r.names = inventory.NewNames(refs)
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, r.Timing.Parallel))
	stopped := false
	for _, s := range steps {
		if r.settled(s.Ordinal) {
			continue
		}
		if gctx.Err() != nil {
			break
		}
		reason, err := r.x.MayGoOn(gctx, 0)
		if err != nil || reason != "" {
			stopped = true
			if werr := group.Wait(); werr != nil {
				return false, werr
			}
			return false, err
		}
		group.Go(func() error { return r.item(gctx, s) })
	}
	return !stopped, group.Wait()
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
