package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// frontendFolder is the single-page application.
const frontendFolder = "frontend"

// frontendScripts are the scripts of the front end; none without a front end.
func frontendScripts() (map[string]string, error) {
	const file = frontendFolder + "/package.json"
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	var manifest struct {
		Scripts map[string]string `json:"scripts"`
	}
	if err := json.Unmarshal(content, &manifest); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return manifest.Scripts, nil
}

// installPackages runs npm ci in dir unless what its lock file names is
// already there.
func installPackages(ctx context.Context, dir string) error {
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("%s has no lock file: %w", dir, err)
	}
	sum := sha256.Sum256(lock)
	mark := filepath.Join(dir, "node_modules", ".dev-installed")
	if installed, err := os.ReadFile(mark); err == nil && string(installed) == hex.EncodeToString(sum[:]) {
		return nil
	}
	return step("install the npm packages of "+dir, func() error {
		if err := npm(dir, "ci", "--ignore-scripts", "--no-audit", "--no-fund").run(ctx); err != nil {
			return err
		}
		return os.WriteFile(mark, []byte(hex.EncodeToString(sum[:])), 0o600)
	})
}

func npm(dir string, args ...string) program {
	return program{args: append([]string{"npm"}, args...), dir: dir, help: "; install Node.js 20 or newer, which brings npm"}
}

// buildPages builds the single-page application unless it was built from the
// same files, and tells whether it did.
func buildPages(ctx context.Context) (bool, error) {
	scripts, err := frontendScripts()
	if err != nil || scripts["build"] == "" {
		return false, err
	}
	digest, err := digestOfSources(frontendFolder)
	if err != nil {
		return false, err
	}
	mark := filepath.Join(".cache", "pages-built")
	if built, err := os.ReadFile(mark); err == nil && string(built) == digest {
		return false, nil
	}
	if err := installPackages(ctx, frontendFolder); err != nil {
		return false, err
	}
	err = step("build the pages", func() error { return npm(frontendFolder, "run", "build").run(ctx) })
	if err != nil {
		return false, err
	}
	if err := os.MkdirAll(".cache", 0o750); err != nil {
		return false, err
	}
	return true, os.WriteFile(mark, []byte(digest), 0o600)
}

// digestOfSources covers the content of all files that the build reads, and
// whether its result is there: a removed result is built again.
func digestOfSources(dir string) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipResults(path, entry.Name(), sum)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s %d\n%s", path, len(content), content)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the sources in %s: %w", dir, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func skipResults(path, name string, sum hash.Hash) error {
	switch {
	case name == "dist":
		assets, err := filepath.Glob(filepath.Join(path, "*", "*.js"))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(sum, "built %t\n", len(assets) > 0); err != nil {
			return err
		}
		return filepath.SkipDir
	case name == "node_modules", name == "test-results", name == "playwright-report",
		strings.HasPrefix(name, ".") && name != ".":
		return filepath.SkipDir
	}
	return nil
}
