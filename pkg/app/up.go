package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/tenantatlas/tenantatlas/pkg/app/demo"
	"github.com/tenantatlas/tenantatlas/pkg/embedded"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

// database is the embedded server's one database of ours.
const database = "tenantatlas"

// UpConfig is what Up is made of.
type UpConfig struct {
	Settings Settings
	Demo     bool         // simulated tenants and a workspace that looks after them
	Logger   *slog.Logger // nil discards
	Version  string
	Pages    fs.FS
}

// Up is the whole product in one process, with servers of its own. Everything it
// keeps lies in the data directory; two of them run side by side on two
// directories and two addresses.
type Up struct {
	*App
	Logins *Logins // of the demo; nil without

	postgres *embedded.Postgres
	queue    *embedded.Queue
	graph    *graphsim.Server
	leave    context.CancelFunc
}

// StartUp starts everything and serves. The first start on an empty directory
// takes seconds, later ones a fraction of one. ctx bounds the start only.
func StartUp(ctx context.Context, c UpConfig) (*Up, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	quietRedis()
	u := &Up{}
	if err := u.start(ctx, c); err != nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Settings.Timing.Shutdown)
		defer cancel()
		return nil, errors.Join(explained(err, c.Settings), u.Stop(stopping))
	}
	return u, nil
}

func (u *Up) start(ctx context.Context, c UpConfig) error {
	if err := free(ctx, c.Settings.Listen); err != nil {
		return err
	}
	// The database server may run as somebody else, who must be able to pass.
	if err := os.MkdirAll(c.Settings.DataDir, 0o711); err != nil { //nolint:gosec // as said
		return fmt.Errorf("make the data directory: %w", err)
	}
	if err := u.startServers(ctx, &c); err != nil {
		return err
	}
	if c.Demo {
		if err := u.startGraph(&c); err != nil { //nolint:contextcheck // the simulator outlives the start
			return err
		}
	}
	var err error
	u.App, err = New(ctx, Config{Settings: c.Settings, Roles: RoleBoth, Logger: c.Logger, Version: c.Version, Pages: c.Pages})
	if err != nil {
		return err
	}
	if err := u.Start(); err != nil { //nolint:contextcheck // what it starts outlives the start
		return err
	}
	if c.Demo {
		u.Logins, err = Seed(ctx, u.Rooms, c.Settings.DataDir)
	}
	return err
}

// free tells early, before a database is started, that an address is taken.
func free(ctx context.Context, address string) error {
	probe, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return inUse(address, "listen")
	}
	if err != nil {
		return fmt.Errorf("listen on %s (--listen): %w", address, err)
	}
	return probe.Close()
}

// startServers starts PostgreSQL, migrated, and the queue's server.
func (u *Up) startServers(ctx context.Context, c *UpConfig) error {
	var err error
	u.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresConfig{
		DataDir: postgresDir(c.Settings.DataDir), BinDir: c.Settings.PostgresBin, Logger: c.Logger,
	})
	if err != nil {
		return err
	}
	if err := u.postgres.EnsureDatabase(ctx, database); err != nil {
		return fmt.Errorf("prepare the database: %w", err)
	}
	c.Settings.DatabaseURL = u.postgres.DSN(database)
	if err := store.Migrate(ctx, c.Settings.DatabaseURL, c.Logger); err != nil {
		return fmt.Errorf("prepare the database: %w", err)
	}
	u.queue, err = embedded.StartQueue(ctx, embedded.QueueConfig{PreferServer: true, Logger: c.Logger})
	if err != nil {
		return err
	}
	c.Settings.RedisURL = u.queue.URL()
	return nil
}

func postgresDir(dataDir string) string { return filepath.Join(dataDir, "postgres") }

// RunningDatabase is the connection string of the Up that runs on a data
// directory; an error when none does.
func RunningDatabase(dataDir string) (string, error) {
	return embedded.RunningDSN(postgresDir(dataDir), database)
}

// startGraph serves the demo tenants over https and makes the product trust and
// use them. What is written to them is kept in the data directory.
func (u *Up) startGraph(c *UpConfig) error {
	tenants, err := demo.Simulated()
	if err != nil {
		return fmt.Errorf("load the demo tenants: %w", err)
	}
	dir := filepath.Join(c.Settings.DataDir, "graph")
	u.graph, err = graphsim.New(graphsim.Config{Tenants: tenants, FreshIDs: true, DataDir: dir, Logger: c.Logger})
	if err != nil {
		return fmt.Errorf("start the demo tenants: %w", err)
	}
	var life context.Context
	life, u.leave = context.WithCancel(context.Background())
	address, authority, err := u.graph.ListenTLS(life, "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start the demo tenants: %w", err)
	}
	roots := authority
	if c.Settings.ExtraCAFile != "" {
		more, err := os.ReadFile(c.Settings.ExtraCAFile)
		if err != nil {
			return fmt.Errorf("read EXTRA_CA_FILE: %w", err)
		}
		roots = append(append(more, '\n'), authority...)
	}
	file := filepath.Join(dir, "trusted.pem")
	if err := os.WriteFile(file, roots, 0o600); err != nil { //nolint:gosec // in the data directory the operator named
		return fmt.Errorf("keep the demo tenants' certificate: %w", err)
	}
	c.Settings.GraphURL, c.Settings.LoginURL, c.Settings.ExtraCAFile = address, address, file
	return nil
}

// URL is where people point their browser.
func (u *Up) URL() string { return "http://" + u.Address() }

// Wait returns when ctx ends, or with the reason when a part ends by itself.
func (u *Up) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-u.Failed():
		return err
	case <-u.postgres.Done():
		return errors.Join(errors.New("the embedded PostgreSQL has ended"), u.postgres.Err())
	case <-u.queue.Done():
		return errors.Join(errors.New("the embedded queue has ended"), u.queue.Err())
	}
}

// Stop ends everything in order; what runs is given back and goes on at the next
// start. Calling it on a half-started Up stops what there is.
func (u *Up) Stop(ctx context.Context) error {
	var errs []error
	if u.App != nil {
		errs = append(errs, u.App.Stop(ctx))
	}
	if u.graph != nil {
		errs = append(errs, u.graph.Close())
	}
	if u.leave != nil {
		u.leave()
	}
	if u.queue != nil {
		errs = append(errs, u.queue.Stop(ctx))
	}
	if u.postgres != nil {
		errs = append(errs, u.postgres.Stop(ctx))
	}
	return errors.Join(errs...)
}

// explained turns the errors of a full disk and of an unusable directory into
// what to do about them; the others say it themselves.
func explained(err error, s Settings) error {
	switch {
	case errors.Is(err, embedded.ErrDiskFull), errors.Is(err, embedded.ErrPortTaken):
		return err
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("the disk is full; free some space or choose another --data-dir than %s", s.DataDir)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be written; choose another --data-dir: %w", s.DataDir, err)
	}
	return err
}
