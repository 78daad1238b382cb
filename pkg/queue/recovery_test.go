package queue_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/queue"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// The variables a victim is told its part by.
const (
	victimPoint     = "TA_SPEC_POINT"
	victimDSN       = "TA_SPEC_DSN"
	victimRedis     = "TA_SPEC_REDIS"
	victimWorkspace = "TA_SPEC_WORKSPACE"
	victimTenant    = "TA_SPEC_TENANT"
)

// isVictim reports whether this process is the one that a recovery spec kills.
func isVictim() bool { return os.Getenv(victimPoint) != "" }

// recoveryItems is how many items the run of a recovery spec has.
const recoveryItems = 3

func recoveryTiming() operation.Timing {
	t := operation.TestTiming()
	t.Lease, t.Heartbeat = 700*time.Millisecond, 150*time.Millisecond
	t.RingQueued, t.RingRunning, t.Sweep, t.Poll = 300*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond, 30*time.Millisecond
	return t
}

// recorded is a work whose effect is a row of its own, in the transaction of the
// verdict: what was done twice or lost shows in their number.
type recorded struct{ db *store.DB }

func (recorded) Type() operation.Type { return operation.InventorySync }

func (w recorded) Do(ctx context.Context, x operation.Execution) error {
	settled, err := x.Verdicts(ctx)
	if err != nil {
		return err
	}
	for _, i := range x.Run().Items {
		if _, done := settled[i.Ordinal]; done {
			continue
		}
		if reason, err := x.MayGoOn(ctx, 0); reason != "" || err != nil {
			return err
		}
		if err := x.Begin(ctx, i.Ordinal); err != nil {
			return err
		}
		v := operation.Verdict{Ordinal: i.Ordinal, Status: operation.ItemSucceeded, Effect: operation.EffectUpdated}
		err := x.Settle(ctx, v, func(ctx context.Context) error {
			return w.db.AddNotice(ctx, operation.Notice{
				ID: store.NewID(), UserID: tenancy.UserID(x.Run().TenantID), WorkspaceID: x.Run().WorkspaceID,
				RunID: operation.RunID(store.NewID()), Kind: "spec.effect", Title: i.Label,
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// plant is the wiring that both the victim and the survivor have.
func plant(db *store.DB, redisURL string, hook operation.Hook) (*operation.Service, *queue.Worker, error) {
	svc := operation.NewService(operation.Config{Store: db, Audit: db, Now: time.Now, NewID: store.NewID, Hook: hook})
	runner, err := operation.NewRunner(operation.RunnerConfig{
		Service: svc, Works: []operation.Work{recorded{db}}, Timing: recoveryTiming(), Owner: store.NewID(), Hook: hook,
		Authorize: func(context.Context, operation.Run) (string, error) { return "", nil },
	})
	if err != nil {
		return nil, nil, err
	}
	w, err := queue.NewWorker(queue.Config{RedisURL: redisURL, Outbox: db, Service: svc, Runner: runner, Timing: recoveryTiming(), Hook: hook})
	return svc, w, err
}

func recoveryRequest(s access.Scope, tenant string) operation.StartRequest {
	q := operation.StartRequest{Scope: s, Type: operation.InventorySync, TenantID: tenancy.TenantID(tenant), DedupeKey: "all"}
	for range recoveryItems {
		q.Items = append(q.Items, operation.PlannedItem{Label: "item", Action: "sync"})
	}
	return q
}

// beVictim starts a run, works on it, and is killed without notice at its point.
func beVictim(t *testing.T) {
	ctx := t.Context()
	keys, err := store.EphemeralKeys()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, store.Config{URL: os.Getenv(victimDSN), Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	hook := func(p operation.Point) {
		if string(p) == os.Getenv(victimPoint) {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill() // there is nobody left to hear of an error
			}
			select {}
		}
	}
	svc, w, err := plant(db, os.Getenv(victimRedis), hook)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	s := access.System(tenancy.WorkspaceID(os.Getenv(victimWorkspace)))
	if _, err := svc.Start(ctx, recoveryRequest(s, os.Getenv(victimTenant))); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
}

func (b *bench) count(ctx context.Context, sql string, args ...any) int {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, b.dsn)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	var n int
	Expect(conn.QueryRow(ctx, sql, args...).Scan(&n)).To(Succeed())
	return n
}

// kill lets a victim run into its point and waits for its death.
func (b *bench) kill(ctx context.Context, point operation.Point, tenant string) {
	GinkgoHelper()
	self, err := os.Executable()
	Expect(err).NotTo(HaveOccurred())
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	victim := exec.CommandContext(ctx, self, "-test.run", "^TestQueue$")
	victim.Env = append(os.Environ(), victimPoint+"="+string(point), victimDSN+"="+b.dsn, victimRedis+"="+b.redis.URL(),
		victimWorkspace+"="+string(b.scope.Workspace()), victimTenant+"="+tenant)
	victim.Cancel = func() error { return victim.Process.Signal(syscall.SIGQUIT) } // it then tells where it stands
	out, err := victim.CombinedOutput()
	Expect(ctx.Err()).NotTo(HaveOccurred(), "the victim never came to %s: %s", point, out)
	died, ok := errors.AsType[*exec.ExitError](err)
	Expect(ok).To(BeTrue(), "%v: %s", err, out)
	Expect(died.Exited()).To(BeFalse(), "it was not killed: %s", out)
}

var _ = Describe("A process that is killed", func() {
	DescribeTable("leaves a run that another finishes, with nothing lost and nothing done twice",
		func(ctx context.Context, point operation.Point) {
			b := newBench(ctx)
			tenant := store.NewID()
			b.exec(ctx, `INSERT INTO tenants (id, workspace_id, display_name, directory_id, cloud, created_at) VALUES ($1, $2, 'T', $3, 'global', now())`,
				tenant, b.scope.Workspace(), store.NewID())
			// Somebody whom the work's effects are told to; any id will do.
			b.exec(ctx, `INSERT INTO users (id, email, display_name, created_at) VALUES ($1, 'robin@example.test', 'Robin', now())`, tenant)
			b.kill(ctx, point, tenant)

			svc, w, err := plant(b.db, b.redis.URL(), nil)
			Expect(err).NotTo(HaveOccurred())
			if b.count(ctx, `SELECT count(*) FROM operation_runs`) == 0 {
				// The start never happened; its client asks again.
				_, err = svc.Start(ctx, recoveryRequest(b.scope, tenant))
				Expect(err).NotTo(HaveOccurred())
			}
			Expect(w.Start()).To(Succeed())
			DeferCleanup(func(ctx context.Context) { Expect(w.Stop(ctx)).To(Succeed()) })
			Eventually(func() int {
				return b.count(ctx, `SELECT count(*) FROM operation_runs WHERE status = 'completed'`)
			}).WithTimeout(15 * time.Second).Should(Equal(1))

			Expect(b.count(ctx, `SELECT count(*) FROM operation_runs`)).To(Equal(1))
			Expect(b.count(ctx, `SELECT (summary_counts->>'updated')::int FROM operation_runs WHERE outcome = 'succeeded'`)).To(Equal(recoveryItems))
			Expect(b.count(ctx, `SELECT count(*) FROM provider_writes WHERE request_ordinal = 0 AND status = 'succeeded'`)).To(Equal(recoveryItems))
			Expect(b.count(ctx, `SELECT count(*) FROM notifications WHERE kind = 'spec.effect'`)).To(Equal(recoveryItems))
			Expect(b.count(ctx, `SELECT count(*) FROM audit_events WHERE action = 'inventory.sync.queued'`)).To(Equal(1))
			Expect(b.count(ctx, `SELECT count(*) FROM audit_events WHERE action = 'inventory.sync.completed'`)).To(Equal(1))
			Eventually(func() int { return b.count(ctx, `SELECT count(*) FROM outbox WHERE dispatched_at IS NULL`) }).
				WithTimeout(5 * time.Second).Should(BeZero())
		},
		Entry("inside the start", operation.PointRunInserted),
		Entry("after the start", operation.PointStartCommitted),
		Entry("with a bell in hand", operation.PointDispatchPicked),
		Entry("after enqueueing, before the mark", operation.PointEnqueued),
		Entry("after the mark", operation.PointDispatched),
		Entry("with the task", operation.PointTaskReceived),
		Entry("with the lease", operation.PointLeaseTaken),
		Entry("after the gates", operation.PointGatesChecked),
		Entry("with an item begun", operation.PointItemBegun),
		Entry("before a verdict", operation.PointBeforeSettle),
		Entry("after a verdict", operation.PointSettleCommitted),
		Entry("between two items", operation.PointBetweenItems),
		Entry("before the end", operation.PointBeforeTerminal),
		Entry("inside the end", operation.PointInTerminal),
		Entry("after the end", operation.PointAfterTerminal),
	)
})
