package store

import (
	"context"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// read runs a query into dest, a pointer to a slice of rows or to one value; no
// row leaves it as it is.
func (d *DB) read(ctx context.Context, dest any, query string, args ...any) error {
	return mapError(d.q(ctx).Raw(query, args...).Scan(dest).Error)
}

// readOne is read for a single row; none is fault.Missing.
func (d *DB) readOne(ctx context.Context, dest any, query string, args ...any) error {
	tx := d.q(ctx).Raw(query, args...).Scan(dest)
	if tx.Error != nil {
		return mapError(tx.Error)
	}
	if tx.RowsAffected == 0 {
		return fault.Missing()
	}
	return nil
}

// write runs a statement and returns how many rows it changed.
func (d *DB) write(ctx context.Context, statement string, args ...any) (int64, error) {
	tx := d.q(ctx).Exec(statement, args...)
	return tx.RowsAffected, mapError(tx.Error)
}

// writeOne is write for a statement that must change a row: none is fault.Missing.
func (d *DB) writeOne(ctx context.Context, statement string, args ...any) error {
	n, err := d.write(ctx, statement, args...)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

// reach returns fault.Missing for a scope that was not minted, and for ids that
// cannot name anything.
func reach(s access.Scope, ids ...string) error {
	if !s.Valid() || !isID(string(s.Workspace())) || !isID(ids...) {
		return fault.Missing()
	}
	return nil
}

// seen returns the condition that limits a tenant column to what the scope sees
// within its workspace, and the condition's argument. The workspace itself is
// the caller's condition.
func seen(s access.Scope, column string) (condition string, arg any) {
	if s.AllTenants() {
		return "?", true
	}
	return column + " IN ?", idTexts(s.Tenants())
}

// idTexts makes a list that an empty IN accepts.
func idTexts[T ~string](ids []T) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return texts
}
