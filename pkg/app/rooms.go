package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

// Rooms are the product's rooms on one database, without any server around
// them. The command line's verbs need no more.
type Rooms struct {
	DB         *store.DB
	Keys       *store.Keys
	Gate       *access.Gate
	Identity   *identity.Service
	Registry   *registry.Registry
	Operations *operation.Service
	Inventory  *inventory.Browser
	Promotions *promotion.Service
}

// OpenRooms connects to the database and puts the rooms together. It refuses a
// database whose schema is older than the program.
func OpenRooms(ctx context.Context, s Settings, log *slog.Logger) (*Rooms, error) {
	return openRooms(ctx, s, log, nil, func(string, string) {})
}

// slowest is a pause within a transaction that a busy machine may still cause.
const slowest = 10 * time.Second

// openRooms is OpenRooms for a process: hook is called at the engine's
// instants, ended with type and outcome of every run this process ends.
func openRooms(ctx context.Context, s Settings, log *slog.Logger, hook operation.Hook, ended func(operationType, outcome string)) (*Rooms, error) {
	if s.DatabaseURL == "" {
		return nil, errors.New("no database is named; set " + EnvPrefix + "DATABASE_URL, or --data-dir of a running up")
	}
	keys, err := store.LoadKeys(s.keyFile())
	if err != nil {
		return nil, fmt.Errorf("open the master key (%sMASTER_KEY_FILE): %w", EnvPrefix, err)
	}
	db, err := store.Open(ctx, store.Config{
		URL: s.DatabaseURL, MaxConns: s.DatabaseConns, Keys: keys, Logger: log,
		// A frozen process must not hold a run longer than its lease; one that is
		// only slow is left alone.
		IdleTransaction: max(s.Timing.Lease, slowest),
	})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	r := &Rooms{DB: db, Keys: keys}
	if err := r.furnish(ctx, s, hook, counted{db, ended}); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return r, nil
}

// keyFile is where the master key lies.
func (s Settings) keyFile() string {
	if s.MasterKeyFile != "" {
		return s.MasterKeyFile
	}
	return filepath.Join(s.DataDir, "master.key")
}

func (r *Rooms) furnish(ctx context.Context, s Settings, hook operation.Hook, runs operation.Store) error {
	if err := store.MigrationsCurrent(ctx, r.DB); err != nil {
		return fmt.Errorf("the database is not ready for this program, run tenantatlas migrate: %w", err)
	}
	pepper, err := r.Keys.Derive("token-pepper")
	if err != nil {
		return fmt.Errorf("derive the token key: %w", err)
	}
	if r.Gate, err = access.NewGate(r.DB.Memberships()); err != nil {
		return fmt.Errorf("load the policy: %w", err)
	}
	r.Identity, err = identity.New(identity.Parts{
		Store: r.DB.Identity(), Audit: r.DB, Gate: r.Gate, Now: now, Pepper: pepper, Settings: s.Accounts,
	})
	if err != nil {
		return fmt.Errorf("furnish identity: %w", err)
	}
	if r.Registry, err = registry.New(registry.Parts{Store: r.DB.Registry(), Audit: r.DB, Gate: r.Gate, Now: now}); err != nil {
		return fmt.Errorf("furnish the registry: %w", err)
	}
	// Leases are watched on the monotonic clock, so this room gets the bare one.
	r.Operations = operation.NewService(operation.Config{Store: runs, Audit: r.DB, Now: time.Now, NewID: store.NewID, Hook: hook})
	r.Inventory = &inventory.Browser{Store: r.DB, Operations: r.Operations}
	r.Promotions = &promotion.Service{Store: r.DB, Operations: r.Operations, Gate: r.Gate, Clock: now, MaxAge: s.CaptureAge, Hook: hook}
	return nil
}

// Close lets the database go.
func (r *Rooms) Close() error { return r.DB.Close() }

// now is the rooms' clock, as exact as PostgreSQL keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
