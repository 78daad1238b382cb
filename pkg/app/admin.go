package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// MigrateDatabase brings the schema up to this program. It needs the owner's
// account, and is safe to run twice at once.
func MigrateDatabase(ctx context.Context, s Settings, log *slog.Logger) error {
	if s.MigrateDatabaseURL == "" {
		return errors.New("no database is named; set " + EnvPrefix + "MIGRATE_DATABASE_URL or " + EnvPrefix + "DATABASE_URL")
	}
	return store.Migrate(ctx, s.MigrateDatabaseURL, log)
}

// CreateUser makes the account, or sets the password of the one there is, and
// gives it the role in the workspace of that name, which is made when missing.
// Without a password the account has none.
func (r *Rooms) CreateUser(ctx context.Context, email, workspace string, role tenancy.WorkspaceRole, password tenancy.Secret) (tenancy.User, error) {
	user, err := r.Identity.CreateUser(ctx, identity.NewUser{Email: email, Password: password})
	if err != nil {
		return user, fmt.Errorf("create the account: %w", err)
	}
	if _, err := r.Registry.Admit(ctx, workspace, user.ID, role); err != nil {
		return user, fmt.Errorf("add it to the workspace: %w", err)
	}
	return user, nil
}

// CreateToken issues an API token for the account and returns its secret, which
// is never to be had again.
func (r *Rooms) CreateToken(ctx context.Context, email, name string) (tenancy.Secret, error) {
	issued, err := r.Identity.CreateTokenFor(ctx, email, identity.NewToken{Name: name})
	if err != nil {
		return tenancy.Secret{}, fmt.Errorf("issue the token: %w", err)
	}
	return issued.Secret, nil
}

// SetControl pauses an operation type in every workspace, or resumes it. by
// names the operator of the command line.
func (r *Rooms) SetControl(ctx context.Context, by string, t operation.Type, paused bool, reason string, until *time.Time) error {
	actor := access.Actor{DisplayName: by, Via: access.ViaSystem}
	_, err := r.Operations.SetGlobalControl(ctx, actor, operation.Control{Type: t, Paused: paused, Reason: reason, ExpiresAt: until})
	if err != nil {
		return fmt.Errorf("set the control: %w", err)
	}
	return nil
}
