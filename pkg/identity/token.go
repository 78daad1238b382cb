package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// The shape of a token: prefix, 30 random base62 characters of which the first
// eight are the lookup id, and six base62 characters of CRC-32 over all before.
const (
	TokenPrefix    = "ta_pat_"
	randomLength   = 30
	lookupLength   = 8
	checksumLength = 6
	tokenLength    = len(TokenPrefix) + randomLength + checksumLength
	base62         = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// Token is an API token as its owner sees it later on.
type Token struct {
	ID         string
	Name       string
	Lookup     string // the first characters after the prefix, to recognise it by
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt *time.Time // ±1 minute
}

// TokenRecord is a token as it is stored.
type TokenRecord struct {
	Token
	UserID    tenancy.UserID
	Digest    []byte // HMAC-SHA-256 of the whole secret under the pepper
	RevokedAt *time.Time
}

// NewToken describes a token to be issued.
type NewToken struct {
	Name      string
	ExpiresAt *time.Time // nil: the longest life; later than that is invalid_input
}

// Issued is a fresh token. The secret is never to be had again.
type Issued struct {
	Token  Token
	Secret tenancy.Secret
}

// CreateToken issues a token that acts as the actor.
func (s *Service) CreateToken(ctx context.Context, a access.Actor, n NewToken) (Issued, error) {
	return s.issue(ctx, a.UserID, n, a)
}

// CreateTokenFor issues a token for the account with the email; the command
// line's verb. Without such an account it returns fault.Missing.
func (s *Service) CreateTokenFor(ctx context.Context, email string, n NewToken) (Issued, error) {
	email, err := NormaliseEmail(email)
	if err != nil {
		return Issued{}, err
	}
	user, err := s.store.UserByEmail(ctx, email)
	if err != nil {
		return Issued{}, fmt.Errorf("find the account: %w", err)
	}
	return s.issue(ctx, user.ID, n, systemActor())
}

func (s *Service) issue(ctx context.Context, owner tenancy.UserID, n NewToken, by access.Actor) (Issued, error) {
	now := s.now()
	t, err := s.newToken(n, now)
	if err != nil {
		return Issued{}, err
	}
	secret := newTokenSecret()
	t.ID, t.Lookup = "", lookupOf(secret)
	rec := TokenRecord{Token: t, UserID: owner, Digest: s.tokenDigest(secret)}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if rec.ID, err = s.store.CreateToken(ctx, rec); err != nil {
			return fmt.Errorf("store the token: %w", err)
		}
		return s.record(ctx, audit.TokenCreated, "token", rec.ID, by)
	})
	if err != nil {
		return Issued{}, err
	}
	return Issued{Token: rec.Token, Secret: tenancy.NewSecret(secret)}, nil
}

func (s *Service) newToken(n NewToken, now time.Time) (Token, error) {
	name := strings.TrimSpace(n.Name)
	if name == "" || utf8.RuneCountInString(name) > 100 {
		return Token{}, fault.InvalidInput("A token has a name of 1 to 100 characters.").
			At("body.name", "must have 1 to 100 characters")
	}
	expires := now.Add(s.settings.TokenLife)
	if n.ExpiresAt != nil {
		if !n.ExpiresAt.After(now) || n.ExpiresAt.After(expires) {
			return Token{}, fault.InvalidInput("The expiry lies in the past or too far ahead.").
				At("body.expires_at", fmt.Sprintf("must lie within %d days from now", int(s.settings.TokenLife.Hours()/24)))
		}
		expires = *n.ExpiresAt
	}
	return Token{Name: name, CreatedAt: now, ExpiresAt: expires.UTC().Truncate(time.Microsecond)}, nil
}

// Token says whom a bearer secret acts for, or that it is not valid
// (unauthenticated). A mistyped secret is refused without asking the store.
func (s *Service) Token(ctx context.Context, secret string) (access.Actor, error) {
	if !WellFormedToken(secret) {
		return access.Actor{}, refused()
	}
	rec, user, err := s.store.TokenByLookup(ctx, lookupOf(secret))
	if fault.HasCode(err, fault.CodeNotFound) {
		return access.Actor{}, refused()
	}
	if err != nil {
		return access.Actor{}, fmt.Errorf("load the token: %w", err)
	}
	now := s.now()
	if !hmac.Equal(rec.Digest, s.tokenDigest(secret)) || rec.RevokedAt != nil || !now.Before(rec.ExpiresAt) {
		return access.Actor{}, refused()
	}
	if rec.LastUsedAt == nil || now.Sub(*rec.LastUsedAt) >= touchEvery {
		if err := s.store.TouchToken(ctx, rec.ID, now); err != nil {
			return access.Actor{}, fmt.Errorf("note the token's use: %w", err)
		}
	}
	return access.Actor{UserID: user.ID, DisplayName: user.DisplayName, Via: access.ViaToken, TokenID: rec.ID}, nil
}

// Tokens lists the actor's own tokens, newest first; revoked ones are gone.
func (s *Service) Tokens(ctx context.Context, a access.Actor, limit int, cursor string) ([]Token, string, error) {
	items, next, err := s.store.TokensOf(ctx, a.UserID, limit, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("list tokens: %w", err)
	}
	return items, next, nil
}

// RevokeToken ends one of the actor's own tokens at once.
func (s *Service) RevokeToken(ctx context.Context, a access.Actor, id string) error {
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.RevokeToken(ctx, a.UserID, id, s.now()); err != nil {
			return fmt.Errorf("revoke the token: %w", err)
		}
		return s.record(ctx, audit.TokenRevoked, "token", id, a)
	})
}

// WellFormedToken reports whether the text has the shape and checksum of a
// token. It says nothing about validity and needs no store.
func WellFormedToken(text string) bool {
	if len(text) != tokenLength || !strings.HasPrefix(text, TokenPrefix) {
		return false
	}
	for _, c := range []byte(text[len(TokenPrefix):]) {
		if strings.IndexByte(base62, c) < 0 {
			return false
		}
	}
	body := text[:tokenLength-checksumLength]
	return checksum(body) == text[tokenLength-checksumLength:]
}

// newTokenSecret draws about 178 bits.
func newTokenSecret() string {
	b := make([]byte, 0, tokenLength)
	b = append(b, TokenPrefix...)
	for draw := make([]byte, 64); len(b) < len(TokenPrefix)+randomLength; {
		_, _ = rand.Read(draw) // never fails: the runtime ends the process instead
		for _, c := range draw {
			// Values from 248 on would favour some characters.
			if c < 248 && len(b) < len(TokenPrefix)+randomLength {
				b = append(b, base62[c%62])
			}
		}
	}
	return string(b) + checksum(string(b))
}

func checksum(body string) string {
	sum, out := crc32.ChecksumIEEE([]byte(body)), make([]byte, checksumLength)
	for i := checksumLength - 1; i >= 0; i-- {
		out[i], sum = base62[sum%62], sum/62
	}
	return string(out)
}

func lookupOf(secret string) string {
	return secret[len(TokenPrefix) : len(TokenPrefix)+lookupLength]
}

func (s *Service) tokenDigest(secret string) []byte {
	mac := hmac.New(sha256.New, s.pepper)
	mac.Write([]byte(secret))
	return mac.Sum(nil)
}
