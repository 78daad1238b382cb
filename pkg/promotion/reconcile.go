package promotion

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// createdSlack is how far the target's clock may be behind ours.
const createdSlack = 5 * time.Minute

// reconcile brings one journal row to rest by reading the target. Nothing is
// sent while a row is open.
func (i *item) reconcile(ctx context.Context, r *JournalRequest) error {
	if r.Kind == provider.StepCreate {
		i.attempts = max(i.attempts, 1)
	}
	switch {
	case r.Status == Settled && r.ObjectID != "":
		i.objectID = r.ObjectID
		return nil
	case r.Status != Intent:
		return nil
	case r.Kind != provider.StepCreate:
		return i.settle(ctx, r, Unknown, 0, "")
	}
	return i.findCreated(ctx, r)
}

// findCreated looks for the object an unanswered create may have made: at once,
// and at the quarantine's moments. One match is adopted; none after the last
// moment proves that there is none; two are for a person to sort out.
func (i *item) findCreated(ctx context.Context, r *JournalRequest) error {
	for _, after := range i.Timing.Reconcile {
		wait := r.SentAt.Add(after).Sub(i.x.Now())
		if err := i.pause(ctx, operation.WaitRetry, "Checking in the target whether an unanswered request took effect", wait); err != nil {
			return err
		}
		matches, err := i.matches(ctx, r)
		if err != nil {
			return err
		}
		switch len(matches) {
		case 0:
			continue
		case 1:
			i.objectID = matches[0]
			return i.settle(ctx, r, Settled, 0, "")
		}
		return i.duplicated(ctx, r, matches)
	}
	if err := i.settle(ctx, r, Abandoned, 0, ""); err != nil {
		return err
	}
	if i.creates() >= i.Timing.Creates {
		return fail(operation.ReasonOutcomeUnknown, "")
	}
	return nil
}

// reasonNotSent marks journal rows of requests that never left.
const reasonNotSent = "not_sent"

// creates counts the creates that left.
func (i *item) creates() int {
	n := 0
	for _, r := range i.journal {
		if r.Kind == provider.StepCreate && r.Reason != reasonNotSent {
			n++
		}
	}
	return n
}

func (i *item) duplicated(ctx context.Context, r *JournalRequest, ids []string) error {
	i.duplicates, i.objectID = ids, ids[0]
	if err := i.settle(ctx, r, Settled, 0, operation.ReasonDuplicateInTarget); err != nil {
		return err
	}
	return fail(operation.ReasonDuplicateInTarget, fmt.Sprintf("%s The objects are %s and %s.",
		operation.Sentence(operation.ReasonDuplicateInTarget), ids[0], ids[1]))
}

// matches are the objects that a create of ours can have made: same type and
// name, not there before, not older than the request, and equal to what it sent.
func (i *item) matches(ctx context.Context, r *JournalRequest) ([]string, error) {
	found, err := i.target.Writer.FindByName(ctx, i.typ, i.step.Name)
	if err != nil {
		return nil, fmt.Errorf("look for what a create made: %w", err)
	}
	var ids []string
	for _, o := range found {
		if slices.Contains(r.PreIDs, o.ID) || madeBefore(o, r.SentAt.Add(-createdSlack)) {
			continue
		}
		s, err := subject.Parse(i.typ, o.Raw, string(i.target.Tenant.DirectoryID))
		if err == nil && s.Identity == i.intended.Identity && i.carries(s) {
			ids = append(ids, o.ID)
		}
	}
	return ids, nil
}

// carries reports whether an object shows what the create wrote. What later
// requests of the recipe write (rules, apps, messages) may still be missing.
func (i *item) carries(s *subject.Subject) bool {
	want, _ := i.intended.Content.(map[string]subject.Node)
	have, _ := s.Content.(map[string]subject.Node)
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if n, shown := have[k]; shown && !subject.SameNode(n, want[k]) {
			return false
		}
	}
	return true
}

// madeBefore reports whether the object says that it is older. Types without a
// time say nothing.
func madeBefore(o provider.Object, limit time.Time) bool {
	var times struct {
		Created *time.Time `json:"createdDateTime"`
	}
	if err := json.Unmarshal(o.Raw, &times); err != nil || times.Created == nil || times.Created.Year() < 2000 {
		return false
	}
	return times.Created.Before(limit)
}

// read reads the object, waiting for it to become visible.
func (i *item) read(ctx context.Context) (*provider.Object, error) {
	if i.objectID == "" {
		return nil, nil
	}
	var last error
	for _, pause := range i.Timing.ReadBack {
		if err := i.pause(ctx, operation.WaitRetry, "Waiting for the target to show what was written", pause); err != nil {
			return nil, err
		}
		o, err := i.target.Writer.Get(ctx, i.typ, i.objectID)
		if err == nil {
			i.seen = &o
			return &o, nil
		}
		if last = err; provider.ClassOf(err) != provider.Gone {
			break
		}
	}
	return nil, i.lost(last)
}

// lost sorts a reading that failed after something was sent.
func (i *item) lost(err error) error {
	switch provider.ClassOf(err) {
	case provider.Gone, provider.Denied, provider.Unreadable, provider.Invalid:
		return fail(operation.ReasonOutcomeUnknown, "")
	default:
		return err
	}
}

// readBack counts the item as done only when the target shows what was intended.
func (i *item) readBack(ctx context.Context) error {
	for _, pause := range i.Timing.ReadBack {
		if err := i.pause(ctx, operation.WaitRetry, "Waiting for the target to show what was written", pause); err != nil {
			return err
		}
		i.Hook.At(PointReadBack)
		o, err := i.target.Writer.Get(ctx, i.typ, i.objectID)
		if err != nil {
			if provider.ClassOf(err) == provider.Gone {
				continue
			}
			return i.lost(err)
		}
		i.seen = &o
		content, assignments, err := i.missing(&o)
		if err != nil {
			return err
		}
		if !content && !assignments {
			return i.unique(ctx)
		}
	}
	if i.seen == nil {
		return fail(operation.ReasonOutcomeUnknown, "")
	}
	return fail(operation.ReasonReadbackUnequal, "")
}

// unique looks once more for a twin, but only where one could have come to be or
// to be taken for ours: a create that was sent, or may have been sent, more than
// once, or whose object was found instead of answered.
func (i *item) unique(ctx context.Context) error {
	if i.step.Action != Create || (i.creates() < 2 && !i.wasResumed() && !i.wasFound()) {
		return nil
	}
	ids, err := i.matches(ctx, &i.journal[0])
	if err != nil {
		return i.lost(err)
	}
	if len(ids) < 2 {
		return nil
	}
	i.duplicates = ids
	return fail(operation.ReasonDuplicateInTarget, fmt.Sprintf("%s The objects are %s and %s.",
		operation.Sentence(operation.ReasonDuplicateInTarget), ids[0], ids[1]))
}

// wasResumed reports whether an earlier owner of the run worked on this item.
func (i *item) wasResumed() bool {
	return slices.ContainsFunc(i.journal, func(r JournalRequest) bool { return r.Epoch != i.x.Epoch() })
}

// wasFound reports whether reading the target, not an answer, told which object
// the create made.
func (i *item) wasFound() bool {
	return slices.ContainsFunc(i.journal, func(r JournalRequest) bool {
		return r.Kind == provider.StepCreate && r.Status == Settled && r.HTTP == 0
	})
}
