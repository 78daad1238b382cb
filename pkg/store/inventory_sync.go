package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// asJSON encodes a batch for jsonb_to_recordset: one parameter whatever its size.
func asJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode batch: %w", err)
	}
	return string(b), nil
}

// KnownSubjects implements inventory.SyncStore.
func (d *DB) KnownSubjects(ctx context.Context, s access.Scope, t tenancy.TenantID, typ subject.TypeKey) (map[string]inventory.Known, error) {
	known := map[string]inventory.Known{}
	err := d.each(ctx, func(scan scanner) error {
		var object string
		var k inventory.Known
		if err := scan(&object, &k.ID, &k.Hash, &k.LastReadAt, &k.Deleted); err != nil {
			return err
		}
		known[object] = k
		return nil
	}, `SELECT object_id, id, content_hash, last_read_at, deleted_at IS NOT NULL FROM governed_subjects
		WHERE workspace_id = ? AND tenant_id = ? AND policy_type = ?`, s.Workspace(), t, typ)
	return known, err
}

type subjectRow struct {
	ID            string          `json:"id"`
	VersionID     string          `json:"version_id"`
	PolicyType    subject.TypeKey `json:"policy_type"`
	ObjectID      string          `json:"object_id"`
	DisplayName   string          `json:"display_name"`
	ODataType     string          `json:"odata_type"`
	KeyExact      subject.Key     `json:"key_exact"`
	KeyWithout    subject.Key     `json:"key_without_suffix"`
	Hash          string          `json:"content_hash"`
	Content       string          `json:"portable_content"`
	Assigned      string          `json:"portable_assigned"`
	Assignments   any             `json:"assignments"`
	Traits        any             `json:"traits"`
	References    int             `json:"reference_count"`
	ReadAt        time.Time       `json:"last_read_at"`
	Raw           string          `json:"raw"`
	Normalised    string          `json:"normalised"`
	AssignmentSet string          `json:"assignment_set"`
	Slots         any             `json:"slots"`
}

func rowOf(c *inventory.Captured) subjectRow {
	e, v := &c.Entry, &c.Version
	slots := v.Slots
	if slots == nil {
		slots = []inventory.Slot{}
	}
	return subjectRow{
		ID: string(e.ID), VersionID: string(e.VersionID), PolicyType: e.Type, ObjectID: e.ObjectID, DisplayName: e.Name,
		ODataType: e.ODataType, KeyExact: e.Keys.Exact, KeyWithout: e.Keys.WithoutVers,
		Hash: string(e.Hash), Content: string(e.Content), Assigned: string(e.Assigned),
		Assignments: e.Assignments, Traits: e.Traits, References: e.References, ReadAt: e.LastReadAt,
		Raw: string(v.Raw), Normalised: string(v.Normalised), AssignmentSet: string(v.Assignments), Slots: slots,
	}
}

// SaveCaptured implements inventory.SyncStore. A subject whose newest read is
// later than the batch's keeps what it has; an equal hash makes no version.
func (d *DB) SaveCaptured(ctx context.Context, s access.Scope, t tenancy.TenantID, runID string, batch []*inventory.Captured) error {
	rows := make([]subjectRow, len(batch))
	for i, c := range batch {
		if c.Entry.ID == "" {
			c.Entry.ID = inventory.SubjectID(NewID())
		}
		c.Entry.VersionID = inventory.VersionID(NewID())
		rows[i] = rowOf(c)
	}
	text, err := asJSON(rows)
	if err != nil {
		return err
	}
	_, err = d.write(ctx, saveCapturedSQL, text, s.Workspace(), t, s.Workspace(), t, runID)
	return err
}

const saveCapturedSQL = `
WITH batch AS (
	SELECT * FROM jsonb_to_recordset(?::jsonb) AS b(
		id uuid, version_id uuid, policy_type text, object_id text, display_name text, odata_type text,
		key_exact text, key_without_suffix text, content_hash text, portable_content text, portable_assigned text,
		assignments jsonb, traits jsonb, reference_count int, last_read_at timestamptz,
		raw text, normalised text, assignment_set text, slots jsonb)
), saved AS (
	INSERT INTO governed_subjects AS g (id, workspace_id, tenant_id, policy_type, object_id, display_name, odata_type,
		key_exact, key_without_suffix, version_id, content_hash, portable_content, portable_assigned,
		assignments, traits, reference_count, first_seen_at, last_read_at)
	SELECT id, ?, ?, policy_type, object_id, display_name, odata_type, key_exact, key_without_suffix, version_id, content_hash,
		portable_content, portable_assigned, assignments, traits, reference_count, last_read_at, last_read_at FROM batch
	ON CONFLICT ON CONSTRAINT governed_subjects_object_key DO UPDATE SET
		display_name = EXCLUDED.display_name, odata_type = EXCLUDED.odata_type,
		key_exact = EXCLUDED.key_exact, key_without_suffix = EXCLUDED.key_without_suffix,
		version_id = CASE WHEN g.content_hash = EXCLUDED.content_hash THEN g.version_id ELSE EXCLUDED.version_id END, content_hash = EXCLUDED.content_hash,
		portable_content = EXCLUDED.portable_content, portable_assigned = EXCLUDED.portable_assigned,
		assignments = EXCLUDED.assignments, traits = EXCLUDED.traits, reference_count = EXCLUDED.reference_count,
		last_read_at = EXCLUDED.last_read_at, deleted_at = NULL
	WHERE g.last_read_at <= EXCLUDED.last_read_at
	RETURNING id, version_id
)
INSERT INTO policy_versions (id, workspace_id, tenant_id, subject_id, policy_type, object_id, display_name, content_hash,
	raw, normalised, assignments, slots, captured_at, run_id)
SELECT b.version_id, ?, ?, saved.id, b.policy_type, b.object_id, b.display_name, b.content_hash,
	b.raw, b.normalised, b.assignment_set, b.slots, b.last_read_at, ?
FROM batch b JOIN saved ON saved.version_id = b.version_id`

// TouchSubjects implements inventory.SyncStore.
func (d *DB) TouchSubjects(ctx context.Context, s access.Scope, t tenancy.TenantID, ids []inventory.SubjectID, readAt time.Time) error {
	text, err := asJSON(ids)
	if err != nil {
		return err
	}
	_, err = d.write(ctx, `UPDATE governed_subjects SET last_read_at = ?, deleted_at = NULL
		WHERE workspace_id = ? AND tenant_id = ? AND last_read_at < ?
		AND id IN (SELECT x::uuid FROM jsonb_array_elements_text(?::jsonb) x)`, readAt, s.Workspace(), t, readAt, text)
	return err
}

// MarkDeleted implements inventory.SyncStore.
func (d *DB) MarkDeleted(ctx context.Context, s access.Scope, t tenancy.TenantID, typ subject.TypeKey, before time.Time) (int, error) {
	n, err := d.write(ctx, `UPDATE governed_subjects SET deleted_at = ?
		WHERE workspace_id = ? AND tenant_id = ? AND policy_type = ? AND deleted_at IS NULL AND last_read_at < ?`,
		before, s.Workspace(), t, typ, before)
	return int(n), err
}

// SaveCapture implements inventory.SyncStore.
func (d *DB) SaveCapture(ctx context.Context, s access.Scope, t tenancy.TenantID, runID string, c inventory.Capture) error {
	_, err := d.write(ctx, `INSERT INTO inventory_captures AS c
		(workspace_id, tenant_id, what, started_at, complete, reason_code, message, objects, problems, run_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, what) DO UPDATE SET started_at = EXCLUDED.started_at, complete = EXCLUDED.complete,
			reason_code = EXCLUDED.reason_code, message = EXCLUDED.message, objects = EXCLUDED.objects,
			problems = EXCLUDED.problems, run_id = EXCLUDED.run_id
		WHERE c.started_at <= EXCLUDED.started_at`,
		s.Workspace(), t, c.What, c.StartedAt, c.Complete, c.ReasonCode, c.Message, c.Objects, c.Problems, runID)
	return err
}

// ReplaceReferences implements inventory.SyncStore.
func (d *DB) ReplaceReferences(ctx context.Context, s access.Scope, t tenancy.TenantID, kind subject.RefKind, refs []inventory.IndexedReference) error {
	type row struct {
		ID   string `json:"object_id"`
		Name string `json:"display_name"`
	}
	rows := make([]row, len(refs))
	for i, r := range refs {
		rows[i] = row{r.ID, r.Name}
	}
	text, err := asJSON(rows)
	if err != nil {
		return err
	}
	if _, err := d.write(ctx, `DELETE FROM reference_index WHERE workspace_id = ? AND tenant_id = ? AND kind = ?`, s.Workspace(), t, kind); err != nil {
		return err
	}
	_, err = d.write(ctx, `INSERT INTO reference_index (workspace_id, tenant_id, kind, object_id, display_name)
		SELECT ?, ?, ?, object_id, display_name FROM jsonb_to_recordset(?::jsonb) AS r(object_id text, display_name text)
		ON CONFLICT (tenant_id, kind, object_id) DO NOTHING`, s.Workspace(), t, kind, text)
	return err
}

// SaveProjections implements inventory.SyncStore.
func (d *DB) SaveProjections(ctx context.Context, s access.Scope, t tenancy.TenantID, list []inventory.Projection) error {
	type row struct {
		ID       inventory.SubjectID `json:"id"`
		Content  fingerprint.Digest  `json:"content"`
		Assigned fingerprint.Digest  `json:"assigned"`
	}
	rows := make([]row, len(list))
	for i, p := range list {
		rows[i] = row(p)
	}
	text, err := asJSON(rows)
	if err != nil {
		return err
	}
	_, err = d.write(ctx, `UPDATE governed_subjects g SET portable_content = p.content, portable_assigned = p.assigned
		FROM jsonb_to_recordset(?::jsonb) AS p(id uuid, content text, assigned text)
		WHERE g.workspace_id = ? AND g.tenant_id = ? AND g.id = p.id`, text, s.Workspace(), t)
	return err
}

// SaveFacts implements inventory.SyncStore.
func (d *DB) SaveFacts(ctx context.Context, s access.Scope, t tenancy.TenantID, f inventory.Facts) error {
	approvals, err := asJSON(listOf(f.ApprovalTypes))
	if err != nil {
		return err
	}
	granted, err := asJSON(listOf(f.Granted))
	if err != nil {
		return err
	}
	_, err = d.write(ctx, `INSERT INTO tenant_facts AS f (workspace_id, tenant_id, security_defaults_on, approval_types, approval_known, granted, read_at)
		VALUES (?, ?, ?, ?::jsonb, ?, ?::jsonb, ?)
		ON CONFLICT (tenant_id) DO UPDATE SET security_defaults_on = EXCLUDED.security_defaults_on,
			approval_types = EXCLUDED.approval_types, approval_known = EXCLUDED.approval_known,
			granted = EXCLUDED.granted, read_at = EXCLUDED.read_at
		WHERE f.read_at <= EXCLUDED.read_at`,
		s.Workspace(), t, f.SecurityDefaultsOn, approvals, f.ApprovalKnown, granted, f.ReadAt)
	return err
}

func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// SaveLabels implements inventory.SyncStore.
func (d *DB) SaveLabels(ctx context.Context, labels map[string]string) error {
	text, err := asJSON(labels)
	if err != nil {
		return err
	}
	_, err = d.write(ctx, `INSERT INTO setting_labels (id, label) SELECT key, value FROM jsonb_each_text(?::jsonb)
		ON CONFLICT (id) DO NOTHING`, text)
	return err
}

// UnknownLabels implements inventory.SyncStore.
func (d *DB) UnknownLabels(ctx context.Context, ids []string) ([]string, error) {
	text, err := asJSON(listOf(ids))
	if err != nil {
		return nil, err
	}
	var unknown []string
	err = d.each(ctx, func(scan scanner) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		unknown = append(unknown, id)
		return nil
	}, `SELECT x FROM jsonb_array_elements_text(?::jsonb) x WHERE NOT EXISTS (SELECT FROM setting_labels l WHERE l.id = x)`, text)
	return unknown, err
}
