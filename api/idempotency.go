package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
)

const keyHeader = "Idempotency-Key"

var idempotencyKey = regexp.MustCompile(`^[\x21-\x7e]{1,128}$`)

func idempotencyParam() *huma.Param {
	length := 128
	return &huma.Param{
		Name: keyHeader, In: "header",
		Description: "Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again.",
		Schema: &huma.Schema{
			Type: huma.TypeString, MaxLength: &length, Pattern: `^[\x21-\x7e]{1,128}$`,
			Examples: []any{"5b0f7c1e-promote-2031"},
		},
	}
}

// once runs next, or answers again what a request with the same key was
// answered. Only 2xx answers are kept; a refused request may be repeated.
func (a *API) once(c echo.Context, op Operation, body []byte, next func()) {
	key := c.Request().Header.Get(keyHeader)
	if key == "" || !op.Authz.Idempotent {
		next()
		return
	}
	if !idempotencyKey.MatchString(key) {
		a.answer(c, problem.Field("header."+keyHeader, "expected 1 to 128 visible ASCII characters"))
		return
	}
	ctx := c.Request().Context()
	held, err := a.deps.Idempotency.Reserve(ctx, identity.RequestKey{
		Principal: string(Actor(ctx).UserID), Method: op.Method, Path: c.Request().URL.Path, Key: key,
	}, digest(body))
	switch {
	case err != nil:
		a.answer(c, err)
	case held.Replay != nil && op.SecretOnce:
		a.answer(c, problem.SecretShown())
	case held.Replay != nil:
		replay(c, held.Replay)
	default:
		a.keep(c, op, held, next)
	}
}

// digest tells one body from another; no body and an empty one are the same.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func replay(c echo.Context, kept *identity.StoredAnswer) {
	h := c.Response().Header()
	for name, value := range map[string]string{"Location": kept.Location, "ETag": kept.ETag, "Content-Type": mediaOf(kept)} {
		if value != "" {
			h.Set(name, value)
		}
	}
	h.Set("Idempotent-Replayed", "true")
	c.Response().WriteHeader(kept.Status)
	// The client being gone is not our trouble: the answer is still kept.
	_, _ = c.Response().Write(kept.Body)
}

func mediaOf(kept *identity.StoredAnswer) string {
	if len(kept.Body) == 0 {
		return ""
	}
	return "application/json"
}

// keep runs next and stores its answer. Whatever ends without a 2xx, a panic
// too, frees the key. The end of the request must not lose the answer.
func (a *API) keep(c echo.Context, op Operation, held identity.Reservation, next func()) {
	ctx := context.WithoutCancel(c.Request().Context())
	tee := &teeWriter{ResponseWriter: c.Response().Writer}
	c.Response().Writer = tee
	finished := false
	defer func() {
		status := c.Response().Status
		var err error
		if finished && status >= 200 && status < 300 {
			err = a.deps.Idempotency.Complete(ctx, held, kept(c, op, tee))
		} else {
			err = a.deps.Idempotency.Release(ctx, held)
		}
		if err != nil {
			a.log.ErrorContext(ctx, "idempotency key not settled", "request_id", audit.RequestOf(ctx), "cause", err)
		}
	}()
	next()
	finished = true
}

// kept is the answer to store; one that shows a secret is stored without it.
func kept(c echo.Context, op Operation, tee *teeWriter) identity.StoredAnswer {
	h := c.Response().Header()
	answer := identity.StoredAnswer{
		Status: c.Response().Status, Location: h.Get("Location"), ETag: h.Get("ETag"), Body: tee.body.Bytes(),
	}
	if op.SecretOnce {
		answer.Body = nil
	}
	return answer
}

// teeWriter remembers what is written.
type teeWriter struct {
	http.ResponseWriter
	body bytes.Buffer
}

// Write implements http.ResponseWriter.
func (t *teeWriter) Write(p []byte) (int, error) {
	t.body.Write(p)
	n, err := t.ResponseWriter.Write(p)
	if err != nil {
		return n, fmt.Errorf("send the answer: %w", err)
	}
	return n, nil
}

// Unwrap gives response controllers the connection.
func (t *teeWriter) Unwrap() http.ResponseWriter { return t.ResponseWriter }
