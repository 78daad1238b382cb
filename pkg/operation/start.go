package operation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Result says what a start came to.
type Result string

// The results of a start that was not refused.
const (
	ResultQueued       Result = "queued"
	ResultDeduplicated Result = "deduplicated"
)

// StartRequest is one wish to have work done.
type StartRequest struct {
	Scope          access.Scope // of the person who starts it
	Type           Type
	TenantID       tenancy.TenantID
	SourceTenantID tenancy.TenantID    // promotions only
	DirectoryID    tenancy.DirectoryID // promotions only: the target's directory
	SubjectID      string              // review runs only
	DedupeKey      string              // equal keys mean the same request
	Items          []PlannedItem       // at least one; numbered in this order
	Context        json.RawMessage     // what the Work needs, at most 1 MiB; nil means {}
	Details        map[string]any      // safe values for both audit events
}

// StartResult is a start that was not refused.
type StartResult struct {
	Result  Result
	Message string
	Run     Run
}

// startAttempts bounds how often an active run may vanish between two looks.
const startAttempts = 5

// Start queues a run, or finds the active one that is the same request. It works
// in the transaction of ctx or in its own. Faults: not_found and forbidden by
// the catalogue's capabilities, operation_blocked (paused), scope_busy.
func (s *Service) Start(ctx context.Context, q StartRequest) (StartResult, error) {
	run, err := s.planned(q)
	if err != nil {
		return StartResult{}, err
	}
	var res StartResult
	err = s.store.InTx(ctx, func(ctx context.Context) (err error) {
		res, err = s.startIn(ctx, q.Scope, run)
		return err
	})
	if err != nil {
		return StartResult{}, err
	}
	s.hook.At(PointStartCommitted)
	return res, nil
}

func (s *Service) planned(q StartRequest) (Run, error) {
	kind, ok := KindOf(q.Type)
	if !ok || len(q.Items) == 0 {
		return Run{}, fmt.Errorf("operation: start of %q with %d items", q.Type, len(q.Items))
	}
	r := Run{
		WorkspaceID: q.Scope.Workspace(), Type: q.Type, TenantID: q.TenantID, SourceTenantID: q.SourceTenantID,
		SubjectID: q.SubjectID, DedupeKey: q.DedupeKey, Items: q.Items, Context: q.Context, AuditDetails: q.Details,
	}
	if kind.Exclusive == PerDirectory {
		r.TargetTenantID, r.TargetDirectoryID = q.TenantID, q.DirectoryID
	}
	if !q.Scope.Valid() || !q.Scope.Sees(r.TenantID) || (r.SourceTenantID != "" && !q.Scope.Sees(r.SourceTenantID)) {
		return Run{}, fault.Missing()
	}
	if c := kind.Lacks(q.Scope, r); c != "" {
		return Run{}, fault.Denied(string(c))
	}
	return r, nil
}

func (s *Service) startIn(ctx context.Context, sc access.Scope, r Run) (StartResult, error) {
	for range startAttempts {
		active, err := s.store.ActiveLike(ctx, r)
		if err != nil {
			return StartResult{}, fmt.Errorf("look for an active run: %w", err)
		}
		if active != nil {
			return reuse(sc, r, *active)
		}
		paused, err := s.Paused(ctx, r.WorkspaceID, r.Type)
		if err != nil {
			return StartResult{}, err
		}
		if paused {
			return StartResult{}, BlockedBy(ReasonOperationPaused)
		}
		created, err := s.CreateRun(ctx, sc, r)
		if errors.Is(err, ErrAlreadyActive) {
			continue
		}
		if err != nil {
			return StartResult{}, err
		}
		return StartResult{ResultQueued, r.Type.Label() + " is queued.", created}, nil
	}
	return StartResult{}, fault.Away(ErrAlreadyActive)
}

// reuse answers for a start that met an active run.
func reuse(sc access.Scope, wanted, active Run) (StartResult, error) {
	same := wanted.WorkspaceID == active.WorkspaceID && wanted.DedupeKey == active.DedupeKey
	visible := Visible(sc, active)
	switch {
	case same && visible:
		return StartResult{ResultDeduplicated, active.Type.Label() + " is already active.", active}, nil
	case visible:
		return StartResult{}, Busy(&active)
	}
	return StartResult{}, Busy(nil)
}

// CreateRun stores a queued run with its outbox row and its audit event in the
// transaction of ctx, which it requires; the initiator is the scope's actor. It
// checks neither capabilities nor controls nor legitimacy: a caller with an
// order of its own has done that. ErrAlreadyActive when another active run
// excludes it (the transaction stays usable); in a REPEATABLE READ transaction
// a lost race may also come as the store's serialization error.
func (s *Service) CreateRun(ctx context.Context, sc access.Scope, r Run) (Run, error) {
	if r.ID == "" {
		r.ID = RunID(s.newID())
	}
	r.Status, r.Outcome, r.DispatchSeq = Queued, Pending, 1
	r.InitiatorID, r.InitiatorName = sc.Actor().UserID, sc.Actor().DisplayName
	r.CreatedAt = s.now()
	r.DeadlineAt = r.CreatedAt.Add(Deadline)
	r.Items = numbered(r.Items)
	r.Counts = Counts{Total: len(r.Items)}
	if len(r.Context) == 0 {
		r.Context = json.RawMessage(`{}`)
	}
	created, err := s.store.InsertRun(ctx, r)
	if err != nil {
		return Run{}, fmt.Errorf("insert the run: %w", err)
	}
	s.hook.At(PointRunInserted)
	e := runEvent(created, created.Type.QueuedAction())
	e.Details["items"] = len(created.Items)
	if err := s.record(ctx, sc.Actor(), e); err != nil {
		return Run{}, err
	}
	return created, nil
}

// ActiveOn returns the active promotion on a directory, whoever's it is, or nil.
// Ask Visible before showing it.
func (s *Service) ActiveOn(ctx context.Context, d tenancy.DirectoryID) (*Run, error) {
	return s.store.ActiveLike(ctx, Run{Type: PromotionExecute, TargetDirectoryID: d})
}

// numbered gives the items ordinals from 1 in their order.
func numbered(items []PlannedItem) []PlannedItem {
	out := append([]PlannedItem(nil), items...)
	for i := range out {
		out[i].Ordinal = i + 1
	}
	return out
}
