// Command tenantatlas is the product: the API, the worker, both with everything
// they need ("up"), and the few verbs an operator has on the command line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// The exit codes.
const (
	exitFailed = 1 // it could not be done
	exitUsage  = 2 // it was not understood
)

// command is one verb of the command line.
type command struct {
	words string // what is typed, e.g. "user create"
	help  string
	run   func(ctx context.Context, c *call) error
}

var commands = []command{
	{"up", "everything in one process: database, queue, API, workers, demo tenants", runUp},
	{"serve", "the API", runServe},
	{"worker", "a worker", runWorker},
	{"migrate", "bring the database's schema up to this program", runMigrate},
	{"user create", "make an account and give it a role in a workspace", runUserCreate},
	{"token create", "issue an API token and print its secret", runTokenCreate},
	{"control pause", "pause an operation type in every workspace", runControlPause},
	{"control resume", "end such a pause", runControlResume},
	{"openapi", "write the API descriptions", runOpenAPI},
}

// call is one invocation.
type call struct {
	args   []string
	in     io.Reader
	out    io.Writer
	errors io.Writer
}

// errUsage is wrapped by what was not understood.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, &call{os.Args[1:], os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run carries out one invocation and returns the exit code.
func run(ctx context.Context, c *call) int {
	cmd, rest := find(c.args)
	if cmd == nil {
		usage(c.errors)
		if len(c.args) > 0 && (c.args[0] == "help" || c.args[0] == "--help" || c.args[0] == "-h") {
			return 0
		}
		return exitUsage
	}
	c.args = rest
	err := cmd.run(ctx, c)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		say(c.errors, "tenantatlas %s: %s", cmd.words, sentence(err))
		return exitUsage
	}
	say(c.errors, "tenantatlas %s: %s", cmd.words, sentence(err))
	return exitFailed
}

// find returns the command whose words begin args, and what follows them.
func find(args []string) (*command, []string) {
	for i := range commands {
		words := strings.Fields(commands[i].words)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == commands[i].words {
			return &commands[i], args[len(words):]
		}
	}
	return nil, nil
}

func usage(w io.Writer) {
	say(w, "usage: tenantatlas COMMAND [flags]")
	for _, c := range commands {
		say(w, "  %-16s %s", c.words, c.help)
	}
	say(w, "Every setting is a flag or an environment variable TENANTATLAS_*; see COMMAND --help.")
}

// sentence is one line for people: a fault's own words where it has some.
func sentence(err error) string {
	if f := fault.As(err); f != nil && f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return f.Message
	}
	return strings.ReplaceAll(strings.TrimPrefix(err.Error(), errUsage.Error()+": "), "\n", "; ")
}

// say writes a line; there is nobody to tell when that fails.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
