package inventory

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// batchSize is how many objects one transaction stores.
const batchSize = 100

// SyncWork is the work of inventory.sync; its items are policy types.
type SyncWork struct {
	Verify *VerifyWork
	Store  SyncStore
}

// Type implements operation.Work.
func (*SyncWork) Type() operation.Type { return operation.InventorySync }

// SyncItems are the items of a sync of types, or of every type.
func SyncItems(types []subject.TypeKey) []operation.PlannedItem {
	wanted := make(map[subject.TypeKey]bool, len(types))
	for _, t := range types {
		wanted[t] = true
	}
	var items []operation.PlannedItem
	for _, t := range subject.Types() {
		if len(types) == 0 || wanted[t.Key] {
			items = append(items, operation.PlannedItem{Label: t.Label, PolicyType: string(t.Key), Action: "sync"})
		}
	}
	return items
}

// Do implements operation.Work: verify the connection, read the reference
// index, then every type that has no verdict yet, then renew what comparison
// sees of subjects whose references were renamed.
func (w *SyncWork) Do(ctx context.Context, x operation.Execution) error {
	done, err := x.Verdicts(ctx)
	if err != nil {
		return err
	}
	if reason, err := x.MayGoOn(ctx, 0); err != nil || reason != "" {
		return err
	}
	opened, err := w.Verify.look(ctx, x)
	if connectionFailure(err) != nil {
		return w.failAll(ctx, x, done)
	}
	if err != nil {
		return err
	}
	s := &pass{SyncWork: w, x: x, opened: opened}
	if err := s.references(ctx); err != nil {
		return err
	}
	for _, item := range x.Run().Items {
		if _, settled := done[item.Ordinal]; settled {
			continue
		}
		if reason, err := x.MayGoOn(ctx, 0); err != nil || reason != "" {
			return err
		}
		if err := s.item(ctx, item); err != nil {
			return err
		}
	}
	return s.project(ctx)
}

// failAll gives every open item the connection's failure.
func (w *SyncWork) failAll(ctx context.Context, x operation.Execution, done map[int]operation.Verdict) error {
	for _, item := range x.Run().Items {
		if _, settled := done[item.Ordinal]; settled {
			continue
		}
		c := Capture{What: item.PolicyType, StartedAt: now(x), ReasonCode: ReasonConnectionFailed, Message: Sentences[ReasonConnectionFailed]}
		if err := settleType(ctx, w.Store, x, item, c, 0); err != nil {
			return err
		}
	}
	return nil
}

// pass is one walk over a tenant.
type pass struct {
	*SyncWork
	x      operation.Execution
	opened Opened
	names  Names
}

func now(x operation.Execution) time.Time { return x.Now().UTC().Truncate(time.Microsecond) }

// references captures the kinds that are no policy types. A kind that cannot be
// read keeps what is known and is marked incomplete.
func (s *pass) references(ctx context.Context) error {
	for _, kind := range subject.IndexedKinds {
		if err := s.reference(ctx, kind); err != nil {
			return fmt.Errorf("reference index of %s: %w", kind, err)
		}
	}
	return s.loadNames(ctx)
}

func (s *pass) reference(ctx context.Context, kind subject.RefKind) error {
	c := Capture{What: CaptureOf(kind), StartedAt: now(s.x)}
	var refs []IndexedReference
	err := s.opened.Reader.References(ctx, kind, func(r provider.Reference) error {
		if !strings.ContainsRune(r.ID+r.Name, 0) {
			refs = append(refs, IndexedReference{Kind: r.Kind, ID: r.ID, Name: r.Name})
		}
		return nil
	})
	if err != nil {
		if provider.ClassOf(err) == "" {
			return err
		}
		c.ReasonCode, c.Message = failureCode(err)
	} else {
		c.Complete, c.Objects = true, len(refs)
	}
	return s.x.Fenced(ctx, func(ctx context.Context) error {
		run := s.x.Run()
		if c.Complete {
			if err := s.Store.ReplaceReferences(ctx, s.x.Scope(), run.TenantID, kind, refs); err != nil {
				return err
			}
		}
		return s.Store.SaveCapture(ctx, s.x.Scope(), run.TenantID, string(run.ID), c)
	})
}

func (s *pass) loadNames(ctx context.Context) error {
	refs, err := s.Store.NamesOf(ctx, s.x.Scope(), s.x.Run().TenantID)
	if err != nil {
		return fmt.Errorf("load names: %w", err)
	}
	s.names = NewNames(refs)
	return nil
}

// item reads one policy type and settles it.
func (s *pass) item(ctx context.Context, item operation.PlannedItem) error {
	if err := s.x.Begin(ctx, item.Ordinal); err != nil {
		return err
	}
	t := subject.Lookup(subject.TypeKey(item.PolicyType))
	l := &listing{pass: s, t: t, capture: Capture{What: string(t.Key), StartedAt: now(s.x)}}
	if err := l.read(ctx); err != nil {
		return fmt.Errorf("sync %s: %w", t.Key, err)
	}
	return settleType(ctx, s.Store, s.x, item, l.capture, l.changes)
}

// settleType stores the attempt, the deletions it proves and the verdict.
func settleType(ctx context.Context, store SyncStore, x operation.Execution, item operation.PlannedItem, c Capture, changes int) error {
	v := operation.Verdict{
		Ordinal: item.Ordinal, Status: operation.ItemSucceeded, Effect: operation.EffectUnchanged,
		Attempts: 1, StartedAt: c.StartedAt, FinishedAt: x.Now(),
	}
	if !c.Complete {
		v.Status, v.Effect, v.ReasonCode, v.Message = operation.ItemFailed, "", c.ReasonCode, c.Message
	}
	run := x.Run()
	deleted := 0
	if c.Complete {
		// Counted before the verdict, in a transaction of its own: marking again is harmless.
		err := x.Fenced(ctx, func(ctx context.Context) (err error) {
			deleted, err = store.MarkDeleted(ctx, x.Scope(), run.TenantID, subject.TypeKey(c.What), c.StartedAt)
			return err
		})
		if err != nil {
			return err
		}
		if changes+deleted > 0 {
			v.Effect = operation.EffectUpdated
		}
	}
	return x.Settle(ctx, v, func(ctx context.Context) error {
		return store.SaveCapture(ctx, x.Scope(), run.TenantID, string(run.ID), c)
	})
}
