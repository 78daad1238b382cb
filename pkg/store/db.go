// Package store keeps the product's truth in PostgreSQL.
//
// Rows are private to this package; methods take an access.Scope and put it in
// every condition. A transaction travels in the context: InTx opens one, every
// method called with that context works inside it, and nesting joins the outer
// one. Migrations own the schema; the connections here run as a role that can
// neither alter it nor change audit events.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// AppRole is the database role every application connection runs as.
const AppRole = "tenantatlas_app"

// Config says how to reach the database.
type Config struct {
	URL              string        // any account that may SET ROLE AppRole
	MaxConns         int           // 0 means 20
	StatementTimeout time.Duration // 0 means 60 s
	// IdleTransaction is how long a transaction may wait for its own process,
	// which may be frozen: its locks keep others from taking over. 0 means 60 s.
	IdleTransaction time.Duration
	Keys            *Keys        // required: seals credentials, authenticates cursors
	Logger          *slog.Logger // nil discards
}

// DB is the open store. It is safe for concurrent use. Its EncodeCursor and
// DecodeCursor serve every listing.
type DB struct {
	Codec
	gorm *gorm.DB
	sql  *sql.DB
	keys *Keys
	log  *slog.Logger
}

// Open connects and checks that the database answers. Every connection switches
// to AppRole before it is used.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Keys == nil {
		return nil, errors.New("the store needs the master key")
	}
	codec, err := NewCodec(c.Keys)
	if err != nil {
		return nil, err
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	sqlDB, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: sqlDB}), &gorm.Config{
		Logger:                 logger.Discard, // SQL may carry values; errors are logged once, at the edge
		SkipDefaultTransaction: true,
		NowFunc:                now,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the mapper: %w", err), sqlDB.Close())
	}
	return &DB{Codec: codec, gorm: g, sql: sqlDB, keys: c.Keys, log: c.Logger}, nil
}

// connect opens the pool and checks that the database answers.
func connect(ctx context.Context, c Config) (*sql.DB, error) {
	pc, err := pgx.ParseConfig(c.URL)
	if err != nil {
		return nil, errors.New("the database URL cannot be parsed")
	}
	timeout := cmp.Or(c.StatementTimeout, time.Minute)
	idle := cmp.Or(c.IdleTransaction, time.Minute)
	pc.RuntimeParams["application_name"] = "tenantatlas"
	pc.RuntimeParams["timezone"] = "UTC"
	pc.RuntimeParams["statement_timeout"] = strconv.FormatInt(timeout.Milliseconds(), 10)
	pc.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.FormatInt(idle.Milliseconds(), 10)
	sqlDB := stdlib.OpenDB(*pc, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "SET ROLE "+AppRole); err != nil {
			return fmt.Errorf("switch to the application role: %w", err)
		}
		return nil
	}))
	conns := c.MaxConns
	if conns == 0 {
		conns = 20
	}
	sqlDB.SetMaxOpenConns(conns)
	sqlDB.SetMaxIdleConns(conns)
	if err := sqlDB.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach the database: %w", err), sqlDB.Close())
	}
	return sqlDB, nil
}

// now is the clock of rows, as exact as PostgreSQL keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Close closes every connection.
func (d *DB) Close() error {
	if err := d.sql.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// Ping reports whether the database answers; fault.Away when it does not.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.sql.PingContext(ctx); err != nil {
		return mapError(err)
	}
	return nil
}

// NewID returns a fresh UUIDv7.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// isID reports whether the text is a UUID in its usual form. Ids come from paths
// and bodies: what is none names nothing, and must not reach a uuid column.
func isID(ids ...string) bool {
	for _, id := range ids {
		if len(id) != 36 || uuid.Validate(id) != nil {
			return false
		}
	}
	return true
}

type txKey struct{}

// transaction is what the context carries: the mapper's handle and the one
// connection it works on.
type transaction struct {
	gorm *gorm.DB
	conn *sql.Conn
}

func carried(ctx context.Context) (transaction, bool) {
	t, ok := ctx.Value(txKey{}).(transaction)
	return t, ok
}

// InTx runs fn in one READ COMMITTED transaction, or joins the one ctx carries.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return d.inTx(ctx, sql.LevelReadCommitted, fn)
}

// InSnapshot runs fn in one REPEATABLE READ transaction: every read sees the
// same state, and a write that lost a race fails with ErrSerialization. It may
// not be nested in a weaker transaction.
func (d *DB) InSnapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	return d.inTx(ctx, sql.LevelRepeatableRead, fn)
}

func (d *DB) inTx(ctx context.Context, level sql.IsolationLevel, fn func(ctx context.Context) error) error {
	if _, nested := carried(ctx); nested {
		return fn(ctx)
	}
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return mapError(err)
	}
	g := d.gorm.WithContext(ctx)
	g.Statement.ConnPool = conn
	err = g.Transaction(func(tx *gorm.DB) error {
		return fn(context.WithValue(ctx, txKey{}, transaction{tx, conn}))
	}, &sql.TxOptions{Isolation: level})
	if cerr := conn.Close(); err == nil && cerr != nil && !errors.Is(cerr, sql.ErrConnDone) {
		err = fmt.Errorf("give the connection back: %w", cerr)
	}
	return mapError(err)
}

// q returns the handle for ctx: its transaction if it carries one.
func (d *DB) q(ctx context.Context) *gorm.DB {
	if t, ok := carried(ctx); ok {
		return t.gorm.WithContext(ctx)
	}
	return d.gorm.WithContext(ctx)
}
