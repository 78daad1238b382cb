package store

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
)

type idempotencyRow struct {
	BodyDigest string
	Holder     string
	Status     *int
	Location   string
	Etag       string
	Body       []byte
}

// Reserve claims a key for one request, or returns the stored answer in Replay.
// The key used with another body is identity.KeyReused, a key whose request is
// still running identity.InProgress. A reservation that was neither completed nor
// released, because its process died, is taken over after identity.IdempotencyHold.
// It commits on its own and must be called outside a transaction.
func (d *DB) Reserve(ctx context.Context, k identity.RequestKey, bodyDigest string) (identity.Reservation, error) {
	r := identity.Reservation{Key: k, Holder: NewID()}
	if n := len(k.Key); n == 0 || n > 255 {
		return r, fault.InvalidInput("An Idempotency-Key has 1 to 255 characters.").At("header.Idempotency-Key", "must have 1 to 255 characters")
	}
	at := now()
	n, err := d.write(ctx, `
		INSERT INTO idempotency_keys (principal, method, path, key, body_digest, holder, reserved_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (principal, method, path, key) DO UPDATE
		SET body_digest = excluded.body_digest, holder = excluded.holder, reserved_at = excluded.reserved_at,
			expires_at = excluded.expires_at, status = NULL, location = '', etag = '', body = NULL
		WHERE idempotency_keys.expires_at <= excluded.reserved_at
			OR (idempotency_keys.status IS NULL AND idempotency_keys.reserved_at <= ?
				AND idempotency_keys.body_digest = excluded.body_digest)`,
		k.Principal, k.Method, k.Path, k.Key, bodyDigest, r.Holder, at, at.Add(identity.IdempotencyLife),
		at.Add(-identity.IdempotencyHold))
	if err != nil || n == 1 {
		return r, err
	}
	return d.heldBy(ctx, r, bodyDigest)
}

// heldBy answers for a key that another request has.
func (d *DB) heldBy(ctx context.Context, r identity.Reservation, bodyDigest string) (identity.Reservation, error) {
	var row idempotencyRow
	err := d.readOne(ctx, &row, `
		SELECT body_digest, holder, status, location, etag, body FROM idempotency_keys
		WHERE principal = ? AND method = ? AND path = ? AND key = ?`, r.Key.Principal, r.Key.Method, r.Key.Path, r.Key.Key)
	switch {
	case fault.HasCode(err, fault.CodeNotFound):
		return r, identity.InProgress() // released in this moment: the next try gets it
	case err != nil:
		return r, err
	case row.BodyDigest != bodyDigest:
		return r, identity.KeyReused()
	case row.Status == nil:
		return r, identity.InProgress()
	}
	r.Replay = &identity.StoredAnswer{Status: *row.Status, Location: row.Location, ETag: row.Etag, Body: row.Body}
	return r, nil
}

// Complete stores the answer of a reservation. A reservation that somebody else
// has taken over is left alone.
func (d *DB) Complete(ctx context.Context, r identity.Reservation, a identity.StoredAnswer) error {
	_, err := d.write(ctx, `
		UPDATE idempotency_keys SET status = ?, location = ?, etag = ?, body = ?
		WHERE principal = ? AND method = ? AND path = ? AND key = ? AND holder = ?`,
		a.Status, a.Location, a.ETag, a.Body, r.Key.Principal, r.Key.Method, r.Key.Path, r.Key.Key, r.Holder)
	return err
}

// Release gives a key back whose request was not successful, so that it can be
// repeated.
func (d *DB) Release(ctx context.Context, r identity.Reservation) error {
	_, err := d.write(ctx, `
		DELETE FROM idempotency_keys
		WHERE principal = ? AND method = ? AND path = ? AND key = ? AND holder = ? AND status IS NULL`,
		r.Key.Principal, r.Key.Method, r.Key.Path, r.Key.Key, r.Holder)
	return err
}

// ForgetIdempotency removes what is past its day and returns how many; for the sweep.
func (d *DB) ForgetIdempotency(ctx context.Context, at time.Time) (int64, error) {
	return d.write(ctx, "DELETE FROM idempotency_keys WHERE expires_at <= ?", at)
}
