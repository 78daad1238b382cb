package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// LoadView reads everything comparison may know about one tenant, in one round
// trip. Call it inside InSnapshot when two tenants are compared, so that both are
// of one moment.
func (d *DB) LoadView(ctx context.Context, s access.Scope, t tenancy.TenantID) (*inventory.View, error) {
	if !s.Sees(t) {
		return nil, fault.Missing()
	}
	v := &inventory.View{Captures: map[string]inventory.Capture{}}
	return v, d.loadInto(ctx, s, t, v, tenantOf(v), capturesOf(v), factsOf(v), lastSyncOf(v), entriesOf(v))
}

// LoadStanding reads the tenant and its connection only.
func (d *DB) LoadStanding(ctx context.Context, s access.Scope, t tenancy.TenantID) (*inventory.View, error) {
	if !s.Sees(t) {
		return nil, fault.Missing()
	}
	v := &inventory.View{}
	return v, d.loadInto(ctx, s, t, v, tenantOf(v))
}

// loadInto runs parts, which all take workspace and tenant as $1 and $2.
func (d *DB) loadInto(ctx context.Context, s access.Scope, t tenancy.TenantID, v *inventory.View, parts ...statement) error {
	for i := range parts {
		parts[i].args = []any{string(s.Workspace()), string(t)}
	}
	if err := d.streamAll(ctx, parts...); err != nil {
		return fmt.Errorf("load inventory view: %w", err)
	}
	if v.Tenant.ID == "" {
		return fault.Missing()
	}
	return nil
}

func tenantOf(v *inventory.View) statement {
	return statement{row: func(scan scanner) error {
		var status sql.NullString
		var write sql.NullBool
		err := scan(&v.Tenant.ID, &v.Tenant.WorkspaceID, &v.Tenant.DisplayName, &v.Tenant.DirectoryID, &v.Tenant.Cloud,
			&v.Tenant.ArchivedAt, &v.Tenant.Revision, &status, &write, &v.Connection.VerifiedAt)
		v.Connection.TenantID, v.Connection.WriteEnabled = v.Tenant.ID, write.Bool
		v.Connection.Status = tenancy.ConnectionNone
		if status.Valid {
			v.Connection.Status = tenancy.ConnectionStatus(status.String)
		}
		return err
	}, sql: `SELECT t.id, t.workspace_id, t.display_name, t.directory_id, t.cloud, t.archived_at, t.revision, c.status, c.write_enabled, c.verified_at
		FROM tenants t LEFT JOIN provider_connections c ON c.workspace_id = t.workspace_id AND c.tenant_id = t.id
		WHERE t.workspace_id = $1 AND t.id = $2`}
}

const entryColumns = `id, policy_type, object_id, display_name, odata_type, key_exact, key_without_suffix, version_id, content_hash,
	portable_content, portable_assigned, assignments::text, traits::text, reference_count, last_read_at`

func entriesOf(v *inventory.View) statement {
	memo := newFactsMemo()
	return statement{row: func(scan scanner) error {
		v.Entries = append(v.Entries, inventory.Entry{})
		return scanEntry(scan, memo, &v.Entries[len(v.Entries)-1])
	}, sql: `SELECT ` + entryColumns + ` FROM governed_subjects WHERE workspace_id = $1 AND tenant_id = $2 AND deleted_at IS NULL`}
}

// factsMemo decodes each distinct text of facts once: a tenant has thousands of
// subjects and a handful of different facts.
type factsMemo struct {
	assignments map[string]inventory.AssignmentFacts
	traits      map[string]subject.Traits
}

func newFactsMemo() *factsMemo {
	return &factsMemo{assignments: map[string]inventory.AssignmentFacts{}, traits: map[string]subject.Traits{}}
}

func decodeOnce[T any](seen map[string]T, text string) (T, error) {
	if v, ok := seen[text]; ok {
		return v, nil
	}
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, fmt.Errorf("decode facts: %w", err)
	}
	seen[text] = v
	return v, nil
}

func scanEntry(scan scanner, memo *factsMemo, e *inventory.Entry, more ...any) error {
	var assignments, traits string
	dest := []any{
		&e.ID, &e.Type, &e.ObjectID, &e.Name, &e.ODataType, &e.Keys.Exact, &e.Keys.WithoutVers, &e.VersionID, &e.Hash,
		&e.Content, &e.Assigned, &assignments, &traits, &e.References, &e.LastReadAt,
	}
	err := scan(append(dest, more...)...)
	if err != nil {
		return err
	}
	if e.Assignments, err = decodeOnce(memo.assignments, assignments); err != nil {
		return err
	}
	e.Traits, err = decodeOnce(memo.traits, traits)
	return err
}

func capturesOf(v *inventory.View) statement {
	return statement{row: func(scan scanner) error {
		var c inventory.Capture
		if err := scan(&c.What, &c.StartedAt, &c.Complete, &c.ReasonCode, &c.Message, &c.Objects, &c.Problems); err != nil {
			return err
		}
		v.Captures[c.What] = c
		return nil
	}, sql: `SELECT what, started_at, complete, reason_code, message, objects, problems FROM inventory_captures
		WHERE workspace_id = $1 AND tenant_id = $2`}
}

func factsOf(v *inventory.View) statement {
	return statement{row: func(scan scanner) error {
		v.Facts = &inventory.Facts{}
		f := v.Facts
		return scan(&f.SecurityDefaultsOn, &f.ApprovalTypes, &f.ApprovalKnown, &f.Granted, &f.ReadAt)
	}, sql: `SELECT security_defaults_on, approval_types, approval_known, granted, read_at FROM tenant_facts
		WHERE workspace_id = $1 AND tenant_id = $2`}
}

func lastSyncOf(v *inventory.View) statement {
	return statement{row: func(scan scanner) error {
		v.LastSync = &inventory.LastSync{}
		return scan(&v.LastSync.At, &v.LastSync.Outcome)
	}, sql: `SELECT completed_at, outcome FROM operation_runs
		WHERE workspace_id = $1 AND tenant_id = $2 AND type = 'inventory.sync' AND status = 'completed' ORDER BY id DESC LIMIT 1`}
}

// NamesOf implements inventory.SyncStore.
func (d *DB) NamesOf(ctx context.Context, s access.Scope, t tenancy.TenantID) ([]inventory.IndexedReference, error) {
	var refs []inventory.IndexedReference
	err := d.each(ctx, func(scan scanner) error {
		var r inventory.IndexedReference
		if err := scan(&r.Kind, &r.ID, &r.Name); err != nil {
			return err
		}
		refs = append(refs, r)
		return nil
	}, `SELECT kind, object_id, display_name FROM reference_index WHERE workspace_id = ? AND tenant_id = ?`, s.Workspace(), t)
	if err != nil {
		return nil, err
	}
	kinds := map[subject.TypeKey]subject.RefKind{}
	for _, typ := range subject.Types() {
		if typ.RefKind != "" {
			kinds[typ.Key] = typ.RefKind
		}
	}
	text, err := asJSON(kinds)
	if err != nil {
		return nil, err
	}
	err = d.each(ctx, func(scan scanner) error {
		var r inventory.IndexedReference
		if err := scan(&r.Kind, &r.ID, &r.Name); err != nil {
			return err
		}
		refs = append(refs, r)
		return nil
	}, `SELECT k.value, g.object_id, g.display_name FROM governed_subjects g JOIN jsonb_each_text(?::jsonb) k ON k.key = g.policy_type
		WHERE g.workspace_id = ? AND g.tenant_id = ? AND g.deleted_at IS NULL`, text, s.Workspace(), t)
	return refs, err
}

const versionColumns = `v.id, v.subject_id, v.tenant_id, v.policy_type, v.object_id, v.display_name, v.content_hash, v.normalised,
	v.assignments, v.slots::text, v.captured_at, v.run_id`

func scanVersion(scan scanner, v *inventory.Version, more ...any) error {
	var slots sql.RawBytes
	dest := []any{&v.ID, &v.SubjectID, &v.TenantID, &v.Type, &v.ObjectID, &v.Name, &v.Hash, &v.Normalised, &v.Assignments, &slots, &v.CapturedAt, &v.RunID}
	if err := scan(append(dest, more...)...); err != nil {
		return err
	}
	if err := json.Unmarshal(slots, &v.Slots); err != nil {
		return fmt.Errorf("decode slots: %w", err)
	}
	v.CapturedAt = v.CapturedAt.UTC()
	return nil
}

// ReferringVersions implements inventory.SyncStore.
func (d *DB) ReferringVersions(ctx context.Context, s access.Scope, t tenancy.TenantID, each func(inventory.Projection, *inventory.Version) error) error {
	return d.each(ctx, func(scan scanner) error {
		var v inventory.Version
		var p inventory.Projection
		if err := scanVersion(scan, &v, &p.ID, &p.Content, &p.Assigned); err != nil {
			return err
		}
		return each(p, &v)
	}, `SELECT `+versionColumns+`, g.id, g.portable_content, g.portable_assigned
		FROM governed_subjects g JOIN policy_versions v ON v.id = g.version_id
		WHERE g.workspace_id = ? AND g.tenant_id = ? AND g.deleted_at IS NULL AND g.reference_count > 0`, s.Workspace(), t)
}

// LoadVersion returns one version with its raw content.
func (d *DB) LoadVersion(ctx context.Context, s access.Scope, t tenancy.TenantID, id inventory.VersionID) (*inventory.Version, error) {
	if !s.Sees(t) {
		return nil, fault.Missing()
	}
	var found *inventory.Version
	err := d.each(ctx, func(scan scanner) error {
		found = &inventory.Version{}
		return scanVersion(scan, found, &found.Raw)
	}, `SELECT `+versionColumns+`, v.raw FROM policy_versions v WHERE v.workspace_id = ? AND v.tenant_id = ? AND v.id = ?`, s.Workspace(), t, id)
	if err == nil && found == nil {
		return nil, fault.Missing()
	}
	return found, err
}

// LoadSlots returns versions by id with their references and their assignments'
// text, and nothing else of them.
func (d *DB) LoadSlots(ctx context.Context, s access.Scope, t tenancy.TenantID, ids []inventory.VersionID) (map[inventory.VersionID]*inventory.Version, error) {
	text, err := asJSON(ids)
	if err != nil {
		return nil, err
	}
	out := make(map[inventory.VersionID]*inventory.Version, len(ids))
	err = d.each(ctx, func(scan scanner) error {
		v := &inventory.Version{}
		var slots sql.RawBytes
		if err := scan(&v.ID, &v.Assignments, &slots); err != nil {
			return err
		}
		if err := json.Unmarshal(slots, &v.Slots); err != nil {
			return fmt.Errorf("decode slots: %w", err)
		}
		out[v.ID] = v
		return nil
	}, `SELECT v.id, v.assignments, v.slots::text FROM policy_versions v JOIN jsonb_array_elements_text(?::jsonb) x ON v.id = x::uuid
		WHERE v.workspace_id = ? AND v.tenant_id = ?`, text, s.Workspace(), t)
	return out, err
}

// LabelsFor returns the display names of setting definitions and options.
func (d *DB) LabelsFor(ctx context.Context, ids []string) (map[string]string, error) {
	text, err := asJSON(listOf(ids))
	if err != nil {
		return nil, err
	}
	labels := map[string]string{}
	err = d.each(ctx, func(scan scanner) error {
		var id, label string
		if err := scan(&id, &label); err != nil {
			return err
		}
		labels[id] = label
		return nil
	}, `SELECT l.id, l.label FROM setting_labels l JOIN jsonb_array_elements_text(?::jsonb) x ON x = l.id`, text)
	return labels, err
}

// ChangedSince counts versions captured and subjects deleted in a tenant after a
// moment, and names up to limit of the subjects.
func (d *DB) ChangedSince(ctx context.Context, s access.Scope, t tenancy.TenantID, since time.Time, limit int) (count int, names []inventory.Entry, err error) {
	err = d.each(ctx, func(scan scanner) error {
		count++
		if len(names) == limit {
			return nil
		}
		names = append(names, inventory.Entry{})
		e := &names[len(names)-1]
		return scan(&e.ID, &e.Type, &e.Name, &e.Keys.Exact, &e.Keys.WithoutVers)
	}, `SELECT g.id, g.policy_type, g.display_name, g.key_exact, g.key_without_suffix FROM governed_subjects g
		WHERE g.workspace_id = ? AND g.tenant_id = ? AND (g.deleted_at >= ?
			OR EXISTS (SELECT FROM policy_versions v WHERE v.subject_id = g.id AND v.captured_at >= ?))
		ORDER BY g.policy_type, g.display_name LIMIT 10000`, s.Workspace(), t, since, since)
	return count, names, err
}
