package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// SignInRequest is a try to sign in.
type SignInRequest struct {
	Email    string `json:"email" maxLength:"254" doc:"The account's email address." example:"robin@example.com"`
	Password string `json:"password" maxLength:"1024" writeOnly:"true" doc:"The account's password." example:"correct horse battery staple"`
}

// SessionView is a session that has begun.
type SessionView struct {
	User      UserView  `json:"user" doc:"Who is signed in."`
	ExpiresAt time.Time `json:"expires_at" doc:"When the session ends at the latest; an idle one ends earlier." example:"2026-11-24T21:00:00Z"`
}

// UserView is a person's account.
type UserView struct {
	ID          string `json:"id" format:"uuid" doc:"Id of the account." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	Email       string `json:"email" doc:"Email address, lower case." example:"robin@example.com"`
	DisplayName string `json:"display_name" doc:"Name to show." example:"Robin Meyer"`
}

type signInInput struct{ Body SignInRequest }

type signInOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie" doc:"The session cookie."`
	Body      SessionView
}

type signOutInput struct {
	Secure string `cookie:"__Host-ta_session" hidden:"true"`
	Plain  string `cookie:"ta_session" hidden:"true"`
}

type signOutOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie" doc:"Ends the session cookie."`
}

func registerSession(a *API) {
	Register(a, Operation{
		Method: http.MethodPost, Path: "/session", ID: "sign-in", Tag: TagSession,
		Summary:     "Sign in",
		Description: "Opens a session for a browser and sets its cookie. API clients use tokens instead.",
		Authz:       Authz{Reach: ReachPublic, Audit: audit.SignedIn},
		Codes:       []string{"unauthenticated"},
	}, a.signIn)
	Register(a, Operation{
		Method: http.MethodDelete, Path: "/session", ID: "sign-out", Tag: TagSession,
		Summary:     "Sign out",
		Description: "Ends the session of the cookie at once. Ending one that is over is no error.",
		Authz:       Authz{Reach: ReachPublic, Audit: audit.SignedOut},
	}, a.signOut)
}

func (a *API) signIn(ctx context.Context, in *signInInput) (*signInOutput, error) {
	s, err := a.deps.Identity.SignIn(ctx, identity.Attempt{
		Email: in.Body.Email, Password: tenancy.NewSecret(in.Body.Password), Address: placeOf(ctx).address,
	})
	if err != nil {
		return nil, throttled(ctx, err)
	}
	return &signInOutput{
		SetCookie: a.sessionCookie(s.Secret.Reveal(), s.ExpiresAt),
		Body:      SessionView{User: viewUser(s.User), ExpiresAt: UTC(s.ExpiresAt)},
	}, nil
}

func (a *API) signOut(ctx context.Context, in *signOutInput) (*signOutOutput, error) {
	secret := in.Plain
	if a.deps.secure() {
		secret = in.Secure
	}
	if err := a.deps.Identity.SignOut(ctx, secret); err != nil {
		return nil, err
	}
	return &signOutOutput{SetCookie: a.sessionCookie("", time.Unix(1, 0))}, nil
}

// throttled says when a refused sign-in may be tried again.
func throttled(ctx context.Context, err error) error {
	if t, ok := errors.AsType[*identity.Throttle](err); ok {
		return problem.Of(ctx, err).RetryAfter(t.RetryAfter)
	}
	return err
}

func (a *API) sessionCookie(value string, expires time.Time) http.Cookie {
	return http.Cookie{ //nolint:gosec // Secure is off only where the browser's address is plain http
		Name: a.deps.cookieName(), Value: value, Path: "/", Expires: expires,
		HttpOnly: true, Secure: a.deps.secure(), SameSite: http.SameSiteLaxMode,
	}
}

func viewUser(u tenancy.User) UserView {
	return UserView{ID: string(u.ID), Email: u.Email, DisplayName: u.DisplayName}
}
