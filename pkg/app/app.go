package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

// Role is what a process does; roles add up.
type Role uint8

// The roles.
const (
	RoleAPI Role = 1 << iota
	RoleWorker
	RoleBoth = RoleAPI | RoleWorker
)

// Config is what an App is made of.
type Config struct {
	Settings Settings
	Roles    Role
	Logger   *slog.Logger   // nil discards
	Version  string         // of the product
	Pages    fs.FS          // the built application; nil: none is served
	Hook     operation.Hook // nil in production
}

// App is one process of the product. Start it once; after Stop it is of no
// further use.
type App struct {
	Rooms *Rooms

	log      *slog.Logger
	edge     *api.API // nil without the role
	crew     *crew    // nil without the role
	queue    *redis.Client
	servers  []listener
	address  string
	drain    chan struct{}
	failed   chan error
	stopping sync.Once
}

type listener struct {
	server *http.Server
	socket net.Listener
}

// New opens what the roles need and binds the addresses, so that a wrong setting
// is told before anything works. Nothing is served until Start.
func New(ctx context.Context, c Config) (*App, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	quietRedis()
	a := &App{log: c.Logger, drain: make(chan struct{}), failed: make(chan error, 4)}
	if err := a.open(ctx, c); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, c Config) error {
	options, err := redis.ParseURL(c.Settings.RedisURL)
	if err != nil {
		return errors.New("no queue is named, or its address cannot be parsed; set " + EnvPrefix + "REDIS_URL to redis://…")
	}
	options.MaxRetries, options.DialTimeout = -1, time.Second // a probe answers soon
	a.queue = redis.NewClient(options)
	metrics := api.NewMetrics()
	a.Rooms, err = openRooms(ctx, c.Settings, c.Logger, c.Hook, metrics.OperationCompleted)
	if err != nil {
		return err
	}
	if c.Roles&RoleWorker != 0 {
		if a.crew, err = newCrew(a.Rooms, c); err != nil {
			return err
		}
	}
	if c.Roles&RoleAPI != 0 {
		if err := a.openEdge(ctx, c, metrics); err != nil {
			return err
		}
	}
	if c.Settings.MetricsListen == "" {
		return nil
	}
	_, err = a.listen(ctx, c.Settings.MetricsListen, "metrics-listen", func(string) (http.Handler, error) { return metrics.Handler(), nil })
	return err
}

func (a *App) openEdge(ctx context.Context, c Config, metrics *api.Metrics) error {
	secret, err := a.Rooms.Keys.Derive("edge-cursor")
	if err != nil {
		return fmt.Errorf("derive the cursor key: %w", err)
	}
	a.address, err = a.listen(ctx, c.Settings.Listen, "listen", func(address string) (http.Handler, error) { //nolint:contextcheck // the edge outlives the start
		if c.Settings.PublicURL == "" {
			c.Settings.PublicURL = "http://" + address
		}
		a.edge = api.New(edgeDeps(a, c, secret, metrics))
		return a.edge, nil
	})
	return err
}

// edgeDeps is everything the HTTP edge is given.
func edgeDeps(a *App, c Config, secret []byte, metrics *api.Metrics) api.Deps {
	r := a.Rooms
	return api.Deps{
		Log: c.Logger, PublicURL: c.Settings.PublicURL, Version: c.Version, Secret: secret, Limits: c.Settings.Rates,
		Metrics: metrics, SPA: c.Pages, Checks: a.checks(), Done: a.drain, Now: now,
		Gate: r.Gate, Audit: r.DB, AuditLog: r.DB, Identity: r.Identity, Registry: r.Registry, Idempotency: r.DB,
		Operations: r.Operations, Inventory: r.Inventory, Promotion: r.Promotions,
	}
}

// checks are what /readyz asks.
func (a *App) checks() []api.Check {
	return []api.Check{
		{Name: "database", Ask: a.Rooms.DB.Ping},
		{Name: "migrations", Ask: func(ctx context.Context) error { return store.MigrationsCurrent(ctx, a.Rooms.DB) }},
		{Name: "queue", Ask: func(ctx context.Context) error { return a.queue.Ping(ctx).Err() }},
	}
}

// listen binds an address and makes its handler, which may depend on where it
// really listens (port 0 takes a free one).
func (a *App) listen(ctx context.Context, address, flag string, handler func(bound string) (http.Handler, error)) (string, error) {
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return "", inUse(address, flag)
	}
	if err != nil {
		return "", fmt.Errorf("listen on %s (--%s): %w", address, flag, err)
	}
	bound := socket.Addr().String()
	h, err := handler(bound)
	if err != nil {
		return "", errors.Join(err, socket.Close())
	}
	a.servers = append(a.servers, listener{api.NewServer(bound, h), socket})
	return bound, nil
}

func inUse(address, flag string) error {
	return fmt.Errorf("%s is in use by another program; stop it or choose another address with --%s", address, flag)
}

// Start begins to work and to serve, and returns.
func (a *App) Start() error {
	if a.crew != nil {
		if err := a.crew.start(); err != nil {
			return err
		}
	}
	for _, l := range a.servers {
		go func() {
			if err := l.server.Serve(l.socket); err != nil && !errors.Is(err, http.ErrServerClosed) {
				a.failed <- fmt.Errorf("serve %s: %w", l.server.Addr, err)
			}
		}()
	}
	a.log.Info("started", "address", a.address, "api", a.edge != nil, "worker", a.crew != nil)
	return nil
}

// Address is host:port of the API; empty without that role.
func (a *App) Address() string { return a.address }

// Failed receives an error when a part ends by itself.
func (a *App) Failed() <-chan error { return a.failed }

// Stop ends the process's work in order: no more requests and the end of
// streams, then the items in flight, then queue and database. ctx bounds it.
func (a *App) Stop(ctx context.Context) error {
	var err error
	a.stopping.Do(func() {
		close(a.drain)
		for _, l := range a.servers {
			if e := l.server.Shutdown(ctx); e != nil {
				err = errors.Join(err, fmt.Errorf("stop serving %s: %w", l.server.Addr, e), l.server.Close())
			}
		}
		a.servers = nil
		err = errors.Join(err, a.stopCrew(ctx), a.close())
		a.log.InfoContext(ctx, "stopped")
	})
	return err
}

func (a *App) stopCrew(ctx context.Context) error {
	if a.crew == nil {
		return nil
	}
	err := a.crew.stop(ctx)
	a.crew = nil
	return err
}

// close lets go of what New opened, whatever of it there is.
func (a *App) close() error {
	var errs []error
	for _, l := range a.servers {
		errs = append(errs, l.socket.Close())
	}
	if a.crew != nil {
		a.crew.provider.Close()
	}
	if a.queue != nil {
		errs = append(errs, a.queue.Close())
	}
	if a.Rooms != nil {
		errs = append(errs, a.Rooms.Close())
	}
	return errors.Join(errs...)
}
