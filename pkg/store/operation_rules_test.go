package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// attempt runs a statement as the database's owner and returns its error.
func attempt(ctx context.Context, sql string, args ...any) error {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, ownerURL)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	_, err = conn.Exec(ctx, sql, args...)
	return err
}

func refusedBy(constraint string) types.GomegaMatcher {
	return WithTransform(func(err error) string {
		if pe, ok := errors.AsType[*pgconn.PgError](err); ok {
			return pe.ConstraintName
		}
		return fmt.Sprint(err)
	}, Equal(constraint))
}

var _ = Describe("What the database refuses of a run", func() {
	var (
		e *engine
		r operation.Run
	)
	BeforeEach(func(ctx context.Context) {
		e = newEngine(ctx)
		r = e.started(ctx, e.promotion(2))
	})

	DescribeTable("counts that are not canonical",
		func(ctx context.Context, counts string) {
			Expect(attempt(ctx, `UPDATE operation_runs SET summary_counts = $2 WHERE id = $1`, r.ID, counts)).
				To(refusedBy("operation_runs_counts"))
		},
		Entry("another key", `{"total":2,"processed":0,"succeeded":0,"failed":0,"skipped":0,"created":0,"updated":0,"unchanged":0,"blocked":0}`),
		Entry("a missing key", `{"total":2,"processed":0,"succeeded":0,"failed":0,"skipped":0,"created":0,"updated":0}`),
		Entry("processed that does not add up", `{"total":2,"processed":1,"succeeded":0,"failed":0,"skipped":0,"created":0,"updated":0,"unchanged":0}`),
		Entry("succeeded that does not add up", `{"total":2,"processed":1,"succeeded":1,"failed":0,"skipped":0,"created":0,"updated":0,"unchanged":0}`),
		Entry("more than was planned", `{"total":2,"processed":3,"succeeded":0,"failed":3,"skipped":0,"created":0,"updated":0,"unchanged":0}`),
		Entry("a total that is not the plan's", `{"total":3,"processed":0,"succeeded":0,"failed":0,"skipped":0,"created":0,"updated":0,"unchanged":0}`),
		Entry("text", `{"total":2,"processed":"0","succeeded":0,"failed":0,"skipped":0,"created":0,"updated":0,"unchanged":0}`),
		Entry("null", `{"total":2,"processed":null,"succeeded":0,"failed":0,"skipped":0,"created":0,"updated":0,"unchanged":0}`),
		Entry("a negative number", `{"total":2,"processed":0,"succeeded":0,"failed":1,"skipped":-1,"created":0,"updated":0,"unchanged":0}`),
		Entry("no object", `[]`),
	)

	It("an end before everything is processed", func(ctx context.Context) {
		Expect(attempt(ctx, `UPDATE operation_runs SET status = 'completed', outcome = 'succeeded', completed_at = now() WHERE id = $1`, r.ID)).
			To(refusedBy("operation_runs_counts"))
	})

	DescribeTable("changes of what was started",
		func(ctx context.Context, set string) {
			Expect(attempt(ctx, `UPDATE operation_runs SET `+set+` WHERE id = $1`, r.ID)).To(refusedBy("operation_runs_immutable"))
		},
		Entry("the context", `context = '{"other":1}'`),
		Entry("the items", `items = '[{},{}]'`),
		Entry("the type", `type = 'inventory.sync'`),
		Entry("the initiator", `initiator_id = NULL`),
		Entry("the deadline", `deadline_at = now()`),
	)

	It("a way back, and any change after the end", func(ctx context.Context) {
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			Expect(attempt(ctx, `UPDATE operation_runs SET status = 'queued', lease_owner = NULL, lease_expires_at = NULL WHERE id = $1`, r.ID)).
				To(refusedBy("operation_runs_lifecycle"))
			return settleAll(succeeded)(ctx, x)
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
		for _, set := range []string{`outcome = 'failed'`, `status = 'running', outcome = 'pending', completed_at = NULL`, `message = 'x'`} {
			Expect(attempt(ctx, `UPDATE operation_runs SET `+set+` WHERE id = $1`, r.ID)).To(refusedBy("operation_runs_completed"))
		}
	})

	It("a second active run of the same scope, whoever writes it", func(ctx context.Context) {
		Expect(attempt(ctx, `INSERT INTO operation_runs SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).* FROM operation_runs r WHERE id = $1`, r.ID)).
			To(refusedBy("operation_runs_active_promotion_directory"))
	})
})

var _ = Describe("The order of changes", func() {
	It("never lets a reader at N miss a lower number that commits later", func(ctx context.Context) {
		e := newEngine(ctx)
		runs := []operation.Run{e.started(ctx, e.sync(1))}
		for range 5 {
			q := e.sync(1)
			q.TenantID, q.Scope = e.addTenant(ctx), access.System(e.workspace)
			runs = append(runs, e.started(ctx, q))
		}
		const rounds = 25
		stop := make(chan struct{})
		var writers, reader sync.WaitGroup
		for i, r := range runs {
			writers.Go(func() {
				defer GinkgoRecover()
				for n := range rounds {
					change(ctx, r.ID, fmt.Sprintf("%d-%d", i, n), i)
				}
			})
		}
		seen, last := map[operation.RunID]string{}, int64(0)
		follow := func() {
			moved, err := e.svc.Changes(ctx, access.System(e.workspace), operation.ChangeFilter{After: last})
			Expect(err).NotTo(HaveOccurred())
			for _, r := range moved {
				Expect(r.ChangeSeq).To(BeNumerically(">", last))
				last = r.ChangeSeq
				if r.WaitingOn != nil {
					seen[r.ID] = r.WaitingOn.Label
				}
			}
		}
		reader.Go(func() {
			defer GinkgoRecover()
			for {
				select {
				case <-stop:
					return
				default:
					follow()
				}
			}
		})
		writers.Wait()
		close(stop)
		reader.Wait()
		follow()
		for i, r := range runs {
			Expect(seen[r.ID]).To(Equal(fmt.Sprintf("%d-%d", i, rounds-1)), "a reader that follows the numbers has the last state of each run")
		}
	})

	It("counts what people see, and not heartbeats", func(ctx context.Context) {
		e := newEngine(ctx)
		r := e.started(ctx, e.sync(1))
		runner := e.runner(func(ctx context.Context, x operation.Execution) error {
			before := e.now(ctx, r.ID)
			Expect(before.ChangeSeq).To(BeNumerically(">", r.ChangeSeq))
			Expect(e.db.ExtendLease(ctx, r.ID, x.Epoch(), e.timing.Lease)).To(Succeed())
			Expect(e.now(ctx, r.ID).ChangeSeq).To(Equal(before.ChangeSeq))
			Expect(x.Begin(ctx, 1)).To(Succeed())
			Expect(e.now(ctx, r.ID).ChangeSeq).To(BeNumerically(">", before.ChangeSeq))
			return x.Settle(ctx, succeeded(1), nil)
		})
		Expect(runner.Run(ctx, r.ID)).To(Succeed())
	})
})

// change moves a run in a transaction that then lingers before its commit, so
// that transactions which began earlier commit later.
func change(ctx context.Context, id operation.RunID, label string, linger int) {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, ownerURL)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	Expect(pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE operation_runs SET waiting_on = jsonb_build_object('kind', 'control', 'label', $2::text, 'since', now()) WHERE id = $1`, id, label)
		if err == nil {
			_, err = tx.Exec(ctx, `SELECT pg_sleep(random() * 0.002 * $1)`, linger)
		}
		return err
	})).To(Succeed())
}
