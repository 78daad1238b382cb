package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// nameOrder is how many characters of a name the listing's index holds.
const nameOrder = 100

const noID = "00000000-0000-0000-0000-000000000000"

// subjectPlace is where a page of subjects ends. Names are ordered by their
// beginning, so that a cursor stays short whatever a tenant calls its policies.
type subjectPlace struct {
	Type subject.TypeKey     `json:"t"`
	Name string              `json:"n"` // its first nameOrder characters
	ID   inventory.SubjectID `json:"i"`
}

// listedColumns extends entryColumns.
const listedColumns = entryColumns + ", first_seen_at, deleted_at"

func scanListed(scan scanner, l *inventory.Listed) error {
	if err := scanEntry(scan, newFactsMemo(), &l.Entry, &l.FirstSeenAt, &l.DeletedAt); err != nil {
		return err
	}
	l.LastReadAt, l.FirstSeenAt, l.DeletedAt = l.LastReadAt.UTC(), l.FirstSeenAt.UTC(), utc(l.DeletedAt)
	return nil
}

// Subjects implements inventory.BrowseStore.
func (d *DB) Subjects(ctx context.Context, s access.Scope, t tenancy.TenantID, f inventory.SubjectFilter) ([]inventory.Listed, string, error) {
	if !s.Sees(t) {
		return nil, "", fault.Missing()
	}
	kind := fmt.Sprintf("subjects:%s:%s:%s", t, f.Type, f.Query)
	limit, err := pageLimit(f.Limit)
	if err != nil {
		return nil, "", err
	}
	from := subjectPlace{ID: noID}
	if f.Cursor != "" {
		if err := d.DecodeCursor(kind, f.Cursor, &from); err != nil {
			return nil, "", err
		}
	}
	var rows []inventory.Listed
	err = d.each(ctx, func(scan scanner) error {
		rows = append(rows, inventory.Listed{})
		return scanListed(scan, &rows[len(rows)-1])
	}, `SELECT `+listedColumns+` FROM governed_subjects
		WHERE workspace_id = ? AND tenant_id = ? AND deleted_at IS NULL
		AND (? = '' OR policy_type = ?) AND (? = '' OR position(lower(?) IN lower(display_name)) > 0)
		AND (policy_type, left(display_name, 100), id) > (?, ?, ?)
		ORDER BY policy_type, left(display_name, 100), id LIMIT ?`,
		s.Workspace(), t, f.Type, f.Type, f.Query, f.Query, from.Type, from.Name, from.ID, limit+1)
	items, next := cutPage(rows, limit, func(l inventory.Listed) inventory.Listed { return l }, func(l inventory.Listed) string {
		return d.EncodeCursor(kind, subjectPlace{l.Type, beginning(l.Name), l.ID})
	})
	return items, next, err
}

func beginning(name string) string {
	r := []rune(name)
	return string(r[:min(len(r), nameOrder)])
}

// Subject implements inventory.BrowseStore.
func (d *DB) Subject(ctx context.Context, s access.Scope, t tenancy.TenantID, id inventory.SubjectID) (inventory.Listed, error) {
	var l inventory.Listed
	if !s.Sees(t) || !isID(string(id)) {
		return l, fault.Missing()
	}
	found := false
	err := d.each(ctx, func(scan scanner) error {
		found = true
		return scanListed(scan, &l)
	}, `SELECT `+listedColumns+` FROM governed_subjects WHERE workspace_id = ? AND tenant_id = ? AND id = ?`, s.Workspace(), t, id)
	if err == nil && !found {
		err = fault.Missing()
	}
	return l, err
}

// versionPlace is where a page of versions ends.
type versionPlace struct {
	At time.Time           `json:"a"`
	ID inventory.VersionID `json:"i"`
}

// Versions implements inventory.BrowseStore.
func (d *DB) Versions(ctx context.Context, s access.Scope, t tenancy.TenantID, id inventory.SubjectID, limit int, cursor string) ([]inventory.Version, string, error) {
	if !s.Sees(t) || !isID(string(id)) {
		return nil, "", fault.Missing()
	}
	kind := "versions:" + string(id)
	limit, err := pageLimit(limit)
	if err != nil {
		return nil, "", err
	}
	before := versionPlace{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: noID}
	if cursor != "" {
		if err := d.DecodeCursor(kind, cursor, &before); err != nil {
			return nil, "", err
		}
	}
	var rows []inventory.Version
	err = d.each(ctx, func(scan scanner) error {
		rows = append(rows, inventory.Version{})
		v := &rows[len(rows)-1]
		if err := scan(&v.ID, &v.SubjectID, &v.TenantID, &v.Type, &v.ObjectID, &v.Name, &v.Hash, &v.CapturedAt, &v.RunID); err != nil {
			return err
		}
		v.CapturedAt = v.CapturedAt.UTC()
		return nil
	}, `SELECT id, subject_id, tenant_id, policy_type, object_id, display_name, content_hash, captured_at, run_id FROM policy_versions
		WHERE workspace_id = ? AND tenant_id = ? AND subject_id = ? AND (captured_at, id) < (?, ?)
		ORDER BY captured_at DESC, id DESC LIMIT ?`, s.Workspace(), t, id, before.At, before.ID, limit+1)
	items, next := cutPage(rows, limit, func(v inventory.Version) inventory.Version { return v }, func(v inventory.Version) string {
		return d.EncodeCursor(kind, versionPlace{v.CapturedAt, v.ID})
	})
	return items, next, err
}
