// Package storetest gives specs a real, migrated database each. A Cluster is one
// PostgreSQL server per suite; New clones its template, which takes a few
// milliseconds, so that no spec ever sees another's rows. For specs only.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/tenantatlas/tenantatlas/pkg/embedded"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

// template is the migrated database that every other one is a copy of.
const template = "tenantatlas_template"

// Cluster is a PostgreSQL server with a migrated template. Its methods may be
// called concurrently.
type Cluster struct {
	server *embedded.Postgres
	keys   *store.Keys
	copies sync.Mutex // PostgreSQL refuses two copies of one template at once
}

// Start starts a throw-away server and migrates the template. End it with Stop.
func Start(ctx context.Context) (*Cluster, error) {
	server, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{Ephemeral: true})
	if err != nil {
		return nil, fmt.Errorf("start a server for specs: %w", err)
	}
	c := &Cluster{server: server}
	if err := c.prepare(ctx); err != nil {
		return nil, errors.Join(err, server.Stop(ctx))
	}
	return c, nil
}

func (c *Cluster) prepare(ctx context.Context) (err error) {
	if c.keys, err = store.EphemeralKeys(); err != nil {
		return fmt.Errorf("make keys for specs: %w", err)
	}
	if err := c.server.EnsureDatabase(ctx, template); err != nil {
		return fmt.Errorf("make the template: %w", err)
	}
	return store.Migrate(ctx, c.server.DSN(template), slog.New(slog.DiscardHandler))
}

// Stop ends the server and removes everything it kept.
func (c *Cluster) Stop(ctx context.Context) error { return c.server.Stop(ctx) }

// Keys are the keys every database of the cluster is opened with.
func (c *Cluster) Keys() *store.Keys { return c.keys }

// New clones the template and opens the copy. Close the DB when the spec is done;
// the copy goes with the cluster.
func (c *Cluster) New(ctx context.Context) (*store.DB, error) {
	dsn, err := c.NewDSN(ctx)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Config{URL: dsn, MaxConns: 10, Keys: c.keys})
}

// NewDSN clones the template and returns the copy's address as its owner, for
// specs that look past the store or start a whole program on it.
func (c *Cluster) NewDSN(ctx context.Context) (string, error) {
	name := "spec_" + strings.ReplaceAll(store.NewID(), "-", "")
	c.copies.Lock()
	defer c.copies.Unlock()
	conn, err := pgx.Connect(ctx, c.server.DSN("postgres"))
	if err != nil {
		return "", fmt.Errorf("connect to clone: %w", err)
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return "", fmt.Errorf("clone the template: %w", err)
	}
	return c.server.DSN(name), nil
}

// EmptyDSN makes a database without any schema and returns its address as owner.
func (c *Cluster) EmptyDSN(ctx context.Context) (string, error) {
	name := "empty_" + strings.ReplaceAll(store.NewID(), "-", "")
	if err := c.server.EnsureDatabase(ctx, name); err != nil {
		return "", fmt.Errorf("make an empty database: %w", err)
	}
	return c.server.DSN(name), nil
}

var (
	shared     *Cluster
	sharedLock sync.Mutex
)

// New clones a database of the process's one shared cluster, which it starts at
// the first call. End it in AfterSuite with StopShared.
func New(ctx context.Context) (*store.DB, error) {
	c, err := Shared(ctx)
	if err != nil {
		return nil, err
	}
	return c.New(ctx)
}

// Shared is the process's one cluster.
func Shared(ctx context.Context) (*Cluster, error) {
	sharedLock.Lock()
	defer sharedLock.Unlock()
	if shared == nil {
		c, err := Start(ctx)
		if err != nil {
			return nil, err
		}
		shared = c
	}
	return shared, nil
}

// StopShared ends the shared cluster if one was started.
func StopShared(ctx context.Context) error {
	sharedLock.Lock()
	defer sharedLock.Unlock()
	if shared == nil {
		return nil
	}
	err := shared.Stop(ctx)
	shared = nil
	return err
}
