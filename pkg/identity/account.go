package identity

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// The limits of a password, in bytes. The upper one bounds the work of hashing.
const (
	MinPassword = 8
	MaxPassword = 1024
)

// NewUser describes an account.
type NewUser struct {
	Email       string
	DisplayName string         // empty: the part of the email before the @
	Password    tenancy.Secret // empty: the account cannot sign in with a password
}

// CreateUser creates the account or, when the email has one, sets its password
// if one is given. Setting a password ends the account's sessions. It is the
// command line's and the seed's verb: no caller of the API reaches it.
func (s *Service) CreateUser(ctx context.Context, n NewUser) (tenancy.User, error) {
	var user tenancy.User
	email, err := NormaliseEmail(n.Email)
	if err != nil {
		return user, err
	}
	hash, err := s.hashNew(ctx, n.Password)
	if err != nil {
		return user, err
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		name := strings.TrimSpace(n.DisplayName)
		if name == "" {
			name = DefaultName(email)
		}
		var created bool
		user, created, err = s.store.EnsureUser(ctx, tenancy.User{Email: email, DisplayName: name, CreatedAt: s.now()})
		if err != nil {
			return fmt.Errorf("store the account: %w", err)
		}
		if created {
			if err := s.record(ctx, audit.UserCreated, "user", string(user.ID), systemActor()); err != nil {
				return err
			}
		}
		if hash == "" {
			return nil
		}
		return s.setPassword(ctx, user.ID, hash)
	})
	return user, err
}

func (s *Service) setPassword(ctx context.Context, id tenancy.UserID, hash string) error {
	if err := s.store.SetPasswordHash(ctx, id, hash, s.now()); err != nil {
		return fmt.Errorf("store the password: %w", err)
	}
	if err := s.store.DeleteSessionsOf(ctx, id); err != nil {
		return fmt.Errorf("end the account's sessions: %w", err)
	}
	return s.record(ctx, audit.UserPasswordSet, "user", string(id), systemActor())
}

// hashNew returns "" for an empty password.
func (s *Service) hashNew(ctx context.Context, p tenancy.Secret) (string, error) {
	if p.Empty() {
		return "", nil
	}
	if n := len(p.Reveal()); n < MinPassword || n > MaxPassword || !utf8.ValidString(p.Reveal()) {
		return "", fault.InvalidInput(fmt.Sprintf("A password has %d to %d bytes of text.", MinPassword, MaxPassword))
	}
	release, err := s.hashSlot(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return hashPassword(p.Reveal(), defaultParams)
}

// NormaliseEmail returns the one spelling under which an address is stored:
// trimmed and lower case. A text that is no plain address is invalid_input.
func NormaliseEmail(text string) (string, error) {
	email := strings.ToLower(strings.TrimSpace(text))
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 {
		return "", fault.InvalidInput("This is not an email address.").At("body.email", "is not an email address")
	}
	return email, nil
}

// DefaultName is the display name of an account that has not been given one.
func DefaultName(email string) string {
	local, _, _ := strings.Cut(email, "@")
	return local
}

func systemActor() access.Actor {
	return access.Actor{DisplayName: "TenantAtlas", Via: access.ViaSystem}
}

func (s *Service) record(ctx context.Context, action audit.Action, kind, id string, by access.Actor) error {
	e := audit.Event{Action: action, TargetKind: kind, TargetID: id}.By(by.UserID, by.DisplayName, string(by.Via))
	if err := s.audit.Record(ctx, e); err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	return nil
}
