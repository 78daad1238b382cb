package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// exportChunk is how many events an export reads at a time.
const exportChunk = 500

type auditRow struct {
	Seq         int64
	ID          string
	At          time.Time
	WorkspaceID *string
	TenantID    *string
	Action      string
	ActorID     *string
	ActorName   string
	ActorVia    string
	OperationID *string
	TargetKind  string
	TargetID    string
	RequestID   string
	Details     []byte
}

// Record implements audit.Recorder.
func (d *DB) Record(ctx context.Context, e audit.Event) error {
	if err := audit.Check(e); err != nil {
		return err
	}
	details := []byte("{}")
	if len(e.Details) > 0 {
		var err error
		if details, err = json.Marshal(e.Details); err != nil {
			return fmt.Errorf("write an event's details: %w", err)
		}
	}
	if e.RequestID == "" {
		e.RequestID = audit.RequestOf(ctx)
	}
	_, err := d.write(ctx, `
		INSERT INTO audit_events (id, at, workspace_id, tenant_id, action, actor_id, actor_name, actor_via,
			operation_id, target_kind, target_id, request_id, details)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		NewID(), now(), orNull(e.Workspace), orNull(e.Tenant), string(e.Action), orNull(e.ActorID), e.ActorName,
		e.ActorVia, orNull(e.OperationID), e.TargetKind, e.TargetID, e.RequestID, string(details))
	if err != nil {
		return fmt.Errorf("store the event: %w", err)
	}
	return nil
}

// AuditEvents lists the events of the scope's workspace, newest first; events of
// tenants the actor does not see are left out.
func (d *DB) AuditEvents(ctx context.Context, s access.Scope, f audit.Filter) (audit.Page, error) {
	limit, err := pageLimit(f.Limit)
	if err != nil {
		return audit.Page{}, err
	}
	var before int64
	kind := "audit:" + string(s.Workspace())
	if f.Cursor != "" {
		if err := d.DecodeCursor(kind, f.Cursor, &before); err != nil {
			return audit.Page{}, err
		}
	}
	rows, err := d.auditRows(ctx, s, f, before, limit+1)
	if err != nil {
		return audit.Page{}, err
	}
	items, next := cutPage(rows, limit, auditRow.event, func(r auditRow) string { return d.EncodeCursor(kind, r.Seq) })
	return audit.Page{Items: items, NextCursor: next}, nil
}

// ExportAudit hands every event of the filter to fn, newest first, reading a few
// hundred at a time. Events recorded after it began are left out. fn's error
// ends it and is returned.
func (d *DB) ExportAudit(ctx context.Context, s access.Scope, f audit.Filter, fn func(audit.Event) error) error {
	for before := int64(0); ; {
		rows, err := d.auditRows(ctx, s, f, before, exportChunk)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := fn(r.event()); err != nil {
				return err
			}
			before = r.Seq
		}
		if len(rows) < exportChunk {
			return nil
		}
	}
}

func (d *DB) auditRows(ctx context.Context, s access.Scope, f audit.Filter, before int64, limit int) ([]auditRow, error) {
	if err := reach(s); err != nil {
		return nil, err
	}
	where, args, err := auditWhere(s, f)
	if err != nil {
		return nil, err
	}
	if before > 0 {
		where, args = append(where, "seq < ?"), append(args, before)
	}
	var rows []auditRow
	err = d.read(ctx, &rows, "SELECT * FROM audit_events WHERE "+strings.Join(where, " AND ")+" ORDER BY seq DESC LIMIT ?",
		append(args, limit)...)
	return rows, err
}

// auditWhere builds the conditions. An id in a filter that is none is refused,
// since it can only be a mistake; one that is not seen matches nothing.
func auditWhere(s access.Scope, f audit.Filter) (where []string, args []any, err error) {
	tenants, arg := seen(s, "tenant_id")
	where = []string{"workspace_id = ?", "(tenant_id IS NULL OR " + tenants + ")"}
	args = []any{string(s.Workspace()), arg}
	add := func(condition string, value any) { where, args = append(where, condition), append(args, value) }
	if f.Action != "" {
		add("action = ?", string(f.Action))
	}
	if !f.Since.IsZero() {
		add("at >= ?", f.Since)
	}
	for _, id := range []struct{ column, value string }{
		{"actor_id", string(f.ActorID)}, {"tenant_id", string(f.TenantID)}, {"operation_id", f.OperationID},
	} {
		if id.value == "" {
			continue
		}
		if !isID(id.value) {
			return nil, nil, fault.InvalidInput("This filter wants an id.").At("query."+id.column, "is not an id")
		}
		add(id.column+" = ?", id.value)
	}
	return where, args, nil
}

func (r auditRow) event() audit.Event {
	e := audit.Event{
		ID: r.ID, Seq: r.Seq, At: r.At.UTC(), Action: audit.Action(r.Action), ActorName: r.ActorName, ActorVia: r.ActorVia,
		TargetKind: r.TargetKind, TargetID: r.TargetID, RequestID: r.RequestID,
		Workspace: tenancy.WorkspaceID(orEmpty(r.WorkspaceID)), Tenant: tenancy.TenantID(orEmpty(r.TenantID)),
		ActorID: tenancy.UserID(orEmpty(r.ActorID)), OperationID: orEmpty(r.OperationID),
	}
	// A jsonb object of our own writing; should it ever not parse, the event is
	// still worth showing.
	_ = json.Unmarshal(r.Details, &e.Details)
	return e
}
