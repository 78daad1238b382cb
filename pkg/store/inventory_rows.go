package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
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

// stream is each for listings of thousands of rows: it speaks to the driver
// directly, which halves the work per row. The query names its parameters $1, $2 and so on.
func (d *DB) stream(ctx context.Context, f func(scanner) error, query string, args ...any) error {
	t, inside := carried(ctx)
	if !inside {
		return d.InTx(ctx, func(ctx context.Context) error { return d.stream(ctx, f, query, args...) })
	}
	return mapError(t.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("stream: driver connection is a %T", driver)
		}
		rows, err := conn.Conn().Query(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("stream: %w", err)
		}
		defer rows.Close()
		return drain(rows, f)
	}))
}

func drain(rows pgx.Rows, f func(scanner) error) error {
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return fmt.Errorf("read row: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read rows: %w", err)
	}
	return nil
}
