package store

import (
	"context"
	"strconv"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Leases live on the database's clock, read at the moment of the statement:
// now() would be the start of the transaction.
const (
	// held is the fence of a worker: its epoch, and a lease that lives.
	held = ` id = ? AND lease_epoch = ? AND status = 'running' AND lease_expires_at > clock_timestamp() `
	// ours also lets a seized run pass, which has a fresh epoch and no lease; only
	// the end of a run is written under it.
	ours = ` id = ? AND lease_epoch = ? AND status <> 'completed' AND (lease_expires_at IS NULL OR lease_expires_at > clock_timestamp()) `
	// free says that nobody holds an active run r.
	free = ` r.status IN ('queued', 'running') AND (r.lease_expires_at IS NULL OR r.lease_expires_at <= clock_timestamp()) `
	// rested says that a pause the run r was given is over.
	rested = ` (r.retry_at IS NULL OR r.retry_at <= clock_timestamp()) `
)

// Advisory locks: the class says what for, the object which workspace.
const (
	lockWorkspaceRuns = 7302
	lockSweep         = 7303
)

// TakeLease implements operation.Leases.
func (d *DB) TakeLease(ctx context.Context, id operation.RunID, t operation.Take) (operation.Taken, error) {
	var taken operation.Taken
	got := false
	err := d.InTx(ctx, func(ctx context.Context) error {
		full, err := d.workspaceFull(ctx, id, t.Running)
		if err != nil || full {
			return err
		}
		taken, got, err = d.takeFree(ctx, id, t)
		return err
	})
	switch {
	case err != nil:
		return operation.Taken{}, err
	case !got:
		return operation.Taken{}, operation.ErrNotTaken
	}
	return taken, nil
}

func (d *DB) takeFree(ctx context.Context, id operation.RunID, t operation.Take) (operation.Taken, bool, error) {
	var rows []runRow
	// A lease that ran out belongs to a worker that vanished; one that was given
	// back is NULL and counts as nothing.
	err := d.q(ctx).Raw(`UPDATE operation_runs r SET status = 'running', lease_owner = ?, lease_epoch = r.lease_epoch + 1,
			lease_expires_at = clock_timestamp() + make_interval(secs => ?), started_at = coalesce(r.started_at, clock_timestamp()),
			takeovers = r.takeovers + CASE WHEN r.lease_expires_at IS NULL THEN 0 ELSE 1 END,
			waiting_on = NULL, retry_at = NULL, begun = '{}'
		WHERE r.id = ? AND `+free+` AND `+rested+`
		RETURNING `+runColumns+`, extract(epoch FROM r.deadline_at - clock_timestamp())::float8 AS seconds_left`,
		t.Owner, t.TTL.Seconds(), string(id)).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return operation.Taken{}, false, err
	}
	run, err := rows[0].run()
	left := time.Duration(rows[0].SecondsLeft * float64(time.Second))
	return operation.Taken{Run: run, Left: left}, err == nil, err
}

// workspaceFull reports whether the run is queued in a workspace that already
// has enough running, and says so on the run. The lock makes the count exact.
func (d *DB) workspaceFull(ctx context.Context, id operation.RunID, most int) (bool, error) {
	if most <= 0 {
		return false, nil
	}
	var rows []struct{ WorkspaceID, Status string }
	if err := d.q(ctx).Raw(`SELECT workspace_id, status FROM operation_runs WHERE id = ?`, string(id)).Scan(&rows).Error; err != nil {
		return false, err
	}
	if len(rows) == 0 || rows[0].Status != string(operation.Queued) {
		return false, nil
	}
	ws := rows[0].WorkspaceID
	if err := d.q(ctx).Exec(`SELECT pg_advisory_xact_lock(?, hashtext(?))`, lockWorkspaceRuns, ws).Error; err != nil {
		return false, err
	}
	var running int
	err := d.q(ctx).Raw(`SELECT count(*) FROM operation_runs WHERE workspace_id = ? AND status = 'running'
		AND lease_expires_at > clock_timestamp()`, ws).Scan(&running).Error
	if err != nil || running < most {
		return false, err
	}
	waiting, err := waitingJSON(&operation.Waiting{
		Kind: operation.WaitLease, Label: "Waits until other operations of this workspace have completed.", Since: time.Now(),
	})
	if err != nil {
		return false, err
	}
	return true, d.q(ctx).Exec(`UPDATE operation_runs SET waiting_on = ?::jsonb WHERE id = ? AND status = 'queued' AND waiting_on IS NULL`,
		waiting, string(id)).Error
}

// SeizeRun implements operation.Leases.
func (d *DB) SeizeRun(ctx context.Context, id operation.RunID) (operation.Run, error) {
	var rows []runRow
	err := d.q(ctx).Raw(`UPDATE operation_runs r SET lease_epoch = r.lease_epoch + 1, lease_owner = NULL, lease_expires_at = NULL
		WHERE r.id = ? AND `+free+` RETURNING `+runColumns, string(id)).Scan(&rows).Error
	switch {
	case err != nil:
		return operation.Run{}, mapError(err)
	case len(rows) == 0:
		return operation.Run{}, operation.ErrNotTaken
	}
	return rows[0].run()
}

// ExtendLease implements operation.Leases.
func (d *DB) ExtendLease(ctx context.Context, id operation.RunID, epoch int64, ttl time.Duration) error {
	return d.fenced(ctx, `UPDATE operation_runs SET lease_expires_at = clock_timestamp() + make_interval(secs => ?) WHERE`+held,
		ttl.Seconds(), string(id), epoch)
}

// ReleaseLease implements operation.Leases. The bell for the next worker is rung
// in the same transaction, for the time the pause ends.
func (d *DB) ReleaseLease(ctx context.Context, id operation.RunID, epoch int64, r operation.Release) error {
	waiting, err := waitingJSON(r.Waiting)
	if err != nil {
		return err
	}
	return d.InTx(ctx, func(ctx context.Context) error {
		err := d.fenced(ctx, `UPDATE operation_runs SET lease_owner = NULL, lease_expires_at = NULL, begun = '{}', waiting_on = ?::jsonb,
				retry_at = clock_timestamp() + make_interval(secs => ?), takeovers = takeovers + ?, retries = retries + ? WHERE`+held,
			waiting, r.After.Seconds(), one(r.Crash), one(r.Retry), string(id), epoch)
		if err != nil {
			return err
		}
		return d.ring(ctx, "r.id = ?", r.After, string(id))
	})
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Fence implements operation.Leases.
func (d *DB) Fence(ctx context.Context, id operation.RunID, epoch int64) error {
	return d.fenced(ctx, `SELECT 1 FROM operation_runs WHERE`+held+`FOR NO KEY UPDATE`, string(id), epoch)
}

// Standing implements operation.Leases.
func (d *DB) Standing(ctx context.Context, id operation.RunID, epoch int64) (operation.Standing, error) {
	var rows []operation.Standing
	err := d.q(ctx).Raw(`SELECT cancel_requested_at IS NOT NULL AS cancel_requested, deadline_at <= clock_timestamp() AS overdue,
			EXISTS (SELECT FROM operational_controls c WHERE c.type = r.type AND (c.workspace_id IS NULL OR c.workspace_id = r.workspace_id)
				AND c.paused AND (c.expires_at IS NULL OR c.expires_at > clock_timestamp())) AS paused
		FROM operation_runs r WHERE`+held, string(id), epoch).Scan(&rows).Error
	switch {
	case err != nil:
		return operation.Standing{}, mapError(err)
	case len(rows) == 0:
		return operation.Standing{}, operation.ErrLeaseLost
	}
	return rows[0], nil
}

// MarkBegun implements operation.Leases.
func (d *DB) MarkBegun(ctx context.Context, id operation.RunID, epoch int64, ordinal int) error {
	return d.fenced(ctx, `UPDATE operation_runs SET begun = begun || jsonb_build_object(?::text, to_jsonb(clock_timestamp())) WHERE`+held,
		strconv.Itoa(ordinal), string(id), epoch)
}

// SetWaiting implements operation.Leases.
func (d *DB) SetWaiting(ctx context.Context, id operation.RunID, epoch int64, w *operation.Waiting) error {
	waiting, err := waitingJSON(w)
	if err != nil {
		return err
	}
	return d.fenced(ctx, `UPDATE operation_runs SET waiting_on = ?::jsonb WHERE`+held, waiting, string(id), epoch)
}

// AddVerdict implements operation.Leases. The caller's transaction holds or takes
// the fence; alone, this row proves nothing.
func (d *DB) AddVerdict(ctx context.Context, id operation.RunID, epoch int64, v operation.Verdict) error {
	res := d.q(ctx).Exec(`INSERT INTO provider_writes (run_id, item_ordinal, request_ordinal, epoch, kind, status, effect, reason_code,
			message, target_object_id, attempts, started_at, finished_at, settled_at)
		VALUES (?, ?, 0, ?, 'verdict', ?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp()) ON CONFLICT DO NOTHING`,
		string(id), v.Ordinal, epoch, string(v.Status), orNull(v.Effect), orNull(v.ReasonCode), orNull(v.Message),
		orNull(v.TargetObjectID), v.Attempts, v.StartedAt, v.FinishedAt)
	if res.Error == nil && res.RowsAffected == 0 {
		return operation.ErrSettledTwice
	}
	return mapError(res.Error)
}

// SaveProgress implements operation.Leases. It counts in a statement of its own,
// once the row is locked: a statement that had to wait for another item's
// transaction would count with what it saw before.
func (d *DB) SaveProgress(ctx context.Context, id operation.RunID, epoch int64, ordinal int) error {
	if err := d.Fence(ctx, id, epoch); err != nil {
		return err
	}
	return d.fenced(ctx, `UPDATE operation_runs SET retries = 0, begun = begun - ?::text, summary_counts =
			(SELECT summary_counts || jsonb_build_object(
				'processed', count(*),
				'succeeded', count(*) FILTER (WHERE status = 'succeeded'),
				'failed', count(*) FILTER (WHERE status = 'failed'),
				'skipped', count(*) FILTER (WHERE status = 'skipped'),
				'created', count(*) FILTER (WHERE effect = 'created'),
				'updated', count(*) FILTER (WHERE effect = 'updated'),
				'unchanged', count(*) FILTER (WHERE effect = 'unchanged'))
			FROM provider_writes WHERE run_id = operation_runs.id AND request_ordinal = 0) WHERE`+held,
		strconv.Itoa(ordinal), string(id), epoch)
}

// CompleteRun implements operation.Leases.
func (d *DB) CompleteRun(ctx context.Context, id operation.RunID, epoch int64, e operation.Ending) (operation.Run, error) {
	counts, err := jsonText(e.Counts)
	if err != nil {
		return operation.Run{}, err
	}
	var rows []runRow
	err = d.q(ctx).Raw(`UPDATE operation_runs r SET status = 'completed', outcome = ?, summary_counts = ?::jsonb, reason_code = ?, message = ?,
			completed_at = clock_timestamp(), lease_owner = NULL, lease_expires_at = NULL, retry_at = NULL, waiting_on = NULL, begun = '{}'
		WHERE`+ours+`RETURNING `+runColumns,
		string(e.Outcome), counts, orNull(e.ReasonCode), orNull(e.Message), string(id), epoch).Scan(&rows).Error
	switch {
	case err != nil:
		return operation.Run{}, mapError(err)
	case len(rows) == 0:
		return operation.Run{}, operation.ErrLeaseLost
	}
	return rows[0].run()
}

// Overdue implements operation.Leases.
func (d *DB) Overdue(ctx context.Context, limit int) ([]operation.RunID, error) {
	var ids []operation.RunID
	err := d.q(ctx).Raw(`SELECT r.id FROM operation_runs r WHERE`+free+`AND r.deadline_at <= clock_timestamp() ORDER BY r.deadline_at LIMIT ?`,
		limit).Scan(&ids).Error
	return ids, mapError(err)
}

// ringNextAtMost bounds how many waiting runs are called when one ends: more than
// there are places, since one call may find its run taken or cancelled.
const ringNextAtMost = 20

// RingNext implements operation.Leases.
func (d *DB) RingNext(ctx context.Context, ws tenancy.WorkspaceID) error {
	return d.ring(ctx, `r.id IN (SELECT n.id FROM operation_runs n WHERE n.workspace_id = ? AND n.status = 'queued'
		AND n.waiting_on ->> 'kind' = 'lease' ORDER BY n.id LIMIT ? FOR UPDATE SKIP LOCKED)`, 0, string(ws), ringNextAtMost)
}

// fenced runs a statement that must meet exactly one row.
func (d *DB) fenced(ctx context.Context, sql string, args ...any) error {
	res := d.q(ctx).Exec(sql, args...)
	if res.Error == nil && res.RowsAffected != 1 {
		return operation.ErrLeaseLost
	}
	return mapError(res.Error)
}
