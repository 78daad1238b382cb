package provider

import (
	"context"
	"time"
)

type throttleKey struct{}

// OnThrottle returns a context whose provider calls report that they are held
// back by rate limits: note is called with the moment a wait ends when it
// begins, and with the zero time when it is over. It runs on the calling
// goroutine and must not block.
func OnThrottle(ctx context.Context, note func(until time.Time)) context.Context {
	return context.WithValue(ctx, throttleKey{}, note)
}

// NoteThrottle tells whoever listens on ctx that a call waits until then; the
// zero time says that the wait is over. Adapters call it.
func NoteThrottle(ctx context.Context, until time.Time) {
	if note, ok := ctx.Value(throttleKey{}).(func(time.Time)); ok {
		note(until)
	}
}
