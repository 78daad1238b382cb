package store

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

type controlRow struct {
	WorkspaceID *string
	Type        string
	Paused      bool
	Reason      string
	ActorID     *string
	ActorName   string
	ExpiresAt   *time.Time
	Revision    int64
	UpdatedAt   time.Time
}

func (w controlRow) control() operation.Control {
	return operation.Control{
		WorkspaceID: tenancy.WorkspaceID(orEmpty(w.WorkspaceID)), Type: operation.Type(w.Type), Paused: w.Paused, Reason: w.Reason,
		ActorID: tenancy.UserID(orEmpty(w.ActorID)), ActorName: w.ActorName, ExpiresAt: utc(w.ExpiresAt),
		Revision: w.Revision, UpdatedAt: w.UpdatedAt.UTC(),
	}
}

// ControlsOf implements operation.Controls.
func (d *DB) ControlsOf(ctx context.Context, ws tenancy.WorkspaceID) ([]operation.Control, error) {
	var rows []controlRow
	err := d.q(ctx).Raw(`SELECT * FROM operational_controls WHERE workspace_id IS NULL OR workspace_id = ?::uuid`,
		orNull(ws)).Scan(&rows).Error
	if err != nil {
		return nil, mapError(err)
	}
	controls := make([]operation.Control, 0, len(rows))
	for _, w := range rows {
		controls = append(controls, w.control())
	}
	return controls, nil
}

// SaveControl implements operation.Controls.
func (d *DB) SaveControl(ctx context.Context, c operation.Control) (operation.Control, error) {
	var rows []controlRow
	err := d.q(ctx).Raw(`INSERT INTO operational_controls AS c
			(workspace_id, type, paused, reason, actor_id, actor_name, expires_at, revision, updated_at)
		SELECT ?::uuid, ?, ?, ?, ?::uuid, ?, ?::timestamptz, 1, clock_timestamp()
		WHERE ? = 0 OR EXISTS (SELECT FROM operational_controls h WHERE h.workspace_id IS NOT DISTINCT FROM ?::uuid AND h.type = ?)
		ON CONFLICT (workspace_id, type) DO UPDATE SET paused = EXCLUDED.paused, reason = EXCLUDED.reason, actor_id = EXCLUDED.actor_id,
			actor_name = EXCLUDED.actor_name, expires_at = EXCLUDED.expires_at, revision = c.revision + 1, updated_at = EXCLUDED.updated_at
			WHERE c.revision = ?
		RETURNING c.*`,
		orNull(c.WorkspaceID), string(c.Type), c.Paused, c.Reason, orNull(c.ActorID), c.ActorName, c.ExpiresAt,
		c.Revision, orNull(c.WorkspaceID), string(c.Type), c.Revision).Scan(&rows).Error
	switch {
	case err != nil:
		return operation.Control{}, mapError(err)
	case len(rows) == 0:
		return operation.Control{}, fault.Stale()
	}
	return rows[0].control(), nil
}
