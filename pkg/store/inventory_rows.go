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

// statement is a query with what is done to each of its rows. Parameters are
// numbered: $1, $2 and so on.
type statement struct {
	sql  string
	args []any
	row  func(scanner) error
}

// streamAll runs statements in one round trip and reads their rows in order. It
// speaks to the driver directly, which halves the work per row of listings of
// thousands.
func (d *DB) streamAll(ctx context.Context, statements ...statement) error {
	t, inside := carried(ctx)
	if !inside {
		return d.InTx(ctx, func(ctx context.Context) error { return d.streamAll(ctx, statements...) })
	}
	batch := &pgx.Batch{}
	for _, s := range statements {
		batch.Queue(s.sql, s.args...).Query(func(rows pgx.Rows) error { return drain(rows, s.row) })
	}
	return mapError(t.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("stream: driver connection is a %T", driver)
		}
		if err := conn.Conn().SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("stream: %w", err)
		}
		return nil
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
