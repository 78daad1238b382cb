package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

// lossy is the store on a bad line: the next commits happen, but their
// acknowledgement is lost; the next releases do not reach the database at all.
type lossy struct {
	*store.DB
	acks, releases atomic.Int32
}

func (l *lossy) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	err := l.DB.InTx(ctx, fn)
	if err == nil && l.acks.Add(-1) >= 0 {
		return fault.Away(errors.New("the connection broke"))
	}
	return err
}

func (l *lossy) ReleaseLease(ctx context.Context, id operation.RunID, epoch int64, r operation.Release) error {
	if l.releases.Add(-1) >= 0 {
		return fault.Away(errors.New("the connection broke"))
	}
	return l.DB.ReleaseLease(ctx, id, epoch, r)
}

var _ = Describe("A bad line to the database", func() {
	var (
		e    *engine
		line *lossy
	)
	BeforeEach(func(ctx context.Context) {
		e = newEngine(ctx)
		line = &lossy{DB: e.db}
		e.svc = operation.NewService(operation.Config{Store: line, Audit: e.db, Now: time.Now, NewID: store.NewID})
	})

	It("does not make a worker settle an item twice when the acknowledgement is lost", func(ctx context.Context) {
		r := e.started(ctx, e.sync(2))
		line.acks.Store(0)
		did := 0
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			line.acks.Store(1)
			return settleAll(func(n int) operation.Verdict { did++; return succeeded(n) })(ctx, x)
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(did).To(Equal(2))
		Expect(e.now(ctx, r.ID).Outcome).To(Equal(operation.Succeeded))
	})

	It("does not end a run twice when the acknowledgement of its end is lost", func(ctx context.Context) {
		r := e.started(ctx, e.sync(1))
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			defer line.acks.Store(1)
			return settleAll(succeeded)(ctx, x)
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(e.now(ctx, r.ID).Outcome).To(Equal(operation.Succeeded))
		Expect(e.recorded(ctx, r.ID, "inventory.sync.completed")).To(HaveLen(1))
	})

	It("does not make a worker that gives its run back look like one that vanished", func(ctx context.Context) {
		r := e.started(ctx, e.sync(1))
		var stray operation.Execution
		runner := e.runner(func(_ context.Context, x operation.Execution) error {
			stray = x
			line.releases.Store(2)
			return errors.New("graph is away")
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		given := e.now(ctx, r.ID)
		Expect(given.LeaseOwner).To(BeEmpty())
		Expect(given.Takeovers).To(BeZero())
		Expect(given.WaitingOn).To(HaveField("Kind", operation.WaitRetry))
		Expect(stray.Fenced(ctx, func(context.Context) error { return nil })).
			To(MatchError(operation.ErrLeaseLost), "whatever is left of the work may not write any more")
	})
})
