package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Recorder appends events. Record works in the transaction that ctx carries, so
// that an act and its record stand or fall together; without one it commits on
// its own. It sets ID, Seq and At, fills RequestID from ctx when it is empty, and
// refuses what Check refuses.
type Recorder interface {
	Record(ctx context.Context, e Event) error
}

// Filter narrows a listing; zero values do not narrow.
type Filter struct {
	Action      Action
	ActorID     tenancy.UserID
	TenantID    tenancy.TenantID
	OperationID string
	Since       time.Time // inclusive
	Limit       int       // 1–200; 0 means 50; an export ignores it
	Cursor      string    // from the page before; an export ignores it
}

// Page is one page of events, newest first.
type Page struct {
	Items      []Event
	NextCursor string // empty on the last page
}

// By returns a copy that names who acted.
func (e Event) By(id tenancy.UserID, name, via string) Event {
	e.ActorID, e.ActorName, e.ActorVia = id, name, via
	return e
}

// Check returns an error when the event may not be recorded: an action outside
// the catalogue, or no word on how the actor came. Both are mistakes in the
// program.
func Check(e Event) error {
	if _, known := Find(e.Action); !known {
		return fmt.Errorf("audit: %q is not in the catalogue", e.Action)
	}
	if e.ActorVia == "" {
		return fmt.Errorf("audit: %s does not say how its actor came", e.Action)
	}
	return nil
}

type requestKey struct{}

// WithRequest returns a context whose events carry the request's id.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf returns the id set by WithRequest, or "".
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string) // absent outside a request
	return id
}
