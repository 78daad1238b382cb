package promotion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// startAttempts bounds how often a start that lost a race runs all checks anew.
const startAttempts = 5

// Request is the wish to execute a preflight.
type Request struct {
	Selection    compare.Selection
	Fingerprint  fingerprint.Digest // as the caller saw it
	Confirmation Confirmation
}

// Confirmation repeats what the person confirmed.
type Confirmation struct {
	SourceTenantID tenancy.TenantID
	TargetTenantID tenancy.TenantID
	Ready          int
	Excluded       int
}

// Start queues one run that applies the ready subjects of a current preflight,
// or returns the active run of the same request. Everything is checked and
// written in one transaction at REPEATABLE READ; whoever loses a race runs all
// checks again. No run exists after any refusal.
func (s *Service) Start(ctx context.Context, sc access.Scope, q Request) (operation.StartResult, error) {
	for range startAttempts {
		var res operation.StartResult
		err := s.Store.InSnapshot(ctx, func(ctx context.Context) (err error) {
			res, err = s.startIn(ctx, sc, q)
			return err
		})
		if err == nil {
			s.Hook.At(operation.PointStartCommitted)
			return res, nil
		}
		if !errors.Is(err, operation.ErrAlreadyActive) && !s.Store.LostRace(err) {
			return res, err
		}
	}
	return operation.StartResult{}, fault.Away(errors.New("promotion: lost every race to start"))
}

// startIn checks in the order of the specification.
func (s *Service) startIn(ctx context.Context, sc access.Scope, q Request) (operation.StartResult, error) {
	var none operation.StartResult
	sc, err := s.Gate.Again(ctx, sc, "")
	if err != nil {
		return none, err
	}
	sel, err := s.admitExecution(sc, q.Selection)
	if err != nil {
		return none, err
	}
	target, err := s.Store.LoadStanding(ctx, sc, sel.TargetTenantID)
	if err != nil {
		return none, err
	}
	key := dedupeKey(sel, q.Fingerprint)
	active, err := s.Operations.ActiveOn(ctx, target.Tenant.DirectoryID)
	if err != nil {
		return none, fmt.Errorf("look for an active promotion: %w", err)
	}
	if active != nil {
		return reuse(sc, *active, key)
	}
	source, err := s.Store.LoadStanding(ctx, sc, sel.SourceTenantID)
	if err != nil {
		return none, err
	}
	if err := s.legitimate(ctx, sc, source, target); err != nil {
		return none, err
	}
	v, err := s.derive(ctx, sc, sel)
	if err != nil {
		return none, err
	}
	if err := s.confirmed(ctx, sc, q, v); err != nil {
		return none, err
	}
	run, err := s.create(ctx, sc, v, key)
	if err != nil {
		return none, err
	}
	return operation.StartResult{Result: operation.ResultQueued, Message: "The promotion was queued.", Run: run}, nil
}

// admitExecution: not found, then capabilities, then the selection itself, then
// source = target.
func (s *Service) admitExecution(sc access.Scope, sel compare.Selection) (compare.Selection, error) {
	canonical, err := s.admit(sc, sel)
	if f := fault.As(err); f != nil && f.Kind != fault.Invalid {
		return sel, err
	}
	if !sc.Can(access.WorkspaceBaselinesManage, "") {
		return sel, fault.Denied(string(access.WorkspaceBaselinesManage))
	}
	if !sc.Can(access.TenantManage, sel.TargetTenantID) {
		return sel, fault.Denied(string(access.TenantManage))
	}
	if err != nil {
		return sel, err
	}
	if canonical.SourceTenantID == canonical.TargetTenantID {
		return sel, sameTenant()
	}
	return canonical, nil
}

// dedupeKey is equal for the same selection and the same submitted fingerprint,
// even when the run that answers to it has already moved the truth.
func dedupeKey(sel compare.Selection, f fingerprint.Digest) string {
	h := fingerprint.NewHasher()
	h.Add(string(fingerprint.MustOfValue(sel)), string(f))
	return string(h.Sum())
}

func reuse(sc access.Scope, active operation.Run, key string) (operation.StartResult, error) {
	visible := operation.Visible(sc, active)
	if visible && active.WorkspaceID == sc.Workspace() && active.DedupeKey == key {
		return operation.StartResult{
			Result: operation.ResultDeduplicated, Message: "This promotion is already under way.", Run: operation.Redact(sc, active),
		}, nil
	}
	if visible {
		shown := operation.Redact(sc, active)
		return operation.StartResult{}, operation.Busy(&shown)
	}
	return operation.StartResult{}, operation.Busy(nil)
}

// legitimate is the gate that a promotion must pass at its start and, by
// Authorizer, before every item.
func (s *Service) legitimate(ctx context.Context, sc access.Scope, source, target *inventory.View) error {
	paused, err := s.Operations.Paused(ctx, sc.Workspace(), operation.PromotionExecute)
	if err != nil {
		return fmt.Errorf("read controls: %w", err)
	}
	if paused {
		return operation.BlockedBy(operation.ReasonOperationPaused)
	}
	if reason := illegitimacy(source, target); reason != "" {
		return operation.BlockedBy(reason)
	}
	return nil
}

// illegitimacy says why a pair of tenants may not be promoted now, or "".
func illegitimacy(source, target *inventory.View) string {
	switch {
	case source.Tenant.ArchivedAt != nil, target.Tenant.ArchivedAt != nil:
		return operation.ReasonTenantArchived
	case target.Connection.Status == tenancy.ConnectionPermissionMissing:
		return operation.ReasonPermissionMissing
	case target.Connection.Status != tenancy.ConnectionVerified:
		return operation.ReasonConnectionUnverified
	case !target.Connection.WriteEnabled:
		return operation.ReasonWriteDisabled
	}
	return ""
}

// confirmed compares what the caller saw and confirmed with what is true now.
func (s *Service) confirmed(ctx context.Context, sc access.Scope, q Request, v *Verdict) error {
	p := v.Preflight
	if v.Source.Tenant.DirectoryID == v.Target.Tenant.DirectoryID {
		return sameTenant()
	}
	if p.Fingerprint != q.Fingerprint {
		return s.stale(ctx, sc, q, v)
	}
	c := q.Confirmation
	if c.SourceTenantID != p.Selection.SourceTenantID || c.TargetTenantID != p.Selection.TargetTenantID ||
		c.Ready != p.Counts[Ready] || c.Excluded != p.Excluded() {
		return fault.New(fault.Invalid, CodeConfirmationMismatch, "What was confirmed is not what would be done. Look at the numbers and confirm again.").
			With("counts", p.BucketCounts())
	}
	if !p.Executable() {
		return fault.New(fault.Invalid, CodeNoReadySubjects, "No subject of this selection is ready, so there is nothing to execute.").
			With("counts", p.BucketCounts())
	}
	return nil
}

func (s *Service) create(ctx context.Context, sc access.Scope, v *Verdict, key string) (operation.Run, error) {
	plan := MakePlan(v.Preflight)
	text, err := json.Marshal(plan)
	if err != nil {
		return operation.Run{}, fmt.Errorf("encode the plan: %w", err)
	}
	sel := v.Preflight.Selection
	run, err := s.Operations.CreateRun(ctx, sc, operation.Run{
		WorkspaceID: sc.Workspace(), Type: operation.PromotionExecute,
		TenantID: sel.TargetTenantID, SourceTenantID: sel.SourceTenantID, TargetTenantID: sel.TargetTenantID,
		TargetDirectoryID: v.Target.Tenant.DirectoryID, DedupeKey: key, Items: plan.Items(), Context: text,
		AuditDetails: map[string]any{
			"source_tenant_id": sel.SourceTenantID, "target_tenant_id": sel.TargetTenantID,
			"selection": sel, "fingerprint": v.Preflight.Fingerprint,
		},
	})
	if err != nil {
		return operation.Run{}, fmt.Errorf("create the run: %w", err)
	}
	return run, nil
}
