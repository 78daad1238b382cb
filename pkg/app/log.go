package app

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"sync"

	"github.com/redis/go-redis/v9"
)

const redacted = "[redacted]"

// secretKeys are attribute names whose values are never written; secretShapes
// are values that are never written whatever they are called.
var (
	secretKeys   = regexp.MustCompile(`(?i)(authorization|cookie|secret|token|password|assertion|client_|private_key|database_url|redis_url|dsn)`)
	secretShapes = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}|ta_pat_[0-9A-Za-z]+|-----BEGIN [A-Z ]+-----|(postgres(ql)?|rediss?)://[^\s"]+`)
)

// NewLogger writes one JSON object a line, without anything that looks like a
// credential.
func NewLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(masked{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: mask})})
}

// masked also hides what stands in the message itself.
type masked struct{ slog.Handler }

// Handle implements slog.Handler.
func (m masked) Handle(ctx context.Context, r slog.Record) error {
	r.Message = hide(r.Message)
	return m.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (m masked) WithAttrs(attrs []slog.Attr) slog.Handler { return masked{m.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (m masked) WithGroup(name string) slog.Handler { return masked{m.Handler.WithGroup(name)} }

func mask(_ []string, a slog.Attr) slog.Attr {
	if secretKeys.MatchString(a.Key) {
		return slog.String(a.Key, redacted)
	}
	switch v := a.Value.Resolve(); v.Kind() { //nolint:exhaustive // only texts and errors can hold text
	case slog.KindString:
		return slog.String(a.Key, hide(v.String()))
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			return slog.String(a.Key, hide(err.Error()))
		}
	}
	return a
}

func hide(text string) string { return secretShapes.ReplaceAllString(text, redacted) }

// quietRedis drops the lines that the Redis client would print by itself, once
// for the whole process; a server that is away is told by /readyz and by the
// worker.
var quietRedis = sync.OnceFunc(func() { redis.SetLogger(silence{}) })

type silence struct{}

// Printf implements the client's logging.
func (silence) Printf(context.Context, string, ...any) {}
