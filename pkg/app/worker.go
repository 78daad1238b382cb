package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/provider/graph"
	"github.com/tenantatlas/tenantatlas/pkg/queue"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

// tidyEvery is how often a worker removes what is only kept for a day.
const tidyEvery = time.Hour

// crew is the worker's side of a process.
type crew struct {
	provider *graph.Provider
	worker   *queue.Worker
	db       *store.DB
	log      *slog.Logger
	end      context.CancelFunc
	ended    chan struct{}
}

// newCrew wires the works of every operation type to the queue. It connects to
// nobody: Redis and Microsoft Graph may be away.
func newCrew(r *Rooms, c Config) (*crew, error) {
	p, err := newProvider(c.Settings, c.Logger)
	if err != nil {
		return nil, err
	}
	open := tenants{registry: r.Registry, provider: p}
	may := &authorizer{gate: r.Gate, tenant: r.Registry.Tenant}
	may.promotions = &promotion.Authorizer{Store: r.DB, Scope: may.scope}
	runner, err := operation.NewRunner(operation.RunnerConfig{
		Service: r.Operations, Works: works(r, open, c), Authorize: may.authorize,
		Timing: c.Settings.Timing, Owner: owner(), Logger: c.Logger, Hook: c.Hook,
	})
	if err != nil {
		return nil, fmt.Errorf("wire the runner: %w", err)
	}
	w, err := queue.NewWorker(queue.Config{
		RedisURL: c.Settings.RedisURL, Outbox: r.DB, Service: r.Operations, Runner: runner, Timing: c.Settings.Timing,
		Concurrency: c.Settings.Concurrency, Logger: c.Logger, Hook: c.Hook,
	})
	if err != nil {
		return nil, fmt.Errorf("wire the worker: %w", err)
	}
	return &crew{provider: p, worker: w, db: r.DB, log: c.Logger, ended: make(chan struct{})}, nil
}

// works is what this process can do, one per operation type.
func works(r *Rooms, open tenants, c Config) []operation.Work {
	verify := &inventory.VerifyWork{Open: open, Record: open, Store: r.DB, Needed: Needed()}
	list := []operation.Work{
		verify,
		&inventory.SyncWork{Verify: verify, Store: r.DB},
		&promotion.ExecuteWork{Open: open, Store: r.DB, Audit: r.DB, Timing: c.Settings.Seam, Hook: c.Hook},
	}
	for i, w := range list {
		list[i] = throttled{w, c.Logger}
	}
	return list
}

// owner names this process in leases.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "worker"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), store.NewID())
}

func newProvider(s Settings, log *slog.Logger) (*graph.Provider, error) {
	roots, err := extraRoots(s.ExtraCAFile)
	if err != nil {
		return nil, err
	}
	p, err := graph.New(graph.Config{
		GraphURL: s.GraphURL, LoginURL: s.LoginURL, ExtraCAs: roots, Logger: log, Limits: paced(s.GraphPercent),
	})
	if err != nil {
		return nil, fmt.Errorf("set up the provider: %w", err)
	}
	return p, nil
}

// paced turns a share of Microsoft's documented limits into request budgets.
func paced(percent int) graph.Limits {
	if percent <= 0 {
		return graph.Limits{Off: true}
	}
	share := float64(percent) / 100
	return graph.Limits{
		IntuneReads: 50 * share, IntuneWrites: 5 * share, Access: share,
		DirectoryReads: 125 * share, DirectoryWrites: 20 * share,
	}
}

// extraRoots are the system's roots and those of the file; nil without a file.
func extraRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // the system's roots
	}
	pem, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("read EXTRA_CA_FILE: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("load the system's root certificates: %w", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("EXTRA_CA_FILE holds no PEM certificate")
	}
	return pool, nil
}

func (c *crew) start() error {
	if err := c.worker.Start(); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.end = cancel
	go c.tidy(ctx)
	return nil
}

// tidy removes kept answers of idempotent requests after their day.
func (c *crew) tidy(ctx context.Context) {
	defer close(c.ended)
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		if _, err := c.db.ForgetIdempotency(ctx, now()); err != nil && ctx.Err() == nil {
			c.log.WarnContext(ctx, "kept answers not removed", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// stop lets items in flight finish, within the timing's shutdown budget.
func (c *crew) stop(ctx context.Context) error {
	if c.end != nil {
		c.end()
		<-c.ended
	}
	err := c.worker.Stop(ctx)
	c.provider.Close()
	if err != nil {
		return fmt.Errorf("stop the worker: %w", err)
	}
	return nil
}
