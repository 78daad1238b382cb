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
	"slices"
	"strings"
	"syscall"

	"github.com/tenantatlas/tenantatlas/pkg/app"
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
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, &call{os.Args[1:], os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run carries out one invocation and returns the exit code.
func run(ctx context.Context, c *call) int {
	if len(c.args) > 0 && slices.Contains([]string{"help", "--help", "-h"}, c.args[0]) {
		help(c.out)
		return 0
	}
	cmd, rest := find(c.args)
	if cmd == nil {
		usage(c.errors)
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
	say(w, "tenantatlas help lists the settings; COMMAND --help its flags.")
}

// help is usage and every setting with its sentence.
func help(w io.Writer) {
	usage(w)
	say(w, "\nSettings, each a variable and a flag (%sLISTEN is --listen); a flag wins.", app.EnvPrefix)
	for _, row := range app.Table() {
		def := ""
		if row.Default != "" {
			def = " [" + row.Default + "]"
		}
		say(w, "  %-39s %s%s", app.EnvPrefix+row.Name, row.Sentence, def)
	}
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
