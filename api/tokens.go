package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
)

// TokenView is an API token as its owner sees it later on.
type TokenView struct {
	ID         string     `json:"id" format:"uuid" doc:"Id of the token." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e25"`
	Name       string     `json:"name" doc:"What it is for." example:"nightly report"`
	Prefix     string     `json:"prefix" doc:"How the secret begins, to recognise it by." example:"ta_pat_3kT9fQ2x"`
	CreatedAt  time.Time  `json:"created_at" doc:"When it was created." example:"2026-11-24T09:00:00Z"`
	ExpiresAt  time.Time  `json:"expires_at" doc:"When it ends." example:"2027-02-22T09:00:00Z"`
	LastUsedAt *time.Time `json:"last_used_at" doc:"When it was last used, to the minute; null when never." example:"2026-11-24T09:30:00Z"`
}

// CreateTokenRequest describes a token to be created.
type CreateTokenRequest struct {
	Name      string     `json:"name" minLength:"1" maxLength:"100" doc:"What it is for." example:"nightly report"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"When it ends; 90 days from now at the latest, which is the default." example:"2027-02-22T09:00:00Z"`
}

// CreatedTokenView is a fresh token with its secret.
type CreatedTokenView struct {
	TokenView
	Secret string `json:"secret" doc:"What to send as Authorization: Bearer. It is never shown again." example:"ta_pat_3kT9fQ2x…"`
}

type createTokenInput struct{ Body CreateTokenRequest }

type createTokenOutput struct{ Body CreatedTokenView }

type tokenInput struct {
	TokenID string `path:"token_id" format:"uuid" doc:"Id of the token." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e25"`
}

func registerTokens(a *API) {
	Register(a, Operation{
		Method: http.MethodGet, Path: "/me/tokens", ID: "list-my-tokens", Tag: TagMe,
		Summary:     "List my API tokens",
		Description: "The caller's own tokens, newest first, without their secrets. Revoked tokens are gone.",
		Authz:       Authz{Reach: ReachSelf, ReadOnly: true},
	}, a.listTokens)
	Register(a, Operation{
		Method: http.MethodPost, Path: "/me/tokens", ID: "create-my-token", Tag: TagMe,
		Summary:     "Create an API token",
		Description: "Creates a token that acts as the caller. Its secret is in this answer only.",
		Authz:       Authz{Reach: ReachSelf, Audit: audit.TokenCreated, Idempotent: true},
		Status:      http.StatusCreated, SecretOnce: true, Codes: []string{"secret_already_shown"},
	}, a.createToken)
	Register(a, Operation{
		Method: http.MethodDelete, Path: "/me/tokens/{token_id}", ID: "revoke-my-token", Tag: TagMe,
		Summary:     "Revoke an API token",
		Description: "Ends one of the caller's own tokens at once.",
		Authz:       Authz{Reach: ReachSelf, Audit: audit.TokenRevoked},
	}, a.revokeToken)
}

func (a *API) listTokens(ctx context.Context, in *Page) (*Paged[TokenView], error) {
	items, next, err := a.deps.Identity.Tokens(ctx, Actor(ctx), in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, viewToken), nil
}

func (a *API) createToken(ctx context.Context, in *createTokenInput) (*createTokenOutput, error) {
	issued, err := a.deps.Identity.CreateToken(ctx, Actor(ctx), identity.NewToken{Name: in.Body.Name, ExpiresAt: in.Body.ExpiresAt})
	if err != nil {
		return nil, err
	}
	return &createTokenOutput{CreatedTokenView{viewToken(issued.Token), issued.Secret.Reveal()}}, nil
}

func (a *API) revokeToken(ctx context.Context, in *tokenInput) (*None, error) {
	return &None{}, a.deps.Identity.RevokeToken(ctx, Actor(ctx), in.TokenID)
}

func viewToken(t identity.Token) TokenView {
	return TokenView{
		ID: t.ID, Name: t.Name, Prefix: identity.TokenPrefix + t.Lookup,
		CreatedAt: UTC(t.CreatedAt), ExpiresAt: UTC(t.ExpiresAt), LastUsedAt: UTCOrNil(t.LastUsedAt),
	}
}
