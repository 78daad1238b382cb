package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/tenantatlas/tenantatlas/pkg/app"
)

// version is set by the build; see deploy/Dockerfile.
var version = "0.1.0"

func (c *call) logger(s app.Settings) *slog.Logger { return app.NewLogger(c.errors, s.LogLevel) }

func runServe(ctx context.Context, c *call) error  { return c.process(ctx, "serve", app.RoleAPI) }
func runWorker(ctx context.Context, c *call) error { return c.process(ctx, "worker", app.RoleWorker) }

// process runs one process of a deployment until it is told to stop.
func (c *call) process(ctx context.Context, name string, roles app.Role) error {
	f := c.flags(name)
	s, err := f.parse(c.args)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, app.Config{Settings: s, Roles: roles, Logger: c.logger(s), Version: version, Pages: pages(), Hook: hook()})
	if err != nil {
		return err
	}
	if err = a.Start(); err == nil { //nolint:contextcheck // what it starts outlives the call
		if a.Address() != "" {
			say(c.out, "http://%s", a.Address())
		}
		select {
		case <-ctx.Done():
		case err = <-a.Failed():
		}
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Timing.Shutdown)
	defer cancel()
	return errors.Join(err, a.Stop(stopping))
}

func runMigrate(ctx context.Context, c *call) error {
	s, err := c.flags("migrate").parse(c.args)
	if err != nil {
		return err
	}
	return app.MigrateDatabase(ctx, s, c.logger(s))
}
