package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// followEvery is how often a stream looks for what has moved; recheckEvery how
// often it asks whether its reader may still look.
const (
	followEvery  = 500 * time.Millisecond
	recheckEvery = 10 * time.Second
)

// eventBatch bounds what one look brings.
const eventBatch = 200

type workspaceEventsInput struct {
	InWorkspace
	LastEventID
	StreamReader
}

type operationEventsInput struct {
	InOperation
	LastEventID
	StreamReader
}

// StreamReader is what the reader of a stream proved itself with, to be asked
// again while the stream lasts; embed it. It is no parameter of the description.
type StreamReader struct{ token, cookies string }

// Resolve implements huma.Resolver.
func (c *StreamReader) Resolve(hc huma.Context) []error {
	_, c.token, _ = strings.Cut(hc.Header("Authorization"), " ")
	c.cookies = hc.Header("Cookie")
	return nil
}

func registerEvents(a *API) {
	known := &heads{}
	data := map[string]any{"operation.updated": OperationView{}}
	RegisterStream(a, Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}/events", ID: "stream-events", Tag: TagOperations,
		Summary:     "Follow all operations",
		Description: "An operation.updated with the present state of each visible operation that moves. Without Last-Event-ID it begins with those that are active.",
		Authz:       operationsView,
	}, data, func(ctx context.Context, in *workspaceEventsInput) (Stream, error) {
		return follower{
			api: a, heads: known, scope: Scope(ctx), proof: in.StreamReader,
			filter: operation.ChangeFilter{After: in.LastEventID.LastEventID, Limit: eventBatch},
		}.follow, nil
	})
	RegisterStream(a, Operation{
		Method: http.MethodGet, Path: "/workspaces/{workspace_id}/operations/{operation_id}/events", ID: "stream-operation-events", Tag: TagOperations,
		Summary:     "Follow one operation",
		Description: "An operation.updated whenever the operation moves, beginning with its present state. The stream ends after the operation has completed.",
		Authz:       operationsView,
	}, data, func(ctx context.Context, in *operationEventsInput) (Stream, error) {
		if _, err := a.deps.Operations.Get(ctx, Scope(ctx), in.OperationID); err != nil {
			return nil, err
		}
		return follower{
			api: a, heads: known, scope: Scope(ctx), proof: in.StreamReader,
			filter: operation.ChangeFilter{After: in.LastEventID.LastEventID, Only: in.OperationID, Limit: eventBatch},
		}.follow, nil
	})
}

// follower is one stream of what moves after the filter's position.
type follower struct {
	api    *API
	heads  *heads
	scope  access.Scope
	proof  StreamReader
	filter operation.ChangeFilter
	send   func(Event) error
}

// follow lasts for as long as the reader may look and, for one operation, until
// it has completed.
func (f follower) follow(ctx context.Context, send func(Event) error) error {
	f.send = send
	f.filter.Active = f.filter.After == 0 && f.filter.Only == ""
	looked, checked := int64(-1), time.Now()
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		ended, err := f.look(ctx, &looked)
		if err != nil || ended {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if time.Since(checked) < recheckEvery {
			continue
		}
		if f.scope, err = f.stillAdmitted(ctx); err != nil {
			return accessEnded(err)
		}
		checked = time.Now()
	}
}

// look sends what moved since the last look, if anything did.
func (f *follower) look(ctx context.Context, looked *int64) (ended bool, err error) {
	now, err := f.heads.of(ctx, f.api.deps.Operations, f.scope)
	if err != nil || now == *looked {
		return false, err
	}
	first := *looked < 0
	*looked = now
	ended, err = f.sendChanges(ctx)
	if f.filter.Active && err == nil {
		// What is active was shown; from here on everything that moves counts.
		f.filter.Active, f.filter.After = false, now
	}
	if ended || err != nil || !first || f.filter.Only == "" {
		return ended, err
	}
	// The reader may have resumed after the end: then nothing will move.
	r, err := f.api.deps.Operations.Get(ctx, f.scope, f.filter.Only)
	return err == nil && r.Status == operation.Completed, err
}

// sendChanges sends what moved and moves the filter on; ended says that the one
// operation that is followed has completed.
func (f *follower) sendChanges(ctx context.Context) (ended bool, err error) {
	for {
		runs, err := f.api.deps.Operations.Changes(ctx, f.scope, f.filter)
		if err != nil {
			return false, err
		}
		for _, r := range runs {
			if err := f.send(Event{ID: r.ChangeSeq, Name: "operation.updated", Data: viewOperation(f.scope, r)}); err != nil {
				return false, err
			}
			f.filter.After = r.ChangeSeq
			ended = f.filter.Only != "" && r.Status == operation.Completed
		}
		if len(runs) < eventBatch {
			return ended, nil
		}
	}
}

// stillAdmitted asks again who the reader is and what it may see.
func (f *follower) stillAdmitted(ctx context.Context) (access.Scope, error) {
	deps := f.api.deps
	if _, err := f.proof.actor(ctx, deps); err != nil {
		return f.scope, err
	}
	s, err := deps.Gate.Again(ctx, f.scope, "", access.WorkspaceOperationsView)
	if err == nil && f.filter.Only != "" {
		_, err = deps.Operations.Get(ctx, s, f.filter.Only)
	}
	return s, err
}

// actor is whom the credential still proves.
func (c StreamReader) actor(ctx context.Context, deps Deps) (access.Actor, error) {
	if c.token != "" {
		return deps.Identity.Token(ctx, c.token)
	}
	r := http.Request{Header: http.Header{"Cookie": {c.cookies}}}
	cookie, err := r.Cookie(deps.cookieName())
	if err != nil {
		return access.Actor{}, problem.Unauthenticated()
	}
	return deps.Identity.Session(ctx, cookie.Value)
}

// accessEnded turns a refusal into the ordinary end of a stream: its reader finds
// out why when it asks again. Other errors stay.
func accessEnded(err error) error {
	refusals := []fault.Kind{fault.Unauthenticated, fault.NotFound, fault.Forbidden}
	if f := fault.As(err); f != nil && slices.Contains(refusals, f.Kind) {
		return nil
	}
	return err
}

// heads remembers for a moment how far each workspace has moved, so that many
// streams ask the database once. A number is only ever behind, never ahead.
type heads struct {
	mu sync.Mutex
	at map[tenancy.WorkspaceID]head
}

type head struct {
	seq  int64
	read time.Time
}

// headMemory bounds how many workspaces are remembered.
const headMemory = 10_000

func (h *heads) of(ctx context.Context, ops *operation.Service, s access.Scope) (int64, error) {
	h.mu.Lock()
	known, ok := h.at[s.Workspace()]
	h.mu.Unlock()
	if ok && time.Since(known.read) < followEvery {
		return known.seq, nil
	}
	read := time.Now()
	seq, err := ops.Head(ctx, s)
	if err != nil {
		return 0, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at == nil || len(h.at) >= headMemory {
		h.at = map[tenancy.WorkspaceID]head{}
	}
	h.at[s.Workspace()] = head{seq, read}
	return seq, nil
}
