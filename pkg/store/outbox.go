package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// outboxKept is how long rows outlive their dispatch: the sweep asks them when a
// run was last rung for.
const outboxKept = 24 * time.Hour

// ring raises the dispatch number of the runs r that meet the condition and
// leaves an outbox row for each, due after a pause.
func (d *DB) ring(ctx context.Context, where string, after time.Duration, args ...any) error {
	_, err := d.ringCounted(ctx, where, after, args...)
	return err
}

func (d *DB) ringCounted(ctx context.Context, where string, after time.Duration, args ...any) (int, error) {
	res := d.q(ctx).Exec(`WITH rung AS (UPDATE operation_runs r SET dispatch_seq = r.dispatch_seq + 1 WHERE `+where+`
			RETURNING r.id, r.dispatch_seq)
		INSERT INTO outbox (run_id, dispatch_seq, due_at)
		SELECT id, dispatch_seq, clock_timestamp() + make_interval(secs => ?) FROM rung`, append(args, after.Seconds())...)
	if res.Error != nil {
		return 0, mapError(fmt.Errorf("ring for a run: %w", res.Error))
	}
	return int(res.RowsAffected), nil
}

// RingStranded implements operation.Leases. Only one process does it at a time;
// for the others there is nothing to do.
func (d *DB) RingStranded(ctx context.Context, queuedAfter, runningAfter time.Duration) (int, error) {
	rung := 0
	err := d.InTx(ctx, func(ctx context.Context) error {
		var first bool
		if err := d.q(ctx).Raw(`SELECT pg_try_advisory_xact_lock(?, 0)`, lockSweep).Scan(&first).Error; err != nil || !first {
			return err
		}
		// A locked row belongs to a transaction that is doing something about it.
		var err error
		rung, err = d.ringCounted(ctx, `r.id IN (SELECT r.id FROM operation_runs r WHERE`+free+`AND`+rested+`
			AND NOT EXISTS (SELECT FROM outbox o WHERE o.run_id = r.id AND (o.dispatched_at IS NULL OR o.dispatched_at >
				clock_timestamp() - make_interval(secs => CASE r.status WHEN 'queued' THEN ?::float8 ELSE ?::float8 END)))
			FOR UPDATE SKIP LOCKED)`, 0, queuedAfter.Seconds(), runningAfter.Seconds())
		if err != nil {
			return err
		}
		return d.q(ctx).Exec(`DELETE FROM outbox WHERE dispatched_at < clock_timestamp() - make_interval(secs => ?)`,
			outboxKept.Seconds()).Error
	})
	return rung, err
}

type bellRow struct {
	ID          int64
	RunID       string
	DispatchSeq int64
}

// DispatchOutbox hands up to limit due bells to send, oldest first, and marks
// those as dispatched that were sent without an error. It stops at the first
// error and returns it with the number that were sent. Concurrent calls share
// the work; a crash between send and mark sends a bell again.
func (d *DB) DispatchOutbox(ctx context.Context, limit int, send func(ctx context.Context, b operation.Bell) error) (int, error) {
	var sent []int64
	var failed error
	err := d.InTx(ctx, func(ctx context.Context) error {
		var rows []bellRow
		err := d.q(ctx).Raw(`SELECT id, run_id, dispatch_seq FROM outbox WHERE dispatched_at IS NULL AND due_at <= clock_timestamp()
			ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED`, limit).Scan(&rows).Error
		if err != nil {
			return err
		}
		for _, w := range rows {
			if failed = send(ctx, operation.Bell{RunID: operation.RunID(w.RunID), Seq: w.DispatchSeq}); failed != nil {
				break
			}
			sent = append(sent, w.ID)
		}
		if len(sent) == 0 {
			return nil
		}
		return d.q(ctx).Exec(`UPDATE outbox SET dispatched_at = clock_timestamp() WHERE id IN ?`, sent).Error
	})
	if err != nil {
		return 0, err
	}
	return len(sent), failed
}
