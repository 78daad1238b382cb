// Command dev is what README, Taskfile and continuous integration call: it
// starts the product, runs every test, the benchmarks, the generators and the
// linters, and fetches or builds whatever of that is missing.
//
// It uses the standard library only and nothing of the product, so that it
// compiles in seconds on a machine that has just cloned the repository and
// works while the product does not compile. Each thing it does is one line
// with the time it took; what fails is one sentence.
//
// Begin reading at the table of commands below; step.go runs subprocesses,
// machine.go installs what Debian packages, frontend.go drives npm.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// command is one word of the command line.
type command struct {
	name, summary string
	run           func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"up", "build the product and start it with everything it needs; flags go to 'tenantatlas up'", runUp},
		{"test", "run every test: [-run REGEXP] [-focus REGEXP] [-part go,generated,api,frontend,browser] [packages]", runTest},
		{"bench", "run the benchmarks: [-bench REGEXP] [packages]", runBench},
		{"generate", "write everything generated from code; with --check only compare", runGenerate},
		{"lint", "lint [code] [api] [files], all three when none is named", runLint},
		{"ci", "what continuous integration runs: test, then lint api files", runCI},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := dispatch(ctx, os.Args[1:])
	stop()
	if err == nil {
		return
	}
	if !errors.Is(err, errReported) {
		fmt.Fprintln(os.Stderr, "dev:", err)
	}
	os.Exit(1)
}

// errReported ends the program when the failure was already told.
var errReported = errors.New("failed")

func dispatch(ctx context.Context, args []string) error {
	dieWithParent()
	if err := enterRoot(); err != nil {
		return err
	}
	if len(args) > 0 {
		for _, candidate := range commands() {
			if candidate.name == args[0] {
				return candidate.run(ctx, args[1:])
			}
		}
	}
	var usage strings.Builder
	usage.WriteString("usage: go run ./cmd/dev COMMAND\n")
	for _, each := range commands() {
		fmt.Fprintf(&usage, "  %-9s %s\n", each.name, each.summary)
	}
	return errors.New(strings.TrimSuffix(usage.String(), "\n"))
}

// enterRoot changes into the repository's top folder, so that the commands
// work from any folder of it.
func enterRoot() error {
	dir, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("find the working directory: %w", err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, "go.mod")) && exists(filepath.Join(dir, "cmd", "dev")) {
			return os.Chdir(dir)
		}
		if dir == filepath.Dir(dir) {
			return errors.New("this is not a checkout of TenantAtlas: no go.mod beside cmd/dev here or above")
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
