package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// InsertRun implements operation.Runs. A row that meets an active run of the
// same scope is not stored; when that run was committed after the caller's
// REPEATABLE READ snapshot, the database answers ErrSerialization instead.
func (d *DB) InsertRun(ctx context.Context, r operation.Run) (operation.Run, error) {
	args, err := insertArgs(r)
	if err != nil {
		return operation.Run{}, err
	}
	var stored operation.Run
	err = d.InTx(ctx, func(ctx context.Context) error {
		var rows []runRow
		err := d.q(ctx).Raw(`INSERT INTO operation_runs AS r (id, workspace_id, type, tenant_id, source_tenant_id, target_tenant_id,
				target_directory_id, subject_id, initiator_id, initiator_name, dedupe_key, items, context, audit_details,
				summary_counts, deadline_at, created_at, dispatch_seq)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, 1)
			ON CONFLICT DO NOTHING RETURNING `+runColumns, args...).Scan(&rows).Error
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return operation.ErrAlreadyActive
		}
		if stored, err = rows[0].run(); err != nil {
			return err
		}
		return d.q(ctx).Exec(`INSERT INTO outbox (run_id, dispatch_seq) VALUES (?, 1)`, rows[0].ID).Error
	})
	if err != nil {
		return operation.Run{}, mapError(err)
	}
	return stored, nil
}

func insertArgs(r operation.Run) ([]any, error) {
	if r.AuditDetails == nil {
		r.AuditDetails = map[string]any{}
	}
	texts := make([]string, 0, 3)
	for _, v := range []any{r.Items, r.AuditDetails, r.Counts} {
		s, err := jsonText(v)
		if err != nil {
			return nil, err
		}
		texts = append(texts, s)
	}
	return []any{
		string(r.ID), string(r.WorkspaceID), string(r.Type), string(r.TenantID), orNull(r.SourceTenantID), orNull(r.TargetTenantID),
		orNull(r.TargetDirectoryID), orNull(r.SubjectID), orNull(r.InitiatorID), r.InitiatorName, r.DedupeKey,
		texts[0], string(r.Context), texts[1], texts[2], r.DeadlineAt, r.CreatedAt,
	}, nil
}

// ActiveLike implements operation.Runs.
func (d *DB) ActiveLike(ctx context.Context, r operation.Run) (*operation.Run, error) {
	kind, ok := operation.KindOf(r.Type)
	if !ok {
		return nil, fmt.Errorf("look for an active run of unknown type %q", r.Type)
	}
	where, arg := "r.tenant_id = ?", string(r.TenantID)
	switch kind.Exclusive {
	case operation.PerDirectory:
		where, arg = "r.target_directory_id = ?", string(r.TargetDirectoryID)
	case operation.PerSubject:
		where, arg = "r.subject_id = ?", r.SubjectID
	case operation.PerTenant:
	}
	runs, err := d.runs(ctx, "r.type = ? AND r.status IN ('queued', 'running') AND "+where, string(r.Type), arg)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	return &runs[0], nil
}

// LoadRun implements operation.Runs.
func (d *DB) LoadRun(ctx context.Context, s access.Scope, id operation.RunID) (operation.Run, error) {
	return d.oneRun(ctx, s, id, "")
}

// LockRun implements operation.Runs.
func (d *DB) LockRun(ctx context.Context, s access.Scope, id operation.RunID) (operation.Run, error) {
	return d.oneRun(ctx, s, id, " FOR UPDATE")
}

func (d *DB) oneRun(ctx context.Context, s access.Scope, id operation.RunID, lock string) (operation.Run, error) {
	where, args := runScope(s)
	runs, err := d.runs(ctx, where+" AND r.id = ?"+lock, append(args, string(id))...)
	if err != nil {
		return operation.Run{}, err
	}
	if len(runs) == 0 {
		return operation.Run{}, fault.Missing()
	}
	return runs[0], nil
}

// runScope is the condition every scoped query of runs starts with.
func runScope(s access.Scope) (string, []any) {
	switch {
	case !s.Valid():
		return "false", nil
	case s.AllTenants():
		return "r.workspace_id = ?", []any{string(s.Workspace())}
	}
	return "r.workspace_id = ? AND r.tenant_id IN ?", []any{string(s.Workspace()), idTexts(s.Tenants())}
}

// ListRuns implements operation.Runs.
func (d *DB) ListRuns(ctx context.Context, s access.Scope, f operation.Filter) ([]operation.Run, error) {
	where, args := runScope(s)
	and := func(condition string, skip bool, arg any) {
		if !skip {
			where, args = where+" AND "+condition, append(args, arg)
		}
	}
	and("r.type = ?", f.Type == "", string(f.Type))
	and("r.status = ?", f.Status == "", string(f.Status))
	and("r.outcome = ?", f.Outcome == "", string(f.Outcome))
	and("r.tenant_id = ?", f.TenantID == "", string(f.TenantID))
	and("r.source_tenant_id = ?", f.SourceTenantID == "", string(f.SourceTenantID))
	and("r.created_at >= ?", f.Since.IsZero(), f.Since)
	and("r.id < ?", f.Before == "", string(f.Before))
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	return d.light(ctx, where+" ORDER BY r.id DESC LIMIT ?", append(args, limit)...)
}

// ChangedRuns implements operation.Runs.
func (d *DB) ChangedRuns(ctx context.Context, s access.Scope, f operation.ChangeFilter) ([]operation.Run, error) {
	where, args := runScope(s)
	where, args = where+" AND r.change_seq > ?", append(args, f.After)
	if f.Only != "" {
		where, args = where+" AND r.id = ?", append(args, string(f.Only))
	}
	if f.Active {
		where += " AND r.status IN ('queued', 'running')"
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 200
	}
	return d.light(ctx, where+" ORDER BY r.change_seq LIMIT ?", append(args, limit)...)
}

// LastChange implements operation.Runs.
func (d *DB) LastChange(ctx context.Context, s access.Scope) (int64, error) {
	var last int64
	err := d.q(ctx).Raw(`SELECT coalesce(max(change_seq), 0) FROM operation_runs WHERE workspace_id = ?`,
		string(s.Workspace())).Scan(&last).Error
	return last, mapError(err)
}

// runs selects whole runs by a condition written in this file.
func (d *DB) runs(ctx context.Context, where string, args ...any) ([]operation.Run, error) {
	return d.selectRuns(ctx, runColumns, where, args...)
}

// light is runs without the plan, which may be large.
func (d *DB) light(ctx context.Context, where string, args ...any) ([]operation.Run, error) {
	return d.selectRuns(ctx, strings.Replace(runColumns, "r.items, r.context,", "", 1), where, args...)
}

func (d *DB) selectRuns(ctx context.Context, columns, where string, args ...any) ([]operation.Run, error) {
	var rows []runRow
	if err := d.q(ctx).Raw("SELECT "+columns+" FROM operation_runs r WHERE "+where, args...).Scan(&rows).Error; err != nil {
		return nil, mapError(err)
	}
	return runsOf(rows)
}

// RequestCancel implements operation.Runs.
func (d *DB) RequestCancel(ctx context.Context, id operation.RunID) error {
	return mapError(d.q(ctx).Exec(`UPDATE operation_runs SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
		WHERE id = ? AND status <> 'completed'`, string(id)).Error)
}

type verdictRow struct {
	ItemOrdinal    int
	Epoch          int64
	Status         string
	Effect         *string
	ReasonCode     *string
	Message        *string
	TargetObjectID *string
	Attempts       int
	StartedAt      time.Time
	FinishedAt     time.Time
}

// Verdicts implements operation.Runs.
func (d *DB) Verdicts(ctx context.Context, id operation.RunID) (map[int]operation.Verdict, error) {
	var rows []verdictRow
	err := d.q(ctx).Raw(`SELECT item_ordinal, epoch, status, effect, reason_code, message, target_object_id, attempts, started_at, finished_at
		FROM provider_writes WHERE run_id = ? AND request_ordinal = 0`, string(id)).Scan(&rows).Error
	if err != nil {
		return nil, mapError(err)
	}
	verdicts := make(map[int]operation.Verdict, len(rows))
	for _, w := range rows {
		verdicts[w.ItemOrdinal] = operation.Verdict{
			Ordinal: w.ItemOrdinal, Epoch: w.Epoch, Status: operation.ItemStatus(w.Status), Effect: operation.Effect(orEmpty(w.Effect)),
			ReasonCode: orEmpty(w.ReasonCode), Message: orEmpty(w.Message), TargetObjectID: orEmpty(w.TargetObjectID),
			Attempts: w.Attempts, StartedAt: w.StartedAt.UTC(), FinishedAt: w.FinishedAt.UTC(),
		}
	}
	return verdicts, nil
}

// Touched implements operation.Runs. Requests that the target refused or that
// were never sent have touched nothing.
func (d *DB) Touched(ctx context.Context, id operation.RunID) (map[int]string, error) {
	var rows []verdictRow
	err := d.q(ctx).Raw(`SELECT item_ordinal, max(target_object_id) AS target_object_id FROM provider_writes
		WHERE run_id = ? AND request_ordinal > 0 AND status IN ('intent', 'settled', 'unknown') GROUP BY item_ordinal`,
		string(id)).Scan(&rows).Error
	if err != nil {
		return nil, mapError(err)
	}
	touched := make(map[int]string, len(rows))
	for _, w := range rows {
		touched[w.ItemOrdinal] = orEmpty(w.TargetObjectID)
	}
	return touched, nil
}
