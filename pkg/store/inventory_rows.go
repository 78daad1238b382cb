package store

import (
	"context"
	"fmt"
)

// scanner reads the columns of the current row.
type scanner func(dest ...any) error

// each runs a query in the transaction of ctx and calls f for every row.
func (d *DB) each(ctx context.Context, f func(scanner) error, sql string, args ...any) (err error) {
	rows, err := d.q(ctx).Raw(sql, args...).Rows()
	if err != nil {
		return mapError(err)
	}
	defer func() {
		if cerr := rows.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("close rows: %w", cerr)
		}
	}()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return fmt.Errorf("read row: %w", err)
		}
	}
	return mapError(rows.Err())
}
