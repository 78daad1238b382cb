package store

import (
	"context"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// AddNotice implements operation.Store. A second notice of one run to one person
// is dropped.
func (d *DB) AddNotice(ctx context.Context, n operation.Notice) error {
	return mapError(d.q(ctx).Exec(`INSERT INTO notifications (id, user_id, workspace_id, kind, operation_id, title, body, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, operation_id) WHERE operation_id IS NOT NULL DO NOTHING`,
		n.ID, string(n.UserID), string(n.WorkspaceID), n.Kind, string(n.RunID), n.Title, n.Body, n.CreatedAt).Error)
}
