package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
)

// Requests implements promotion.Journal.
func (d *DB) Requests(ctx context.Context, run operation.RunID, item int) ([]promotion.JournalRequest, error) {
	var out []promotion.JournalRequest
	err := d.each(ctx, func(scan scanner) error {
		r := promotion.JournalRequest{Run: run, Item: item}
		var hash, object, reason sql.NullString
		var http sql.NullInt64
		var sent sql.NullTime
		var pre []byte
		if err := scan(&r.Request, &r.Epoch, &r.Kind, &r.Status, &hash, &pre, &sent, &http, &object, &reason); err != nil {
			return err
		}
		r.Hash, r.ObjectID, r.Reason = digestOf(hash), object.String, reason.String
		r.HTTP, r.SentAt = int(http.Int64), sent.Time.UTC()
		if err := json.Unmarshal(pre, &r.PreIDs); err != nil {
			return fmt.Errorf("decode pre ids: %w", err)
		}
		out = append(out, r)
		return nil
	}, `SELECT request_ordinal, epoch, kind, status, request_hash, coalesce(to_jsonb(pre_ids), '[]')::text, sent_at, http_status, target_object_id, reason_code
		FROM provider_writes WHERE run_id = ? AND item_ordinal = ? AND request_ordinal > 0 ORDER BY request_ordinal`, run, item)
	return out, err
}

// SaveIntent implements promotion.Journal.
func (d *DB) SaveIntent(ctx context.Context, r promotion.JournalRequest) error {
	pre, err := asJSON(listOf(r.PreIDs))
	if err != nil {
		return err
	}
	n, err := d.write(ctx, `INSERT INTO provider_writes
		(run_id, item_ordinal, request_ordinal, epoch, kind, status, request_hash, pre_ids, sent_at, target_object_id, attempts, started_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ARRAY(SELECT jsonb_array_elements_text(?::jsonb)), ?, nullif(?, ''), 1, ?)
		ON CONFLICT (run_id, item_ordinal, request_ordinal) DO UPDATE SET sent_at = excluded.sent_at, epoch = excluded.epoch
			WHERE provider_writes.status = 'intent' AND provider_writes.request_hash = excluded.request_hash`,
		r.Run, r.Item, r.Request, r.Epoch, r.Kind, r.Status, r.Hash, pre, r.SentAt, r.ObjectID, r.SentAt)
	if err == nil && n != 1 {
		return fmt.Errorf("request %d of item %d is another one or not open", r.Request, r.Item)
	}
	return err
}

// SettleRequest implements promotion.Journal.
func (d *DB) SettleRequest(ctx context.Context, r promotion.JournalRequest) error {
	n, err := d.write(ctx, `UPDATE provider_writes SET status = ?, epoch = ?, http_status = nullif(?, 0),
		target_object_id = nullif(?, ''), reason_code = nullif(?, ''), settled_at = clock_timestamp()
		WHERE run_id = ? AND item_ordinal = ? AND request_ordinal = ? AND status = 'intent'`,
		r.Status, r.Epoch, r.HTTP, r.ObjectID, r.Reason, r.Run, r.Item, r.Request)
	if err == nil && n != 1 {
		return fmt.Errorf("request %d of item %d is not open", r.Request, r.Item)
	}
	return err
}
