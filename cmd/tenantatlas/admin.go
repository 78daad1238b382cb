package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/app"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// within parses, opens the rooms, runs do on them and closes them again.
func (c *call) within(ctx context.Context, f flags, required []string, do func(ctx context.Context, r *app.Rooms) error) error {
	s, err := f.parse(c.args)
	if err != nil {
		return err
	}
	if err := f.required(required...); err != nil {
		return err
	}
	rooms, err := c.openRooms(ctx, f, s)
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, rooms), rooms.Close())
}

func runUserCreate(ctx context.Context, c *call) error {
	f := c.flags("user create")
	email := f.String("email", "", "the account's email address")
	workspace := f.String("workspace", "", "the workspace's name; made when missing")
	role := f.String("role", "", "owner, manager, operator, readonly, support or customer")
	stdin := f.Bool("password-stdin", false, "read the password from the first line of standard input")
	return c.within(ctx, f, []string{"email", "workspace", "role"}, func(ctx context.Context, r *app.Rooms) error {
		var password tenancy.Secret
		if *stdin {
			var err error
			if password, err = c.password(); err != nil {
				return err
			}
		}
		u, err := r.CreateUser(ctx, *email, *workspace, tenancy.WorkspaceRole(*role), password)
		if err != nil {
			return err
		}
		say(c.out, "%s is %s of %q.", u.Email, *role, *workspace)
		return nil
	})
}

// password reads one line, at most what a password may have.
func (c *call) password() (tenancy.Secret, error) {
	text, err := io.ReadAll(io.LimitReader(c.in, identity.MaxPassword+2))
	if err != nil {
		return tenancy.Secret{}, fmt.Errorf("read the password: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return tenancy.Secret{}, fmt.Errorf("%w: standard input holds no password", errUsage)
	}
	return tenancy.NewSecret(line), nil
}

func runTokenCreate(ctx context.Context, c *call) error {
	f := c.flags("token create")
	email := f.String("email", "", "whose token it is")
	name := f.String("name", "", "what it is for")
	return c.within(ctx, f, []string{"email", "name"}, func(ctx context.Context, r *app.Rooms) error {
		secret, err := r.CreateToken(ctx, *email, *name)
		if err != nil {
			return err
		}
		say(c.out, "%s", secret.Reveal())
		return nil
	})
}

func runControlPause(ctx context.Context, c *call) error  { return c.control(ctx, "pause", true) }
func runControlResume(ctx context.Context, c *call) error { return c.control(ctx, "resume", false) }

func (c *call) control(ctx context.Context, verb string, paused bool) error {
	if len(c.args) == 0 || strings.HasPrefix(c.args[0], "-") {
		return fmt.Errorf("%w: name the operation type first, one of %s", errUsage, operationTypes())
	}
	t := operation.Type(c.args[0])
	c.args = c.args[1:]
	if _, known := operation.KindOf(t); !known {
		return fmt.Errorf("%w: there is no operation type %q; they are %s", errUsage, t, operationTypes())
	}
	f := c.flags("control " + verb)
	reason := f.String("reason", "Paused by an operator.", "why; shown to everybody")
	until := f.String("until", "", "when it ends by itself, e.g. 2026-12-01T08:00:00Z")
	return c.within(ctx, f, nil, func(ctx context.Context, r *app.Rooms) error {
		end, err := moment(*until)
		if err != nil {
			return err
		}
		why := *reason
		if !paused && !f.given("reason") {
			why = ""
		}
		if err := r.SetControl(ctx, operator(), t, paused, why, end); err != nil {
			return err
		}
		say(c.out, "%s is %sd in every workspace.", t, verb)
		return nil
	})
}

func operationTypes() string {
	var names []string
	for _, k := range operation.Kinds() {
		names = append(names, string(k.Type))
	}
	return strings.Join(names, ", ")
}

func moment(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no end
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, fmt.Errorf("%w: --until is not a time such as 2026-12-01T08:00:00Z", errUsage)
	}
	return &t, nil
}

// operator is who uses the command line, for the audit trail.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username + " (command line)"
	}
	return "command line"
}
