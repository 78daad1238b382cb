// Command graphsim serves a simulated Microsoft Graph with its login service
// from folders of exports.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

// tenants collects repeated --tenant flags.
type tenants []graphsim.Tenant

func (t *tenants) String() string { return "" }

func (t *tenants) Set(value string) error {
	directory, folder, _ := strings.Cut(value, "=")
	*t = append(*t, graphsim.Tenant{Directory: directory, Folder: folder})
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "graphsim:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends; it writes the origin to out once it listens.
func run(ctx context.Context, out io.Writer, args []string) (err error) {
	flags := flag.NewFlagSet("graphsim", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address to serve https on")
	caFile := flags.String("ca-file", "", "file to write the certificate authority to, once listening")
	fresh := flags.Bool("fresh-ids", false, "renumber each folder's own objects")
	dataDir := flags.String("data-dir", "", "directory that keeps writes across restarts")
	faults := flags.String("faults", "", "faults as JSON")
	var list tenants
	flags.Var(&list, "tenant", "<directory-guid>=<folder>, repeatable")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	cfg := graphsim.Config{Tenants: list, FreshIDs: *fresh, DataDir: *dataDir, Logger: slog.New(slog.NewJSONHandler(os.Stderr, nil))}
	if *faults != "" {
		if err := json.Unmarshal([]byte(*faults), &cfg.Faults); err != nil {
			return fmt.Errorf("--faults: %w", err)
		}
	}
	server, err := graphsim.New(cfg)
	if err != nil {
		return err
	}
	defer func() {
		if closing := server.Close(); err == nil {
			err = closing
		}
	}()
	url, ca, err := server.ListenTLS(ctx, *listen)
	if err != nil {
		return err
	}
	if *caFile != "" {
		if err := publish(*caFile, ca); err != nil {
			return fmt.Errorf("--ca-file: %w", err)
		}
	}
	if _, err := fmt.Fprintln(out, url); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// publish writes the file whole or not at all: readers wait for it to appear.
func publish(path string, data []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".graphsim-*")
	if err != nil {
		return err
	}
	if _, err := temporary.Write(data); err != nil {
		return err
	}
	if err := temporary.Chmod(0o644); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
