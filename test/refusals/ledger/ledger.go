// Package ledger tells whether anything in the product's database has changed:
// every row of every table, and not only those that a spec thinks of.
package ledger

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2" // the language of specs
	. "github.com/onsi/gomega"    // as above
)

// Ledger reads one database. It may be used by several goroutines.
type Ledger struct {
	conn   *pgx.Conn
	tables []string
	lock   sync.Mutex
}

// passing are columns that reading, or the clock, may move.
const passing = `'{last_used_at,seen_at,dispatched_at,due_at,change_seq}'::text[]`

// Open connects to the database as its owner; it is closed with the running
// container.
func Open(ctx context.Context, dsn string) *Ledger {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, dsn)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) error { return conn.Close(ctx) })
	l := &Ledger{conn: conn}
	rows, err := conn.Query(ctx, `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'goose_db_version' ORDER BY 1`)
	Expect(err).NotTo(HaveOccurred())
	l.tables, err = pgx.CollectRows(rows, pgx.RowTo[string])
	Expect(err).NotTo(HaveOccurred())
	Expect(l.tables).To(ContainElements("operation_runs", "outbox", "audit_events", "provider_writes"))
	return l
}

// Page is what every table holds, by table: a digest of its rows.
type Page map[string]string

// Take reads every table at one instant. Records of refusals are left out: a
// refusal may be recorded.
func (l *Ledger) Take(ctx context.Context) Page {
	GinkgoHelper()
	l.lock.Lock()
	defer l.lock.Unlock()
	tx, err := l.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = tx.Rollback(ctx) }() // it only reads
	p := Page{}
	for _, table := range l.tables {
		where := ""
		if table == "audit_events" {
			where = " WHERE action <> 'authz.denied'"
		}
		var digest string
		Expect(tx.QueryRow(ctx, `SELECT count(*) || ' rows ' || coalesce(md5(string_agg(r, '' ORDER BY r)), '') FROM
			(SELECT md5((to_jsonb(t) - `+passing+`)::text) AS r FROM `+pgx.Identifier{table}.Sanitize()+` t`+where+`) s`).Scan(&digest)).To(Succeed())
		p[table] = digest
	}
	return p
}

// Count is a number that a statement finds.
func (l *Ledger) Count(ctx context.Context, statement string, arguments ...any) int {
	GinkgoHelper()
	l.lock.Lock()
	defer l.lock.Unlock()
	var n int
	Expect(l.conn.QueryRow(ctx, statement, arguments...).Scan(&n)).To(Succeed())
	return n
}

// Lock keeps everybody from a table until release is called.
func (l *Ledger) Lock(ctx context.Context, table string) (release func()) {
	GinkgoHelper()
	conn, err := pgx.ConnectConfig(ctx, l.conn.Config())
	Expect(err).NotTo(HaveOccurred())
	tx, err := conn.Begin(ctx)
	Expect(err).NotTo(HaveOccurred())
	_, err = tx.Exec(ctx, `LOCK TABLE `+pgx.Identifier{table}.Sanitize()+` IN ACCESS EXCLUSIVE MODE`)
	Expect(err).NotTo(HaveOccurred())
	return func() { Expect(conn.Close(ctx)).To(Succeed()) }
}
