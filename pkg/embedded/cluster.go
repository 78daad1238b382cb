package embedded

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// ErrWrongVersion is wrapped when the data directory belongs to another major
// version of PostgreSQL. Nothing in it was changed.
var ErrWrongVersion = errors.New("the data directory belongs to another PostgreSQL version")

// ErrInUse is wrapped when another process has the data directory open.
var ErrInUse = errors.New("the data directory is in use")

// ownerRole is the cluster's only login of embedded mode.
const ownerRole = "tenantatlas"

// home is a folder holding the clusters of embedded mode:
//
//	lock                 held as long as a server of this folder runs
//	postgres.password    the owner's password, readable by the caller only
//	pg18/                the data directory of one major version
type home struct {
	dir  string
	lock *os.File
}

// openHome makes the folder if need be and takes its lock.
func openHome(dir string) (home, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return home{}, fmt.Errorf("resolve the data directory: %w", err)
	}
	// Others may walk through, not list: the server's user has to reach pgNN.
	if err := os.MkdirAll(absolute, 0o711); err != nil {
		return home{}, explain("PostgreSQL", err.Error(), err)
	}
	lock, err := lockFile(filepath.Join(absolute, "lock"))
	if errors.Is(err, errLocked) {
		return home{}, fmt.Errorf("%w: another TenantAtlas runs on %s; stop it or choose another data directory", ErrInUse, absolute)
	}
	if err != nil {
		return home{}, err
	}
	return home{dir: absolute, lock: lock}, nil
}

// close gives the folder back; closing twice does nothing.
func (h home) close() error {
	if err := h.lock.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("release the data directory: %w", err)
	}
	return nil
}

// existingMajor is the version of the cluster in this folder, the newest if
// there are several, 0 if there is none. Finding it before choosing binaries
// keeps a newly installed PostgreSQL from silently starting an empty cluster
// beside the one with the data.
func (h home) existingMajor() (int, error) {
	files, err := filepath.Glob(filepath.Join(h.dir, "pg*", "PG_VERSION"))
	if err != nil {
		return 0, fmt.Errorf("look for clusters: %w", err)
	}
	newest := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return 0, fmt.Errorf("read a cluster's version: %w", err)
		}
		major, err := strconv.Atoi(strings.TrimSpace(string(content)))
		if err != nil || "pg"+strconv.Itoa(major) != filepath.Base(filepath.Dir(file)) {
			return 0, fmt.Errorf("%w: %s says %q", ErrWrongVersion, file, strings.TrimSpace(string(content)))
		}
		newest = max(newest, major)
	}
	return newest, nil
}

// password returns the owner's password, making it at the first use.
func (h home) password() (string, error) {
	path := filepath.Join(h.dir, "postgres.password")
	content, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(content)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the owner's password: %w", err)
	}
	secret := rand.Text()
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		return "", explain("PostgreSQL", err.Error(), fmt.Errorf("write the owner's password: %w", err))
	}
	return secret, nil
}

// rootFolder is where servers start: the caller's working directory may be
// closed to their user.
const rootFolder = string(filepath.Separator)

// cluster is one data directory and what is needed to run it.
type cluster struct {
	dir      string
	programs binaries
	runAs    identity
	password string
}

// prepare makes the data directory unless it exists, and gives it to the
// server's user, who can differ from the one of the last start.
func (c cluster) prepare(ctx context.Context, ephemeral bool) error {
	if _, err := os.Stat(filepath.Join(c.dir, "PG_VERSION")); err == nil {
		return c.handOver()
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return explain("PostgreSQL", err.Error(), fmt.Errorf("make the data directory: %w", err))
	}
	if err := c.handOver(); err != nil {
		return err
	}
	passwordFile, err := c.passwordFile()
	if err != nil {
		return err
	}
	defer os.Remove(passwordFile) //nolint:errcheck // a leftover repeats postgres.password and is as unreadable for others
	arguments := append([]string{
		"--pgdata", c.dir, "--username", ownerRole, "--pwfile", passwordFile,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--no-instructions",
	}, localeArguments(c.programs.major)...)
	if ephemeral {
		arguments = append(arguments, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, c.programs.path("initdb"), arguments...)
	c.runAs.apply(cmd)
	cmd.Dir, cmd.Env = rootFolder, serverEnvironment()
	if out, err := cmd.CombinedOutput(); err != nil {
		return explain("initdb", string(out), err)
	}
	return nil
}

func (c cluster) handOver() error {
	if err := c.runAs.own(c.dir); err != nil {
		return fmt.Errorf("give the data directory to the server's user: %w", err)
	}
	return nil
}

// passwordFile writes the password where initdb's user can read it.
func (c cluster) passwordFile() (string, error) {
	file, err := os.CreateTemp(filepath.Dir(c.dir), ".initdb-")
	if err != nil {
		return "", fmt.Errorf("make a password file: %w", err)
	}
	_, writeErr := file.WriteString(c.password + "\n")
	err = errors.Join(writeErr, file.Close(), c.runAs.own(file.Name()))
	if err != nil {
		return "", errors.Join(explain("initdb", err.Error(), err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// localeArguments choose byte order for sorting with full Unicode case rules,
// from the server's own tables where it has some, so that indexes do not
// depend on the system's locale version.
func localeArguments(major int) []string {
	switch {
	case major >= 17:
		return []string{"--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"}
	case runtime.GOOS == "linux":
		return []string{"--locale", "C.UTF-8"}
	default:
		return []string{"--locale", "C"}
	}
}

// serverEnvironment drops everything that could reconfigure a server or leak
// the product's secrets into its environment.
func serverEnvironment() []string {
	environment := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "SYSTEMROOT", "TMPDIR"} {
		if value, isSet := os.LookupEnv(name); isSet {
			environment = append(environment, name+"="+value)
		}
	}
	return environment
}

// pidFile is what postmaster.pid says.
type pidFile struct {
	pid, port int
	ready     bool
}

func (c cluster) readPidFile() (pidFile, error) {
	file, err := os.Open(filepath.Join(c.dir, "postmaster.pid"))
	if err != nil {
		return pidFile{}, fmt.Errorf("open postmaster.pid: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	var lines []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		lines = append(lines, strings.TrimSpace(scanner.Text()))
	}
	var content pidFile
	if len(lines) > 0 {
		content.pid, err = strconv.Atoi(lines[0])
	}
	if err == nil && len(lines) > 3 {
		content.port, err = strconv.Atoi(lines[3])
	}
	content.ready = len(lines) > 7 && lines[7] == "ready"
	if err != nil {
		return pidFile{}, fmt.Errorf("read postmaster.pid: %w", err)
	}
	return content, nil
}

// clearLeftover ends a server that outlived its TenantAtlas and removes a pid
// file whose number went to another program meanwhile; PostgreSQL itself
// handles the number being free. The caller holds the folder's lock, so the
// server found belongs to nobody.
func (c cluster) clearLeftover(ctx context.Context) error {
	content, err := c.readPidFile()
	if err != nil || content.pid <= 0 {
		return nil // no readable pid file means no leftover; the server reports a damaged one
	}
	if !servesDirectory(content.pid, c.dir) {
		if err := os.Remove(filepath.Join(c.dir, "postmaster.pid")); err != nil {
			return fmt.Errorf("remove the stale postmaster.pid: %w", err)
		}
		return nil
	}
	leftover, err := os.FindProcess(content.pid)
	if err != nil {
		return nil // it ended meanwhile
	}
	if err := interrupt(leftover); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the PostgreSQL left over with number %d: %w", content.pid, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for servesDirectory(content.pid, c.dir) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: the PostgreSQL left over with number %d does not end", ErrInUse, content.pid)
		case <-tick.C:
		}
	}
	return nil
}
