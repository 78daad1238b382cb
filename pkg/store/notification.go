package store

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

type noticeRow struct {
	ID          string
	UserID      string
	WorkspaceID string
	RunID       string
	TenantID    string
	Type        string
	Outcome     string
	Title       string
	Body        string
	CreatedAt   time.Time
	ReadAt      *time.Time
}

func (w noticeRow) notice() operation.Notice {
	return operation.Notice{
		ID: w.ID, UserID: tenancy.UserID(w.UserID), WorkspaceID: tenancy.WorkspaceID(w.WorkspaceID), RunID: operation.RunID(w.RunID),
		TenantID: tenancy.TenantID(w.TenantID), Type: operation.Type(w.Type), Outcome: operation.Outcome(w.Outcome),
		Title: w.Title, Body: w.Body, CreatedAt: w.CreatedAt.UTC(), ReadAt: utc(w.ReadAt),
	}
}

// AddNotice implements operation.Store. A second notice of one run to one person
// is dropped.
func (d *DB) AddNotice(ctx context.Context, n operation.Notice) error {
	return mapError(d.q(ctx).Exec(`INSERT INTO notifications (id, user_id, workspace_id, run_id, tenant_id, type, outcome, title, body, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT ON CONSTRAINT notifications_once DO NOTHING`,
		n.ID, string(n.UserID), string(n.WorkspaceID), string(n.RunID), string(n.TenantID), string(n.Type), string(n.Outcome),
		n.Title, n.Body, n.CreatedAt).Error)
}

// Notices returns the person's own notifications, newest first, those before the
// given id when it is not empty. Whether the person still sees the tenant of each
// is the caller's to ask.
func (d *DB) Notices(ctx context.Context, user tenancy.UserID, before string, limit int) ([]operation.Notice, error) {
	var rows []noticeRow
	err := d.q(ctx).Raw(`SELECT * FROM notifications WHERE user_id = ? AND (?::uuid IS NULL OR id < ?::uuid) ORDER BY id DESC LIMIT ?`,
		string(user), orNull(before), orNull(before), limit).Scan(&rows).Error
	if err != nil {
		return nil, mapError(err)
	}
	notices := make([]operation.Notice, 0, len(rows))
	for _, w := range rows {
		notices = append(notices, w.notice())
	}
	return notices, nil
}

// MarkNoticesRead marks the person's notifications as read: those named, or all
// when none is. Ids of other people's change nothing.
func (d *DB) MarkNoticesRead(ctx context.Context, user tenancy.UserID, ids []string) error {
	q := d.q(ctx)
	if len(ids) == 0 {
		return mapError(q.Exec(`UPDATE notifications SET read_at = clock_timestamp() WHERE user_id = ? AND read_at IS NULL`, string(user)).Error)
	}
	return mapError(q.Exec(`UPDATE notifications SET read_at = clock_timestamp() WHERE user_id = ? AND read_at IS NULL AND id IN ?`,
		string(user), ids).Error)
}

// UnreadNotices counts the person's unread notifications.
func (d *DB) UnreadNotices(ctx context.Context, user tenancy.UserID) (int, error) {
	var n int
	err := d.q(ctx).Raw(`SELECT count(*) FROM notifications WHERE user_id = ? AND read_at IS NULL`, string(user)).Scan(&n).Error
	return n, mapError(err)
}
