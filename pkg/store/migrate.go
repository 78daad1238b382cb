package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/tenantatlas/tenantatlas/migrations"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// Migrate brings the database up to the program's schema. ownerURL names an
// account that may create tables and roles; the application never uses it. Two
// processes may call it at once: one waits for the other, up to 5 minutes.
func Migrate(ctx context.Context, ownerURL string, log *slog.Logger) error {
	p, done, err := migrator(ownerURL)
	if err != nil {
		return err
	}
	defer done()
	results, err := p.Up(ctx)
	for _, r := range results {
		log.InfoContext(ctx, "migration applied", "version", r.Source.Version, "duration_ms", r.Duration.Milliseconds())
	}
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// MigrateDownTo takes migrations back until version, 0 for all of them: for
// specs, the command line only goes forward. It destroys what the later migrations keep.
func MigrateDownTo(ctx context.Context, ownerURL string, version int64) error {
	p, done, err := migrator(ownerURL)
	if err != nil {
		return err
	}
	defer done()
	if _, err := p.DownTo(ctx, version); err != nil {
		return fmt.Errorf("take migrations back: %w", err)
	}
	return nil
}

func migrator(ownerURL string) (*goose.Provider, func(), error) {
	config, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return nil, nil, errors.New("the migration database URL cannot be parsed")
	}
	config.RuntimeParams["application_name"] = "tenantatlas-migrate"
	db := stdlib.OpenDB(*config)
	p, err := newProvider(db)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	// Closing the provider closes db; nothing is lost when it complains.
	return p, func() { _ = p.Close() }, nil
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, fmt.Errorf("prepare the migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

// MigrationsCurrent returns nil when the database has every migration of this
// program; a newer database passes, so that an old process can finish while a
// rollout is under way.
func MigrationsCurrent(ctx context.Context, d *DB) error {
	p, err := newProvider(d.sql)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var have int64
	row := d.sql.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied")
	if err := row.Scan(&have); err != nil {
		return fmt.Errorf("read the schema's version: %w", mapError(err))
	}
	if need := sources[len(sources)-1].Version; have < need {
		return fault.Away(fmt.Errorf("the database has migration %d, the program needs %d", have, need))
	}
	return nil
}
