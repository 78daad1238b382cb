package promotion

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// round sends what the object still lacks. It reports whether the object has to
// be read and looked at again, because a request got no clear answer.
func (i *item) round(ctx context.Context, current *provider.Object) (again bool, err error) {
	content, assignments, err := i.missing(current)
	if err != nil || (!content && !assignments) {
		return false, err
	}
	steps, err := i.target.Writer.Steps(provider.Desired{
		Type: i.typ, Content: i.payload.Content, WriteContent: content,
		Assignments: rawList(i.payload.Assignments), WriteAssignments: assignments,
	}, current)
	if err != nil {
		return false, fail(operation.ReasonPayloadUnresolvable, "")
	}
	for _, s := range steps {
		clear, err := i.send(ctx, s)
		if err != nil {
			return false, err
		}
		if !clear {
			return true, nil
		}
	}
	return false, nil
}

// send makes one mutating request. Its intent is committed before it leaves, and
// what became of it right after. clear is false when it may or may not have
// taken effect and the object must be read first.
func (i *item) send(ctx context.Context, s provider.Step) (clear bool, err error) {
	r, err := i.intent(ctx, s)
	if err != nil {
		return false, err
	}
	for {
		sent, err := i.sendOnce(ctx, s, r)
		e, refused := errors.AsType[*provider.Error](err)
		switch {
		case err == nil:
			return true, i.took(ctx, r, sent)
		case !refused:
			return false, err // ours: the intent stays and is reconciled later
		case e.Class == provider.Throttled:
			if err := i.pause(ctx, operation.WaitThrottle, "Microsoft Graph asks to slow down", max(e.RetryAfter, i.Timing.Throttle)); err != nil {
				return false, err
			}
			if err := i.renew(ctx, r); err != nil {
				return false, err
			}
		case e.Ambiguous:
			return i.unanswered(ctx, s, r)
		case e.Class == provider.Unavailable, e.Class == provider.NoToken:
			return false, i.unsent(ctx, r, e)
		default:
			return false, i.refused(ctx, r, e)
		}
	}
}

// intent commits the journal row of a request that is about to be sent.
func (i *item) intent(ctx context.Context, s provider.Step) (*JournalRequest, error) {
	hash, err := requestHash(s)
	if err != nil {
		return nil, err
	}
	r := JournalRequest{
		Run: i.x.Run().ID, Item: i.step.Ordinal, Request: len(i.journal) + 1, Epoch: i.x.Epoch(),
		Kind: s.Kind, Status: Intent, Hash: hash, PreIDs: i.preIDs, SentAt: i.now(), ObjectID: i.objectID,
	}
	if err := i.x.Fenced(ctx, func(ctx context.Context) error { return i.Store.SaveIntent(ctx, r) }); err != nil {
		return nil, fmt.Errorf("commit the intent: %w", err)
	}
	i.Hook.At(PointIntentCommitted)
	i.journal = append(i.journal, r)
	return &i.journal[len(i.journal)-1], nil
}

// renew commits that a request which the target refused unprocessed is about to
// be sent again: what it may have done is looked for from this moment on.
func (i *item) renew(ctx context.Context, r *JournalRequest) error {
	r.SentAt, r.Epoch = i.now(), i.x.Epoch()
	if err := i.x.Fenced(ctx, func(ctx context.Context) error { return i.Store.SaveIntent(ctx, *r) }); err != nil {
		return fmt.Errorf("renew the intent: %w", err)
	}
	return nil
}

func requestHash(s provider.Step) (fingerprint.Digest, error) {
	if len(s.Body) == 0 {
		return fingerprint.Of([]byte(s.Method + " " + s.Path)), nil
	}
	return fingerprint.OfJSON(s.Body)
}

func (i *item) now() time.Time { return i.x.Now().UTC().Truncate(time.Microsecond) }

// sendOnce asks for enough of the lease and sends the request exactly once.
func (i *item) sendOnce(ctx context.Context, s provider.Step, r *JournalRequest) (provider.Sent, error) {
	if _, err := i.x.MayGoOn(ctx, i.Timing.Request); err != nil {
		return provider.Sent{}, err
	}
	if s.Kind == provider.StepCreate {
		i.attempts++
	}
	sctx, cancel := context.WithTimeout(ctx, i.Timing.Request)
	defer cancel()
	sent, err := i.target.Writer.Send(sctx, s, i.objectID, requestID(r))
	i.Hook.At(PointRequestAnswered)
	return sent, err
}

// requestID is the same for the same row of the journal, for tracing in the
// provider's logs.
func requestID(r *JournalRequest) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s/%d/%d", r.Run, r.Item, r.Request)).String()
}

func (i *item) took(ctx context.Context, r *JournalRequest, sent provider.Sent) error {
	if r.Kind == provider.StepCreate {
		i.objectID = sent.ObjectID
	}
	return i.settle(ctx, r, Settled, sent.Status, "")
}

func (i *item) settle(ctx context.Context, r *JournalRequest, status RequestStatus, http int, reason string) error {
	r.Status, r.HTTP, r.Reason, r.ObjectID, r.Epoch = status, http, reason, i.objectID, i.x.Epoch()
	if err := i.x.Fenced(ctx, func(ctx context.Context) error { return i.Store.SettleRequest(ctx, *r) }); err != nil {
		return fmt.Errorf("settle the request: %w", err)
	}
	i.Hook.At(PointRequestSettled)
	return nil
}

// refused: the target said no, so nothing happened, and the item fails with the
// target's own words.
func (i *item) refused(ctx context.Context, r *JournalRequest, e *provider.Error) error {
	if err := i.settle(ctx, r, Refused, e.Status, e.Code); err != nil {
		return err
	}
	if i.objectID != "" {
		if _, err := i.read(ctx); err != nil {
			return err
		}
	}
	return fail(operation.ReasonTargetRefused, e.Message)
}

// unsent: the request never left, which is proven; the item is taken up again
// when the run is resumed.
func (i *item) unsent(ctx context.Context, r *JournalRequest, e *provider.Error) error {
	if err := i.settle(ctx, r, Abandoned, e.Status, reasonNotSent); err != nil {
		return err
	}
	return fmt.Errorf("send to the target: %w", e)
}

// unanswered handles a request that may have taken effect. A create is looked
// for; anything else is read and looked at again.
func (i *item) unanswered(ctx context.Context, s provider.Step, r *JournalRequest) (clear bool, err error) {
	if s.Kind != provider.StepCreate {
		return false, i.settle(ctx, r, Unknown, 0, "")
	}
	return false, i.reconcile(ctx, r)
}

// pause waits while the lease is kept alive, and shows what for.
func (i *item) pause(ctx context.Context, kind operation.WaitKind, label string, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	if err := i.x.Wait(ctx, &operation.Waiting{Kind: kind, Label: label, Since: i.now()}); err != nil {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	return i.x.Wait(ctx, nil)
}
