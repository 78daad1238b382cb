package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"

	"github.com/tenantatlas/tenantatlas/pkg/app"
)

// flags is a flag set that also takes every setting.
type flags struct {
	*flag.FlagSet
	settings func() (app.Settings, error)
}

func (c *call) flags(name string) flags {
	set := flag.NewFlagSet("tenantatlas "+name, flag.ContinueOnError)
	set.SetOutput(c.errors)
	return flags{set, app.Flags(set, os.LookupEnv)}
}

// parse reads the arguments; whatever is left over was not understood.
func (f flags) parse(args []string) (app.Settings, error) {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return app.Settings{}, err
		}
		return app.Settings{}, fmt.Errorf("%w: %w", errUsage, err)
	}
	if f.NArg() > 0 {
		return app.Settings{}, fmt.Errorf("%w: %q is not understood", errUsage, f.Arg(0))
	}
	s, err := f.settings()
	if err != nil {
		return s, fmt.Errorf("%w: %w", errUsage, err)
	}
	return s, nil
}

// given reports whether a flag stands on the command line.
func (f flags) given(name string) bool {
	found := false
	f.Visit(func(g *flag.Flag) { found = found || g.Name == name })
	return found
}

// required complains about flags that a verb cannot do without.
func (f flags) required(names ...string) error {
	for _, name := range names {
		if !f.given(name) {
			return fmt.Errorf("%w: --%s is missing", errUsage, name)
		}
	}
	return nil
}

// openRooms opens the product's rooms for an operator's verb: those of the up
// that runs on --data-dir, else of DATABASE_URL, else of the up that runs on the
// default directory.
func (c *call) openRooms(ctx context.Context, f flags, s app.Settings) (*app.Rooms, error) {
	if f.given("data-dir") || s.DatabaseURL == "" {
		running, err := app.RunningDatabase(s.DataDir)
		if err != nil {
			return nil, err
		}
		s.DatabaseURL = running
	}
	return app.OpenRooms(ctx, s, slog.New(slog.DiscardHandler))
}
