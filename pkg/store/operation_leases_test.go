package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

var _ = Describe("Carrying out a run", func() {
	var e *engine
	BeforeEach(func(ctx context.Context) { e = newEngine(ctx) })

	It("settles every item, tells the truth about each, and ends once", func(ctx context.Context) {
		r := e.started(ctx, e.promotion(3))
		runner := e.runner(settleAll(func(n int) operation.Verdict {
			if n == 2 {
				return operation.Verdict{Ordinal: n, Status: operation.ItemFailed, ReasonCode: operation.ReasonTargetRefused, Message: "no"}
			}
			return succeeded(n)
		}))
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(runner.Run(ctx, r.ID)).To(Succeed(), "a second bell finds nothing to do")

		done := e.now(ctx, r.ID)
		Expect(done.Outcome).To(Equal(operation.PartiallySucceeded))
		Expect(done.Counts).To(Equal(operation.Counts{Total: 3, Processed: 3, Succeeded: 2, Failed: 1, Updated: 2}))
		Expect(done.ReasonCode).To(Equal(operation.ReasonTargetRefused))
		Expect(done.LeaseOwner).To(BeEmpty())
		completed := e.recorded(ctx, r.ID, "promotion.execute.completed")
		Expect(completed).To(HaveLen(1))
		Expect(completed[0]).To(And(HaveKeyWithValue("fingerprint", "f1"), HaveKeyWithValue("outcome", "partially_succeeded"), HaveKey("counts")))
		Expect(ask[int](ctx, `SELECT count(*) FROM notifications WHERE operation_id = $1 AND user_id = $2`, r.ID, e.owner.Actor().UserID)).To(Equal(1))
	})

	It("lets exactly one of eight workers work", func(ctx context.Context) {
		r := e.started(ctx, e.sync(5))
		var began, settled atomic.Int32
		do := settleAll(func(n int) operation.Verdict { settled.Add(1); return succeeded(n) })
		var all sync.WaitGroup
		for range 8 {
			runner := e.runner(func(ctx context.Context, x operation.Execution) error {
				began.Add(1)
				return do(ctx, x)
			})
			all.Go(func() {
				defer GinkgoRecover()
				Expect(runner.Run(ctx, r.ID)).To(Succeed())
			})
		}
		all.Wait()
		Expect(began.Load()).To(BeEquivalentTo(1))
		Expect(settled.Load()).To(BeEquivalentTo(5))
		Expect(e.now(ctx, r.ID).Outcome).To(Equal(operation.Succeeded))
	})

	It("refuses everything a paused worker tries after another took over", func(ctx context.Context) {
		r := e.started(ctx, e.sync(2))
		paused, resumed := make(chan struct{}), make(chan struct{})
		var late []error
		first := e.runner(func(ctx context.Context, x operation.Execution) error {
			close(paused)
			<-resumed
			_, err := x.MayGoOn(ctx, time.Millisecond)
			late = append(late, err, x.Settle(context.WithoutCancel(ctx), succeeded(1), nil),
				x.Fenced(context.WithoutCancel(ctx), func(context.Context) error { return nil }))
			return err
		}, func(c *operation.RunnerConfig) { c.Timing.Heartbeat = time.Hour }) // as if it were stopped
		var frozen sync.WaitGroup
		frozen.Go(func() {
			defer GinkgoRecover()
			Expect(first.Run(ctx, r.ID)).To(Succeed())
		})
		<-paused
		owns(ctx, `UPDATE operation_runs SET lease_expires_at = clock_timestamp() WHERE id = $1`, r.ID)
		second := e.runner(settleAll(succeeded))
		Expect(second.Run(ctx, r.ID)).To(Succeed())
		close(resumed)
		frozen.Wait()
		Expect(late).To(HaveLen(3))
		Expect(late[1:]).To(HaveEach(MatchError(operation.ErrLeaseLost)))
		done := e.now(ctx, r.ID)
		Expect(done.Takeovers).To(Equal(1))
		Expect(done.LeaseEpoch).To(BeEquivalentTo(2))
		Expect(done.Counts.Succeeded).To(Equal(2))
		Expect(e.recorded(ctx, r.ID, "inventory.sync.completed")).To(HaveLen(1))
	})

	It("rolls back what a settle does besides when the lease is lost", func(ctx context.Context) {
		r := e.started(ctx, e.sync(1))
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			return x.Settle(ctx, succeeded(1), func(ctx context.Context) error {
				owns(ctx, `UPDATE operation_runs SET lease_epoch = lease_epoch + 1 WHERE id = $1`, r.ID)
				return nil
			})
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(ask[int](ctx, `SELECT count(*) FROM provider_writes WHERE run_id = $1`, r.ID)).To(BeZero())
	})

	It("keeps the lease while an item takes longer than it", func(ctx context.Context) {
		e.timing.Lease, e.timing.Heartbeat = 400*time.Millisecond, 50*time.Millisecond
		r := e.started(ctx, e.sync(1))
		do := settleAll(succeeded)
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			began := e.now(ctx, r.ID).LeaseExpiresAt
			Eventually(func() time.Time { return *e.now(ctx, r.ID).LeaseExpiresAt }).
				WithTimeout(5 * time.Second).Should(BeTemporally(">", began.Add(2*e.timing.Lease)))
			return do(ctx, x)
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(e.now(ctx, r.ID).Outcome).To(Equal(operation.Succeeded))
	})

	It("goes on after a fault of what it needs, without losing what was settled", func(ctx context.Context) {
		r := e.started(ctx, e.sync(3))
		do := settleAll(succeeded)
		away := true
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			if away {
				away = false
				Expect(x.Settle(ctx, succeeded(1), nil)).To(Succeed())
				return errors.New("graph is away")
			}
			return do(ctx, x)
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		waiting := e.now(ctx, r.ID)
		Expect(waiting.Status).To(Equal(operation.Running))
		Expect(waiting.WaitingOn).To(HaveField("Kind", operation.WaitRetry))
		Expect(waiting.Counts.Processed).To(Equal(1))
		Expect(ask[int](ctx, `SELECT count(*) FROM outbox WHERE run_id = $1`, r.ID)).To(Equal(2), "the next bell is already due")
		Eventually(func(g Gomega) {
			g.Expect(runner.Run(ctx, r.ID)).To(Succeed())
			g.Expect(e.now(ctx, r.ID).Outcome).To(Equal(operation.Succeeded))
		}).Should(Succeed())
		Expect(e.now(ctx, r.ID).Takeovers).To(BeZero())
	})

	It("gives up after five workers have vanished, and does not call what was begun skipped", func(ctx context.Context) {
		r := e.started(ctx, e.promotion(2))
		calls := 0
		runner := e.runner(func(ctx context.Context, _ operation.Execution) error {
			calls++
			if calls == 1 {
				owns(ctx, `INSERT INTO provider_writes (run_id, item_ordinal, request_ordinal, epoch, kind, status) VALUES ($1, 1, 1, 1, 'create', 'intent')`, r.ID)
			}
			panic("a mistake")
		}, func(c *operation.RunnerConfig) { c.Timing.RetryBase, c.Timing.RetryMax = 0, 0 })
		Eventually(func(g Gomega) {
			g.Expect(runner.Run(ctx, r.ID)).To(Succeed())
			g.Expect(e.now(ctx, r.ID).Status).To(Equal(operation.Completed))
		}).Should(Succeed())
		Expect(calls).To(Equal(6), "one start and five takeovers")
		done := e.now(ctx, r.ID)
		Expect(done.Counts).To(Equal(operation.Counts{Total: 2, Processed: 2, Failed: 1, Skipped: 1}))
		items, err := e.svc.Items(ctx, e.owner, r.ID, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(items[0].ReasonCode).To(Equal(operation.ReasonOutcomeUnknown))
		Expect(items[1].ReasonCode).To(Equal(operation.ReasonCrashLoop))
	})

	DescribeTable("stops between items and skips the rest when",
		func(ctx context.Context, reason string, outcome operation.Outcome, stop func(ctx context.Context, e *engine, r operation.Run)) {
			r := e.started(ctx, e.sync(3))
			revoked := false
			do := settleAll(func(n int) operation.Verdict {
				if stop != nil {
					stop(ctx, e, r)
				}
				revoked = true
				return succeeded(n)
			})
			runner := e.runner(do, func(c *operation.RunnerConfig) {
				c.Authorize = func(context.Context, operation.Run) (string, error) {
					if stop == nil && revoked {
						return operation.ReasonAuthorizationRevoked, nil
					}
					return "", nil
				}
			})
			Expect(runner.Run(ctx, r.ID)).To(Succeed())
			done := e.now(ctx, r.ID)
			Expect(done.Outcome).To(Equal(outcome))
			Expect(done.ReasonCode).To(Equal(reason))
			Expect(done.Counts).To(Equal(operation.Counts{Total: 3, Processed: 3, Succeeded: 1, Updated: 1, Skipped: 2}))
			skipped, err := e.svc.Items(ctx, e.owner, r.ID, operation.ItemSkipped)
			Expect(err).NotTo(HaveOccurred())
			Expect(skipped).To(HaveLen(2))
			Expect(skipped).To(HaveEach(HaveField("ReasonCode", reason)))
		},
		Entry("somebody cancels", operation.ReasonCancelled, operation.Cancelled, func(ctx context.Context, e *engine, r operation.Run) {
			after, err := e.svc.Cancel(ctx, e.owner, r.ID)
			Expect(err).NotTo(HaveOccurred())
			Expect(after.Status).To(Equal(operation.Running))
		}),
		Entry("the type is paused", operation.ReasonOperationPaused, operation.PartiallySucceeded, func(ctx context.Context, e *engine, _ operation.Run) {
			_, err := e.svc.SetControl(ctx, e.owner, operation.Control{Type: operation.InventorySync, Paused: true, Reason: "stop"}, nil)
			Expect(err).NotTo(HaveOccurred())
		}),
		Entry("the deadline passes", operation.ReasonDeadline, operation.PartiallySucceeded, func(ctx context.Context, _ *engine, r operation.Run) {
			expire(ctx, r.ID)
		}),
		Entry("the initiator may no longer", operation.ReasonAuthorizationRevoked, operation.PartiallySucceeded, nil),
	)

	It("ends blocked without calling the work when a gate is closed at the start", func(ctx context.Context) {
		r := e.started(ctx, e.promotion(2))
		runner := e.runner(func(context.Context, operation.Execution) error {
			Fail("nothing may be done")
			return nil
		}, func(c *operation.RunnerConfig) {
			c.Authorize = func(context.Context, operation.Run) (string, error) { return operation.ReasonAuthorizationRevoked, nil }
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(e.now(ctx, r.ID).Outcome).To(Equal(operation.Blocked))
	})

	It("hands the run on when the worker stops, after the item in flight", func(ctx context.Context) {
		r := e.started(ctx, e.sync(3))
		var stopping *operation.Runner
		stopping = e.runner(settleAll(func(n int) operation.Verdict { stopping.Drain(); return succeeded(n) }))
		Expect(stopping.Run(ctx, r.ID)).To(Succeed())
		between := e.now(ctx, r.ID)
		Expect(between.Counts.Processed).To(Equal(1))
		Expect(between.LeaseOwner).To(BeEmpty())
		Expect(e.runner(settleAll(succeeded)).Run(ctx, r.ID)).To(Succeed())
		done := e.now(ctx, r.ID)
		Expect(done.Outcome).To(Equal(operation.Succeeded))
		Expect(done.Takeovers).To(BeZero())
	})

	It("shows what is in progress, and what is not yet", func(ctx context.Context) {
		r := e.started(ctx, e.sync(2))
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			Expect(x.Begin(ctx, 1)).To(Succeed())
			items, err := e.svc.Items(ctx, e.owner, r.ID, "")
			Expect(err).NotTo(HaveOccurred())
			Expect(items[0].Status).To(Equal(operation.ItemInProgress))
			Expect(items[0].StartedAt).NotTo(BeNil())
			Expect(items[1].Status).To(Equal(operation.ItemPending))
			Expect(x.Wait(ctx, &operation.Waiting{Kind: operation.WaitThrottle, Label: "slow", Since: x.Now()})).To(Succeed())
			Expect(e.now(ctx, r.ID).WaitingOn).To(HaveField("Kind", operation.WaitThrottle))
			Expect(x.Settle(ctx, succeeded(1), nil)).To(Succeed())
			Expect(x.Settle(ctx, succeeded(1), nil)).To(MatchError(operation.ErrSettledTwice))
			return x.Settle(ctx, succeeded(2), nil)
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(e.now(ctx, r.ID).Outcome).To(Equal(operation.Succeeded))
	})

	It("counts items that are settled at the same time, and finishes each that was begun", func(ctx context.Context) {
		const n = 12
		r := e.started(ctx, e.sync(n))
		var runner *operation.Runner
		runner = e.runner(func(ctx context.Context, x operation.Execution) error {
			var items sync.WaitGroup
			for i := range n {
				Expect(x.Begin(ctx, i+1)).To(Succeed())
			}
			runner.Drain()
			for i := range n {
				items.Go(func() {
					defer GinkgoRecover()
					if i == 0 {
						return // stays open until the others are settled
					}
					reason, err := x.MayGoOn(ctx, time.Millisecond)
					Expect(reason, err).To(BeEmpty(), "a begun item goes on though the worker stops")
					Expect(x.Settle(ctx, succeeded(i+1), nil)).To(Succeed())
				})
			}
			items.Wait()
			Expect(e.now(ctx, r.ID).Counts.Processed).To(Equal(n - 1))
			Expect(x.Settle(ctx, succeeded(1), nil)).To(Succeed())
			_, err := x.MayGoOn(ctx, 0)
			Expect(err).To(MatchError(operation.ErrStopping))
			return nil
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		Expect(e.now(ctx, r.ID).Counts.Succeeded).To(Equal(n))
	})

	It("lets a workspace run no more than it may at once, and calls the next when one ends", func(ctx context.Context) {
		e.timing.WorkspaceRuns = 1
		first := e.started(ctx, e.sync(1))
		q := e.sync(1)
		q.TenantID = e.source
		second := e.started(ctx, q)
		do := settleAll(succeeded)
		runner := e.runner(do)
		outer := e.runner(func(ctx context.Context, x operation.Execution) error {
			Expect(runner.Run(ctx, second.ID)).To(Succeed())
			waiting := e.now(ctx, second.ID)
			Expect(waiting.Status).To(Equal(operation.Queued))
			Expect(waiting.WaitingOn).To(HaveField("Kind", operation.WaitLease))
			return do(ctx, x)
		})
		Expect(outer.Run(ctx, first.ID)).To(Succeed())
		Expect(ask[int](ctx, `SELECT count(*) FROM outbox WHERE run_id = $1`, second.ID)).To(Equal(2))
		Expect(runner.Run(ctx, second.ID)).To(Succeed())
		Expect(e.now(ctx, second.ID).Outcome).To(Equal(operation.Succeeded))
	})
})

// expire moves a run's deadline into the past, which the product cannot.
func expire(ctx context.Context, id operation.RunID) {
	GinkgoHelper()
	owns(ctx, `ALTER TABLE operation_runs DISABLE TRIGGER operation_runs_keep`)
	owns(ctx, `UPDATE operation_runs SET deadline_at = clock_timestamp() WHERE id = $1`, id)
	owns(ctx, `ALTER TABLE operation_runs ENABLE TRIGGER operation_runs_keep`)
}

var _ = Describe("Cancelling a run", func() {
	var e *engine
	BeforeEach(func(ctx context.Context) { e = newEngine(ctx) })

	It("ends a queued run at once, with every item skipped", func(ctx context.Context) {
		r := e.started(ctx, e.promotion(2))
		after, err := e.svc.Cancel(ctx, e.owner, r.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(after.Status).To(Equal(operation.Completed))
		Expect(after.Outcome).To(Equal(operation.Cancelled))
		Expect(after.Counts).To(Equal(operation.Counts{Total: 2, Processed: 2, Skipped: 2}))
		Expect(after.StartedAt).To(BeNil())
		Expect(e.recorded(ctx, r.ID, "operation.cancel_requested")).To(HaveLen(1))
		Expect(e.recorded(ctx, r.ID, "promotion.execute.completed")).To(HaveLen(1))
		e.started(ctx, e.promotion(1)) // the directory is free again
	})

	It("refuses on a completed run", func(ctx context.Context) {
		r := e.started(ctx, e.sync(1))
		Expect(e.runner(settleAll(succeeded)).Run(ctx, r.ID)).To(Succeed())
		_, err := e.svc.Cancel(ctx, e.owner, r.ID)
		Expect(fault.HasCode(err, operation.CodeOperationCompleted)).To(BeTrue())
	})

	It("needs what starting needs, and hides what the caller does not see", func(ctx context.Context) {
		r := e.started(ctx, e.sync(1))
		_, err := e.svc.Cancel(ctx, e.reader, r.ID)
		Expect(fault.HasCode(err, fault.CodeForbidden)).To(BeTrue())
		other := newEngine(ctx)
		_, err = e.svc.Cancel(ctx, other.owner, r.ID)
		Expect(fault.HasCode(err, fault.CodeNotFound)).To(BeTrue())
	})

	It("is won by either the cancel or the worker, never by both", func(ctx context.Context) {
		for range 10 {
			r := e.started(ctx, e.sync(1))
			runner := e.runner(settleAll(succeeded))
			var both sync.WaitGroup
			both.Go(func() {
				defer GinkgoRecover()
				Expect(runner.Run(ctx, r.ID)).To(Succeed())
			})
			both.Go(func() {
				defer GinkgoRecover()
				_, err := e.svc.Cancel(ctx, e.owner, r.ID)
				Expect(err == nil || fault.HasCode(err, operation.CodeOperationCompleted)).To(BeTrue(), "%v", err)
			})
			both.Wait()
			Expect(e.now(ctx, r.ID).Status).To(Equal(operation.Completed))
			Expect(e.recorded(ctx, r.ID, "inventory.sync.completed")).To(HaveLen(1))
		}
	})
})

var _ = Describe("Looking at runs", func() {
	It("shows a run by its tenant, and the source only to those entitled to it", func(ctx context.Context) {
		e := newEngine(ctx)
		r := e.started(ctx, e.promotion(1))
		Expect(e.now(ctx, r.ID).SourceTenantID).To(Equal(e.source))
		seen, err := e.svc.Get(ctx, e.reader, r.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(seen.SourceTenantID).To(BeEmpty())
		q := e.sync(1)
		q.TenantID = e.source
		hidden := e.started(ctx, q)
		_, err = e.svc.Get(ctx, e.reader, hidden.ID)
		Expect(fault.HasCode(err, fault.CodeNotFound)).To(BeTrue())
		list, err := e.svc.List(ctx, e.reader, operation.Filter{})
		Expect(err).NotTo(HaveOccurred())
		Expect(list).To(HaveLen(1))
		all, err := e.svc.List(ctx, access.System(e.workspace), operation.Filter{Limit: 1})
		Expect(err).NotTo(HaveOccurred())
		Expect(all).To(HaveExactElements(HaveField("ID", hidden.ID)))
	})
})
