package middleware

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
)

// RequestID names the request: in its context, its answer and every log line.
// What a client sends as a request id is not used.
func RequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := uuid.Must(uuid.NewV7()).String()
		c.Response().Header().Set("X-Request-Id", id)
		c.SetRequest(c.Request().WithContext(audit.WithRequest(c.Request().Context(), id)))
		return next(c)
	}
}

// Observer hears about each finished request: its route template, not its
// address, so that neither logs nor metrics carry ids or values.
type Observer func(ctx context.Context, method, route string, status int, took time.Duration)

// Observe answers errors at once, so that the status is known, and then tells
// the observers.
func Observe(observers ...Observer) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			begun := time.Now()
			if err := next(c); err != nil {
				c.Error(err)
			}
			route := c.Path()
			if route == "" {
				route = "unmatched"
			}
			for _, observe := range observers {
				observe(c.Request().Context(), c.Request().Method, route, c.Response().Status, time.Since(begun))
			}
			return nil
		}
	}
}

// AccessLog writes one line per request.
func AccessLog(log *slog.Logger) Observer {
	return func(ctx context.Context, method, route string, status int, took time.Duration) {
		attrs := []slog.Attr{
			slog.String("request_id", audit.RequestOf(ctx)), slog.String("method", method),
			slog.String("route", route), slog.Int("status", status),
			slog.Float64("duration_ms", float64(took.Microseconds())/1000),
		}
		if a, err := Actor(ctx); err == nil {
			attrs = append(attrs, slog.String("user_id", string(a.UserID)), slog.String("via", string(a.Via)))
		}
		log.LogAttrs(ctx, slog.LevelInfo, "request", attrs...)
	}
}

// Recover turns a panic into an error, which becomes the opaque 500. The stack
// is logged, the request is not.
func Recover(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				r := recover()
				if r == nil {
					return
				}
				if e, ok := r.(error); ok && errors.Is(e, http.ErrAbortHandler) {
					panic(r)
				}
				log.ErrorContext(c.Request().Context(), "handler panicked",
					"request_id", audit.RequestOf(c.Request().Context()), "route", c.Path(), "stack", string(debug.Stack()))
				err = fmt.Errorf("panic of type %T", r)
			}()
			return next(c)
		}
	}
}

type headKey struct{}

// HeadAsGet lets every GET route answer HEAD: the handler sees a GET, and what
// it writes as a body is dropped.
func HeadAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(context.WithValue(r.Context(), headKey{}, true))
			r.Method = http.MethodGet
			w = bodiless{w}
		}
		next.ServeHTTP(w, r)
	})
}

// WasHead reports whether a GET arrived as HEAD; streams then end at once.
func WasHead(ctx context.Context) bool { return ctx.Value(headKey{}) != nil }

type bodiless struct{ http.ResponseWriter }

// Write drops the body.
func (b bodiless) Write(p []byte) (int, error) { return len(p), nil }

// Unwrap gives response controllers the connection.
func (b bodiless) Unwrap() http.ResponseWriter { return b.ResponseWriter }

// Flush implements http.Flusher where the connection does.
func (b bodiless) Flush() {
	if f, ok := b.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
