package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// writer adds the mutating side. Its session has no guard against writes.
type writer struct{ reader }

var _ provider.Writer = (*writer)(nil)

// longestPacing is how long Send may wait for its budget: whoever calls holds a
// lease that was long enough for the request itself.
const longestPacing = 5 * time.Second

var writeMethods = map[string]bool{http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true}

// Send implements provider.Writer. The request leaves the process once; a
// refused token alone is replaced and the request sent again, because it was
// not processed. Throttling is returned with the time to wait.
func (w *writer) Send(ctx context.Context, step provider.Step, id, requestID string) (provider.Sent, error) {
	path, err := stepPath(step, id)
	if err != nil {
		return provider.Sent{}, err
	}
	r := request{method: step.Method, path: path, family: writeFamily(path), body: step.Body, id: requestID}
	if err := w.s.paceWrite(ctx, r); err != nil {
		return provider.Sent{}, err
	}
	limited, cancel := context.WithTimeout(ctx, w.s.cfg.Timeouts.Write)
	defer cancel()
	a, err := w.s.authorised(limited, r, w.s.cfg.Timeouts.Write)
	if errors.Is(err, context.DeadlineExceeded) && a.at.IsZero() && ctx.Err() == nil {
		err = &provider.Error{Class: provider.Unavailable, Message: "The login service did not answer in time.", Cause: err}
	}
	if err := w.s.outcome(ctx, step, r, a, err); err != nil {
		return provider.Sent{}, err
	}
	sent := provider.Sent{Status: a.status, At: a.at}
	if step.Kind != provider.StepCreate {
		return sent, nil
	}
	if sent.ObjectID, err = createdID(a, w.s.cfg.MaxDepth); err != nil {
		return provider.Sent{}, err
	}
	return sent, nil
}

func stepPath(step provider.Step, id string) (string, error) {
	if !writeMethods[step.Method] || !strings.HasPrefix(step.Path, "/") || strings.ContainsAny(step.Path, "?#\\") || strings.Contains(step.Path, "..") || strings.Contains(step.Path, "//") {
		return "", invalid("step_malformed", "The step is not a mutating request.")
	}
	if !strings.Contains(step.Path, "{id}") {
		return step.Path, nil
	}
	if id == "" {
		return "", invalid("step_malformed", "The step needs the id of an object.")
	}
	return strings.ReplaceAll(step.Path, "{id}", escape(id)), nil
}

func writeFamily(path string) family {
	switch {
	case strings.HasPrefix(path, "/identity/conditionalAccess/"):
		return access
	case strings.HasPrefix(path, "/deviceManagement"), strings.HasPrefix(path, "/deviceAppManagement"):
		return intuneWrites
	}
	return directoryWrites
}

// paceWrite waits shortly for the budget, or says when to come again.
func (s *session) paceWrite(ctx context.Context, r request) error {
	b := s.bucket(r.family)
	wait := b.take(s.cfg.Clock.Now(), r.cost())
	if wait == 0 {
		return nil
	}
	if wait > s.patience(ctx) {
		b.giveBack(r.cost())
		return &provider.Error{Class: provider.Throttled, Code: "budget", Message: "The rate limit of the directory is used up.", RetryAfter: wait}
	}
	return s.hold(ctx, wait)
}

// patience is how long a write may be held back: half of what its caller allows
// for the whole request, at most five seconds.
func (s *session) patience(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return longestPacing
	}
	return min(longestPacing, deadline.Sub(s.cfg.Clock.Now())/2)
}

// outcome sorts the answer to a mutating request. Nil means that it was carried out.
func (s *session) outcome(ctx context.Context, step provider.Step, r request, a answer, err error) error {
	l, isLost := errors.AsType[*lost](err)
	switch {
	case err != nil && !isLost:
		return err // nothing was sent: no token, or the context ended before
	case a.status == 0:
		return lostError(l, true)
	case a.status < 200 || a.status > 299:
		e := failure(a.status, a.header, a.body, true, s.cfg.Clock.Now())
		if e.Class == provider.Throttled {
			e.RetryAfter = holdFor(e, r.family, 0)
			s.throttled(ctx, r.family, e.RetryAfter)
		}
		return e
	case isLost && step.Kind == provider.StepCreate:
		return lostError(l, true) // made, but its id went missing
	}
	return nil
}

func createdID(a answer, depth int) (string, error) {
	unknown := &provider.Error{
		Class: provider.Unreadable, Status: a.status, Ambiguous: true,
		Message: "Microsoft Graph accepted the object without saying its id.", RequestID: a.header.Get("request-id"),
	}
	if err := checkDepth(a.body, depth); err != nil {
		unknown.Cause = err
		return "", unknown
	}
	o, err := decodeObject(a.body)
	if err != nil {
		unknown.Cause = fmt.Errorf("created object: %w", err)
		return "", unknown
	}
	if text(o, "id") == "" {
		return "", unknown
	}
	return text(o, "id"), nil
}
