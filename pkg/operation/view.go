package operation

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Item is one item of a run as Monitoring shows it: the plan, and the verdict
// if there is one.
type Item struct {
	PlannedItem
	Status         ItemStatus
	Effect         Effect
	ReasonCode     string
	Message        string
	TargetObjectID string
	Attempts       int
	StartedAt      *time.Time
	FinishedAt     *time.Time
}

// Get returns a run the scope may see. The source of a promotion is empty
// without entitlement to it.
func (s *Service) Get(ctx context.Context, sc access.Scope, id RunID) (Run, error) {
	r, err := s.store.LoadRun(ctx, sc, id)
	if err != nil {
		return Run{}, err
	}
	if err := mayLook(sc); err != nil {
		return Run{}, err
	}
	if !Visible(sc, r) {
		return Run{}, fault.Missing()
	}
	return Redact(sc, r), nil
}

// Redact empties what the scope may not know of a visible run.
func Redact(sc access.Scope, r Run) Run {
	if r.SourceTenantID != "" && !sc.Sees(r.SourceTenantID) {
		r.SourceTenantID, r.SourceHidden = "", true
	}
	return r
}

func mayLook(sc access.Scope) error {
	if !sc.Can(access.WorkspaceOperationsView, "") {
		return fault.Denied(string(access.WorkspaceOperationsView))
	}
	return nil
}

// List returns visible runs, newest first, without their Items and Context. A
// full page has f.Limit runs; the next one starts before its last.
func (s *Service) List(ctx context.Context, sc access.Scope, f Filter) ([]Run, error) {
	if err := mayLook(sc); err != nil {
		return nil, err
	}
	runs, err := s.store.ListRuns(ctx, sc, f)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return redactAll(sc, runs), nil
}

// Latest returns the newest visible promotion of a pair, or nil.
func (s *Service) Latest(ctx context.Context, sc access.Scope, source, target tenancy.TenantID) (*Run, error) {
	runs, err := s.store.ListRuns(ctx, sc, Filter{Type: PromotionExecute, TenantID: target, SourceTenantID: source, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("look for the latest promotion: %w", err)
	}
	if len(runs) == 0 || !Visible(sc, runs[0]) {
		return nil, nil
	}
	r := Redact(sc, runs[0])
	return &r, nil
}

// Changes returns the present state of visible runs that moved after f.After,
// in the order they moved, without their Items and Context. A seq that commits later is never below one returned.
func (s *Service) Changes(ctx context.Context, sc access.Scope, f ChangeFilter) ([]Run, error) {
	if err := mayLook(sc); err != nil {
		return nil, err
	}
	runs, err := s.store.ChangedRuns(ctx, sc, f)
	if err != nil {
		return nil, fmt.Errorf("look for changed runs: %w", err)
	}
	return redactAll(sc, runs), nil
}

// Head is the ChangeSeq to follow from when only what comes next matters.
func (s *Service) Head(ctx context.Context, sc access.Scope) (int64, error) {
	return s.store.LastChange(ctx, sc)
}

func redactAll(sc access.Scope, runs []Run) []Run {
	out := make([]Run, 0, len(runs))
	for _, r := range runs {
		if Visible(sc, r) {
			out = append(out, Redact(sc, r))
		}
	}
	return out
}

// Items returns the items of a visible run in order; status narrows when set.
func (s *Service) Items(ctx context.Context, sc access.Scope, id RunID, status ItemStatus) ([]Item, error) {
	r, err := s.Get(ctx, sc, id)
	if err != nil {
		return nil, err
	}
	verdicts, err := s.store.Verdicts(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("load verdicts: %w", err)
	}
	items := make([]Item, 0, len(r.Items))
	for _, p := range r.Items {
		if i := itemOf(p, r, verdicts); status == "" || i.Status == status {
			items = append(items, i)
		}
	}
	return items, nil
}

func itemOf(p PlannedItem, r Run, verdicts map[int]Verdict) Item {
	i := Item{PlannedItem: p, Status: ItemPending}
	if v, settled := verdicts[p.Ordinal]; settled {
		i.Status, i.Effect, i.ReasonCode, i.Message = v.Status, v.Effect, v.ReasonCode, v.Message
		i.TargetObjectID, i.Attempts = v.TargetObjectID, v.Attempts
		i.StartedAt, i.FinishedAt = &v.StartedAt, &v.FinishedAt
		return i
	}
	if begun, ok := r.Begun[p.Ordinal]; ok && r.Status == Running {
		i.Status, i.StartedAt = ItemInProgress, &begun
	}
	return i
}
