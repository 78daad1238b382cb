package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Kinds of queue server, as Queue.Kind returns them.
const (
	// KindServer is a real server found on the PATH.
	KindServer = "redis-server"
	// KindInProcess is the one inside this process, a quarter as fast.
	KindInProcess = "miniredis"
)

// clockStep is how often the in-process server's clock moves on.
const clockStep = 100 * time.Millisecond

// QueueConfig says where and how the queue's server runs.
type QueueConfig struct {
	// Port on 127.0.0.1; 0 takes a free one.
	Port int
	// DataDir is a real server's working folder; empty means the temporary
	// folder. Nothing is kept in it: rows in PostgreSQL are the truth and are
	// enqueued again after a restart.
	DataDir string
	// PreferServer looks for redis-server or valkey-server on the PATH and
	// falls back to the in-process one. False goes there at once.
	PreferServer bool
	// Logger gets one line per start and stop, and a real server's own output
	// at debug level. Nil discards both.
	Logger *slog.Logger
}

// Queue is a running queue server. Its methods may be called concurrently.
type Queue struct {
	kind     string
	port     int
	password string
	logger   *slog.Logger
	process  *process
	memory   *miniredis.Miniredis
	ended    chan struct{}
	end      sync.Once
	clock    sync.WaitGroup
}

// StartQueue starts a queue server and waits until it answers. The context
// bounds the start only; end the server with Stop. It wraps ErrPortTaken when
// that is the reason.
func StartQueue(ctx context.Context, config QueueConfig) (*Queue, error) {
	begin := time.Now()
	queue := &Queue{password: rand.Text(), logger: orDiscard(config.Logger), ended: make(chan struct{})}
	start := queue.startInProcess
	program := ""
	if config.PreferServer {
		program = queueProgram()
	}
	if program != "" {
		start = func(ctx context.Context, config QueueConfig) error { return queue.startServer(ctx, program, config) }
	}
	if err := start(ctx, config); err != nil {
		return nil, err
	}
	queue.logger.InfoContext(ctx, "queue started", "kind", queue.kind, "port", queue.port,
		"took", time.Since(begin).Round(time.Millisecond))
	return queue, nil
}

func queueProgram() string {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// startServer runs a real server. Its settings go through standard input, as
// everybody on the machine can read a command line and the password is one.
func (q *Queue) startServer(ctx context.Context, program string, config QueueConfig) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	folder := config.DataDir
	if folder == "" {
		folder = os.TempDir()
	}
	for attempt := 1; ; attempt++ {
		port, err := reservePort(ctx, "the queue server", config.Port)
		if err != nil {
			return err
		}
		cmd := exec.Command(program, "-") //nolint:noctx // from the PATH; the server outlives the start
		cmd.Stdin = strings.NewReader(queueSettings(port, q.password))
		cmd.Dir = folder
		child, err := startProcess(KindServer, cmd, q.logger)
		if err != nil {
			return err
		}
		q.kind, q.port, q.process = KindServer, port, child
		client := redis.NewClient(&redis.Options{Addr: q.address(), Password: q.password, MaxRetries: -1})
		err = child.waitUntil(ctx, func(ctx context.Context) bool { return client.Ping(ctx).Err() == nil })
		err = errors.Join(err, client.Close())
		if err == nil {
			return nil
		}
		stopCtx, stopCancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		err = errors.Join(err, child.stop(stopCtx))
		stopCancel()
		if config.Port != 0 || attempt == 3 || !errors.Is(err, ErrPortTaken) {
			return err
		}
	}
}

// queueSettings: a queue must refuse writes rather than evict entries, and it
// keeps nothing on disk.
func queueSettings(port int, password string) string {
	return strings.Join([]string{
		"bind " + loopback,
		"port " + strconv.Itoa(port),
		"protected-mode yes",
		"requirepass " + password,
		"daemonize no",
		`save ""`,
		"appendonly no",
		"maxmemory-policy noeviction",
		"",
	}, "\n")
}

func (q *Queue) startInProcess(ctx context.Context, config QueueConfig) error {
	if _, err := reservePort(ctx, "the queue server", config.Port); err != nil {
		return err
	}
	q.kind, q.memory = KindInProcess, miniredis.NewMiniRedis()
	q.memory.RequireAuth(q.password)
	if err := q.memory.StartAddr(net.JoinHostPort(loopback, strconv.Itoa(config.Port))); err != nil {
		return fmt.Errorf("start the in-process queue server: %w", err)
	}
	port, err := strconv.Atoi(q.memory.Port())
	if err != nil {
		q.memory.Close()
		return fmt.Errorf("read the in-process queue server's port: %w", err)
	}
	q.port = port
	q.clock.Go(q.moveClock)
	return nil
}

// moveClock lets expiries pass: the in-process server's clock stands still by
// itself, and unique locks would be held for ever.
func (q *Queue) moveClock() {
	tick := time.NewTicker(clockStep)
	defer tick.Stop()
	for {
		select {
		case <-q.ended:
			return
		case <-tick.C:
			q.memory.FastForward(clockStep)
		}
	}
}

// Kind is KindServer or KindInProcess.
func (q *Queue) Kind() string { return q.kind }

// Port is where the server listens on 127.0.0.1.
func (q *Queue) Port() int { return q.port }

func (q *Queue) address() string { return net.JoinHostPort(loopback, strconv.Itoa(q.port)) }

// URL is the connection string, redis://…, database 0. It holds a password and
// belongs into no log. Clients may flush the database.
func (q *Queue) URL() string {
	address := url.URL{Scheme: "redis", User: url.UserPassword("", q.password), Host: q.address(), Path: "/0"}
	return address.String()
}

// Done closes when the server has ended, whether by Stop or by itself.
func (q *Queue) Done() <-chan struct{} {
	if q.process != nil {
		return q.process.done
	}
	return q.ended
}

// Err tells why the server ended by itself; nil while it runs and after Stop.
func (q *Queue) Err() error {
	if q.process != nil {
		return q.process.exitErr()
	}
	return nil
}

// Stop ends the server; entries are lost. When ctx ends first a real server is
// killed. Calling it again does nothing.
func (q *Queue) Stop(ctx context.Context) error {
	if q.process != nil {
		return q.process.stop(ctx)
	}
	q.end.Do(func() {
		close(q.ended)
		q.clock.Wait()
		q.memory.Close()
	})
	return nil
}
