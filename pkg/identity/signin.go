package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Attempt is one try to sign in.
type Attempt struct {
	Email    string
	Password tenancy.Secret
	Address  string // the client's network address, for the limit
}

// SignedIn is a session as its owner gets it.
type SignedIn struct {
	Secret    tenancy.Secret // the cookie's value; shown here only
	User      tenancy.User
	ExpiresAt time.Time // the latest end; idle sessions end earlier
}

// SessionRecord is a session as it is stored.
type SessionRecord struct {
	Digest    []byte // SHA-256 of the secret
	UserID    tenancy.UserID
	CreatedAt time.Time
	SeenAt    time.Time
}

// touchEvery is how exactly last uses are kept.
const touchEvery = time.Minute

// SignIn opens a session. Every refusal is the same unauthenticated fault; too
// many of them for one account or address are rate_limited with a *Throttle as
// cause. It must not be called inside a transaction: a refusal is recorded even
// though the call fails.
func (s *Service) SignIn(ctx context.Context, a Attempt) (SignedIn, error) {
	email, err := NormaliseEmail(a.Email)
	if err != nil {
		email = "" // refused below like any unknown account
	}
	refund, err := s.failures.take(s.now(),
		quota{"account:" + email, s.settings.FailuresPerAccount},
		quota{"address:" + a.Address, s.settings.FailuresPerAddress})
	if err != nil {
		return SignedIn{}, err
	}
	user, ok, err := s.verify(ctx, email, a.Password)
	if err != nil {
		refund()
		return SignedIn{}, err
	}
	if !ok {
		if err := s.record(ctx, audit.SignInFailed, "user", string(user.ID), anonymous()); err != nil {
			return SignedIn{}, err
		}
		return SignedIn{}, refused()
	}
	refund()
	return s.openSession(ctx, user)
}

func (s *Service) verify(ctx context.Context, email string, password tenancy.Secret) (tenancy.User, bool, error) {
	user, err := s.store.UserByEmail(ctx, email)
	if err != nil && !fault.HasCode(err, fault.CodeNotFound) {
		return user, false, fmt.Errorf("find the account: %w", err)
	}
	// The second read happens for unknown accounts too, to take the same time.
	hash, err := s.store.PasswordHash(ctx, user.ID)
	if err != nil {
		return user, false, fmt.Errorf("load the password: %w", err)
	}
	if len(password.Reveal()) > MaxPassword {
		password = tenancy.Secret{}
	}
	ok, err := s.matches(ctx, hash, password.Reveal())
	if err != nil {
		return user, false, fmt.Errorf("check the password: %w", err)
	}
	return user, ok, nil
}

func (s *Service) openSession(ctx context.Context, user tenancy.User) (SignedIn, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return SignedIn{}, fmt.Errorf("draw a session secret: %w", err)
	}
	secret, now := base64.RawURLEncoding.EncodeToString(raw), s.now()
	actor := access.Actor{UserID: user.ID, DisplayName: user.DisplayName, Via: access.ViaSession}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.DeleteDeadSessions(ctx, now.Add(-s.settings.SessionIdle), now.Add(-s.settings.SessionLife)); err != nil {
			return fmt.Errorf("remove dead sessions: %w", err)
		}
		rec := SessionRecord{Digest: digest(secret), UserID: user.ID, CreatedAt: now, SeenAt: now}
		if err := s.store.CreateSession(ctx, rec); err != nil {
			return fmt.Errorf("store the session: %w", err)
		}
		return s.record(ctx, audit.SignedIn, "user", string(user.ID), actor)
	})
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Secret: tenancy.NewSecret(secret), User: user, ExpiresAt: now.Add(s.settings.SessionLife)}, nil
}

// Session says who holds the session secret, or that nobody does
// (unauthenticated): unknown, signed out, idle too long or too old.
func (s *Service) Session(ctx context.Context, secret string) (access.Actor, error) {
	if len(secret) != base64.RawURLEncoding.EncodedLen(32) {
		return access.Actor{}, refused()
	}
	rec, user, err := s.store.SessionByDigest(ctx, digest(secret))
	if fault.HasCode(err, fault.CodeNotFound) {
		return access.Actor{}, refused()
	}
	if err != nil {
		return access.Actor{}, fmt.Errorf("load the session: %w", err)
	}
	now := s.now()
	if now.Sub(rec.SeenAt) >= s.settings.SessionIdle || now.Sub(rec.CreatedAt) >= s.settings.SessionLife {
		return access.Actor{}, refused()
	}
	if now.Sub(rec.SeenAt) >= touchEvery {
		if err := s.store.TouchSession(ctx, rec.Digest, now); err != nil {
			return access.Actor{}, fmt.Errorf("note the session's use: %w", err)
		}
	}
	return access.Actor{UserID: user.ID, DisplayName: user.DisplayName, Via: access.ViaSession}, nil
}

// SignOut ends the session at once; ending one that is over is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	actor, err := s.Session(ctx, secret)
	if fault.HasCode(err, fault.CodeUnauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		ended, err := s.store.DeleteSession(ctx, digest(secret))
		if err != nil {
			return fmt.Errorf("end the session: %w", err)
		}
		if !ended {
			return nil
		}
		return s.record(ctx, audit.SignedOut, "user", string(actor.UserID), actor)
	})
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// refused is the one answer to every wrong credential.
func refused() *fault.Error {
	return fault.New(fault.Unauthenticated, fault.CodeUnauthenticated,
		"The credential is missing, wrong or no longer valid. Sign in again.")
}

// anonymous is the actor of what nobody signed in for.
func anonymous() access.Actor { return access.Actor{Via: access.ViaSession} }
