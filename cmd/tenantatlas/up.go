package main

import (
	"context"
	"errors"

	"github.com/tenantatlas/tenantatlas/pkg/app"
)

// runUp is the whole product in one process.
func runUp(ctx context.Context, c *call) error {
	f := c.flags("up")
	noDemo := f.Bool("no-demo", false, "no demo workspace and no simulated tenants")
	s, err := f.parse(c.args)
	if err != nil {
		return err
	}
	u, err := app.StartUp(ctx, app.UpConfig{Settings: s, Demo: !*noDemo, Logger: c.logger(s), Version: version, Pages: pages()})
	if err != nil {
		return err
	}
	c.welcome(u, s)
	err = u.Wait(ctx)
	say(c.out, "Stopping.")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Timing.Shutdown)
	defer cancel()
	return errors.Join(err, u.Stop(stopping))
}

// welcome says where the product is and who may sign in.
func (c *call) welcome(u *app.Up, s app.Settings) {
	say(c.out, "\nTenantAtlas is running at %s", u.URL())
	if u.Logins == nil {
		say(c.out, "Make the first account with: tenantatlas user create --data-dir %s --email YOU --workspace NAME --role owner --password-stdin\n", s.DataDir)
		return
	}
	say(c.out, "Demo workspace %q; everybody's password is %s", u.Logins.Workspace, u.Logins.Password)
	for _, p := range u.Logins.People {
		say(c.out, "  %-9s %s", p.Role, p.Email)
	}
	say(c.out, "An API token: tenantatlas token create --data-dir %s --email %s --name demo\n", s.DataDir, u.Logins.People[0].Email)
}
