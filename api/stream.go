package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/tenantatlas/tenantatlas/api/middleware"
)

// pingEvery keeps intermediaries from closing a quiet stream; writeTimeout ends
// one that nobody reads.
const (
	pingEvery    = 15 * time.Second
	writeTimeout = 10 * time.Second
)

// LastEventID is the input of every stream; embed it.
type LastEventID struct {
	LastEventID int64 `header:"Last-Event-ID" minimum:"0" doc:"The id of the last event received; the stream resumes after it." example:"1042"`
}

// Event is one event of a stream.
type Event struct {
	ID   int64 // positive, or 0 for an event that resuming does not count
	Name string
	Data any
}

// Stream writes events until ctx ends, send fails, or there is nothing more to
// say. It is called once the answer has begun, so its error is only logged.
type Stream func(ctx context.Context, send func(Event) error) error

type streamOutput struct {
	Body func(huma.Context)
}

// RegisterStream adds an operation that answers with Server-Sent Events. open
// is the handler: what it refuses is still an ordinary problem. events gives a
// value of each event's data type, for the description. Pings are sent by
// themselves, and the stream ends when the server drains.
func RegisterStream[I any](a *API, op Operation, events map[string]any, open func(context.Context, *I) (Stream, error)) {
	op.Stream = true
	Register(a, op, func(ctx context.Context, in *I) (*streamOutput, error) {
		stream, err := open(ctx, in)
		if err != nil {
			return nil, err
		}
		return &streamOutput{Body: func(hc huma.Context) { a.serve(hc, stream) }}, nil //nolint:contextcheck // hc brings the request's context
	})
	a.describeStream(op, events)
}

func (a *API) serve(hc huma.Context, stream Stream) {
	c := humaecho.Unwrap(hc)
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	if middleware.WasHead(ctx) {
		return
	}
	w := &eventWriter{w: c.Response(), control: http.NewResponseController(c.Response())}
	if w.raw("retry: 2000\n\n") != nil {
		return // the client is gone already
	}
	var pings sync.WaitGroup
	pings.Go(func() { w.keepAlive(ctx, cancel, a.deps.Done) })
	err := stream(ctx, w.send)
	ended := ctx.Err() != nil
	cancel()
	pings.Wait()
	if err != nil && !ended {
		a.log.WarnContext(ctx, "event stream broke off", "route", c.Path(), "cause", err)
	}
}

// eventWriter writes whole events; it is safe for concurrent use.
type eventWriter struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
}

func (w *eventWriter) send(e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("write event %s: %w", e.Name, err)
	}
	text := "event: " + e.Name + "\ndata: " + string(data) + "\n\n"
	if e.ID > 0 {
		text = fmt.Sprintf("id: %d\n%s", e.ID, text)
	}
	return w.raw(text)
}

func (w *eventWriter) raw(text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	// A connection without deadlines (a test's recorder) is written without one.
	_ = w.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := w.w.Write([]byte(text)); err != nil {
		return fmt.Errorf("send an event: %w", err)
	}
	if err := w.control.Flush(); err != nil {
		return fmt.Errorf("send an event: %w", err)
	}
	return nil
}

// keepAlive pings until ctx ends, and ends it when the server drains or the
// client is gone.
func (w *eventWriter) keepAlive(ctx context.Context, end func(), done <-chan struct{}) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-done:
			end()
			return
		case <-ticker.C:
			if w.send(Event{Name: "ping", Data: NoFields{}}) != nil {
				end()
				return
			}
		}
	}
}
