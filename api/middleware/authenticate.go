package middleware

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// The names of the session cookie: the prefix binds it to the host and to
// https, and browsers refuse it elsewhere, hence the plain name on loopback http.
const (
	SecureCookie = "__Host-ta_session"
	PlainCookie  = "ta_session"
)

// TokenPrefix is how every API token begins.
const TokenPrefix = "ta_pat_"

// Authenticator finds out who presents a credential. Both methods answer
// fault.Unauthenticated for a credential that is unknown, expired or revoked.
type Authenticator interface {
	AuthenticateSession(ctx context.Context, secret string) (access.Actor, error)
	AuthenticateToken(ctx context.Context, secret string) (access.Actor, error)
}

type identityKey struct{}

type identity struct {
	actor access.Actor
	err   error
}

// Authenticate finds out who asks and puts it into the context. It refuses
// nobody: an operation that needs an actor asks Actor. A Bearer token, when one
// is sent, decides alone.
func Authenticate(a Authenticator, cookie string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx := c.Request().Context()
			var id identity
			id.actor, id.err = identify(ctx, a, c.Request(), cookie)
			c.SetRequest(c.Request().WithContext(context.WithValue(ctx, identityKey{}, id)))
			return next(c)
		}
	}
}

func identify(ctx context.Context, a Authenticator, r *http.Request, cookie string) (access.Actor, error) {
	if header := r.Header.Get(echo.HeaderAuthorization); header != "" {
		scheme, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(secret, TokenPrefix) {
			return access.Actor{}, problem.Unauthenticated()
		}
		return named(a.AuthenticateToken(ctx, secret))
	}
	if sent, err := r.Cookie(cookie); err == nil && sent.Value != "" {
		return named(a.AuthenticateSession(ctx, sent.Value))
	}
	return access.Actor{}, problem.Unauthenticated()
}

// named gives every refusal the same sentence, whatever was wrong with the
// credential; an error that is none stays what it is.
func named(a access.Actor, err error) (access.Actor, error) {
	if f := fault.As(err); f != nil && (f.Kind == fault.Unauthenticated || f.Kind == fault.NotFound) {
		return access.Actor{}, problem.Unauthenticated()
	}
	return a, err
}

var errNotAuthenticated = errors.New("the request has not passed authentication")

// Actor is who asks. The error is the fault to answer with when nobody is
// signed in.
func Actor(ctx context.Context) (access.Actor, error) {
	id, ok := ctx.Value(identityKey{}).(identity)
	if !ok {
		return access.Actor{}, errNotAuthenticated
	}
	return id.actor, id.err
}
