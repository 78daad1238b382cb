package queue_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/redis/go-redis/v9"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/embedded"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/queue"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// bench is a database, a queue server and a run engine whose work counts.
type bench struct {
	db    *store.DB
	dsn   string
	redis *embedded.Queue
	svc   *operation.Service
	scope access.Scope
	did   atomic.Int32
	work  func(ctx context.Context, x operation.Execution) error
}

func newBench(ctx context.Context) *bench {
	GinkgoHelper()
	cluster, err := storetest.Shared(ctx)
	Expect(err).NotTo(HaveOccurred())
	b := &bench{}
	b.dsn, err = cluster.NewDSN(ctx)
	Expect(err).NotTo(HaveOccurred())
	b.db, err = store.Open(ctx, store.Config{URL: b.dsn, Keys: cluster.Keys()})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(b.db.Close)
	b.redis, err = embedded.StartQueue(ctx, embedded.QueueConfig{PreferServer: true})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) error { return b.redis.Stop(ctx) })
	ws := tenancy.WorkspaceID(store.NewID())
	b.exec(ctx, `INSERT INTO workspaces (id, display_name, created_at) VALUES ($1, 'Nordlicht', now())`, ws)
	b.scope = access.System(ws)
	b.svc = operation.NewService(operation.Config{Store: b.db, Audit: b.db, Now: time.Now, NewID: store.NewID})
	b.work = b.settle
	return b
}

func (b *bench) exec(ctx context.Context, sql string, args ...any) {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, b.dsn)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	_, err = conn.Exec(ctx, sql, args...)
	Expect(err).NotTo(HaveOccurred())
}

// start queues a sync of a fresh tenant.
func (b *bench) start(ctx context.Context) operation.RunID {
	GinkgoHelper()
	tenant := tenancy.TenantID(store.NewID())
	b.exec(ctx, `INSERT INTO tenants (id, workspace_id, display_name, directory_id, cloud, created_at) VALUES ($1, $2, 'T', $3, 'global', now())`,
		tenant, b.scope.Workspace(), store.NewID())
	res, err := b.svc.Start(ctx, operation.StartRequest{
		Scope: b.scope, Type: operation.InventorySync, TenantID: tenant, Items: []operation.PlannedItem{{Label: "all", Action: "sync"}},
	})
	Expect(err).NotTo(HaveOccurred())
	return res.Run.ID
}

func (b *bench) settle(ctx context.Context, x operation.Execution) error {
	b.did.Add(1)
	return x.Settle(ctx, operation.Verdict{Ordinal: 1, Status: operation.ItemSucceeded, Effect: operation.EffectUnchanged}, nil)
}

func (b *bench) status(ctx context.Context, id operation.RunID) operation.Status {
	GinkgoHelper()
	r, err := b.svc.Get(ctx, b.scope, id)
	Expect(err).NotTo(HaveOccurred())
	return r.Status
}

type counting struct{ b *bench }

func (counting) Type() operation.Type                                  { return operation.InventorySync }
func (c counting) Do(ctx context.Context, x operation.Execution) error { return c.b.work(ctx, x) }

// worker makes a worker with loops as slow as asked; a spec that wants to drive
// the passes itself makes them an hour.
func (b *bench) worker(loops time.Duration) *queue.Worker {
	GinkgoHelper()
	t := operation.TestTiming()
	t.Poll, t.Sweep, t.RingQueued, t.RingRunning = loops, loops, 0, 0
	runner, err := operation.NewRunner(operation.RunnerConfig{
		Service: b.svc, Works: []operation.Work{counting{b}}, Timing: t, Owner: store.NewID(),
		Authorize: func(context.Context, operation.Run) (string, error) { return "", nil },
	})
	Expect(err).NotTo(HaveOccurred())
	w, err := queue.NewWorker(queue.Config{RedisURL: b.redis.URL(), Outbox: b.db, Service: b.svc, Runner: runner, Timing: t})
	Expect(err).NotTo(HaveOccurred())
	return w
}

func (b *bench) running(loops time.Duration) *queue.Worker {
	GinkgoHelper()
	w := b.worker(loops)
	Expect(w.Start()).To(Succeed())
	DeferCleanup(func(ctx context.Context) { Expect(w.Stop(ctx)).To(Succeed()) })
	return w
}

func (b *bench) flush(ctx context.Context) {
	GinkgoHelper()
	opt, err := redis.ParseURL(b.redis.URL())
	Expect(err).NotTo(HaveOccurred())
	c := redis.NewClient(opt)
	defer func() { Expect(c.Close()).To(Succeed()) }()
	Expect(c.FlushAll(ctx).Err()).To(Succeed())
}

var _ = Describe("A worker", func() {
	var b *bench
	BeforeEach(func(ctx context.Context) { b = newBench(ctx) })

	It("carries out what was queued, each once", func(ctx context.Context) {
		b.running(50 * time.Millisecond)
		ids := []operation.RunID{b.start(ctx), b.start(ctx), b.start(ctx)}
		for _, id := range ids {
			Eventually(b.status).WithContext(ctx).WithArguments(id).WithTimeout(10 * time.Second).Should(Equal(operation.Completed))
		}
		Expect(b.did.Load()).To(BeEquivalentTo(3))
	})

	It("sends a bell once, and again without harm when the mark was lost", func(ctx context.Context) {
		w := b.worker(time.Hour)
		DeferCleanup(func(ctx context.Context) { Expect(w.Stop(ctx)).To(Succeed()) })
		b.start(ctx)
		n, err := w.DispatchOnce(ctx)
		Expect(n, err).To(Equal(1))
		n, err = w.DispatchOnce(ctx)
		Expect(n, err).To(BeZero())
		b.exec(ctx, `UPDATE outbox SET dispatched_at = NULL`)
		n, err = w.DispatchOnce(ctx)
		Expect(n, err).To(Equal(1), "the queue knows the id already, which is as good as sent")
	})

	It("loses nothing when Redis is emptied", func(ctx context.Context) {
		first := b.worker(time.Hour)
		id := b.start(ctx)
		n, err := first.DispatchOnce(ctx)
		Expect(n, err).To(Equal(1))
		Expect(first.Stop(ctx)).To(Succeed())
		b.flush(ctx)
		second := b.worker(time.Hour)
		DeferCleanup(func(ctx context.Context) { Expect(second.Stop(ctx)).To(Succeed()) })
		n, err = second.SweepOnce(ctx)
		Expect(n, err).To(Equal(1))
		n, err = second.DispatchOnce(ctx)
		Expect(n, err).To(Equal(1))
		Expect(second.Start()).To(Succeed())
		Eventually(b.status).WithContext(ctx).WithArguments(id).WithTimeout(10 * time.Second).Should(Equal(operation.Completed))
	})

	It("starts and takes requests while Redis is away, and catches up", func(ctx context.Context) {
		Expect(b.redis.Stop(ctx)).To(Succeed())
		w := b.worker(time.Hour)
		id := b.start(ctx)
		_, err := w.DispatchOnce(ctx)
		Expect(err).To(HaveOccurred())
		Expect(w.Stop(ctx)).To(Succeed())
		b.redis, err = embedded.StartQueue(ctx, embedded.QueueConfig{PreferServer: true})
		Expect(err).NotTo(HaveOccurred())
		b.running(50 * time.Millisecond)
		Eventually(b.status).WithContext(ctx).WithArguments(id).WithTimeout(10 * time.Second).Should(Equal(operation.Completed))
	})

	It("rings again for a run whose worker vanished", func(ctx context.Context) {
		id := b.start(ctx)
		_, err := b.db.TakeLease(ctx, id, operation.Take{Owner: "gone", TTL: time.Millisecond})
		Expect(err).NotTo(HaveOccurred())
		b.running(50 * time.Millisecond)
		Eventually(b.status).WithContext(ctx).WithArguments(id).WithTimeout(10 * time.Second).Should(Equal(operation.Completed))
		r, err := b.svc.Get(ctx, b.scope, id)
		Expect(err).NotTo(HaveOccurred())
		Expect(r.Takeovers).To(Equal(1))
	})

	It("goes on by itself after what a run needs was away", func(ctx context.Context) {
		away := true
		b.work = func(ctx context.Context, x operation.Execution) error {
			if away {
				away = false
				return errors.New("away")
			}
			return b.settle(ctx, x)
		}
		id := b.start(ctx)
		b.running(50 * time.Millisecond)
		Eventually(b.status).WithContext(ctx).WithArguments(id).WithTimeout(10 * time.Second).Should(Equal(operation.Completed))
	})

	It("finishes the item in flight when it stops, and gives the run back", func(ctx context.Context) {
		begun, finish := make(chan struct{}), make(chan struct{})
		b.work = func(ctx context.Context, x operation.Execution) error {
			close(begun)
			<-finish
			return b.settle(ctx, x)
		}
		id := b.start(ctx)
		w := b.worker(50 * time.Millisecond)
		Expect(w.Start()).To(Succeed())
		<-begun
		stopped := make(chan error)
		go func() { stopped <- w.Stop(context.WithoutCancel(ctx)) }()
		Consistently(stopped).WithTimeout(200 * time.Millisecond).ShouldNot(Receive())
		close(finish)
		Eventually(stopped).WithTimeout(10 * time.Second).Should(Receive(BeNil()))
		Expect(b.status(ctx, id)).To(Equal(operation.Completed))
	})

	It("ends a run that is past its deadline though nobody ever came", func(ctx context.Context) {
		id := b.start(ctx)
		b.exec(ctx, `ALTER TABLE operation_runs DISABLE TRIGGER operation_runs_keep`)
		b.exec(ctx, `UPDATE operation_runs SET deadline_at = now() WHERE id = $1`, id)
		b.exec(ctx, `ALTER TABLE operation_runs ENABLE TRIGGER operation_runs_keep`)
		w := b.worker(time.Hour)
		DeferCleanup(func(ctx context.Context) { Expect(w.Stop(ctx)).To(Succeed()) })
		_, err := w.SweepOnce(ctx)
		Expect(err).NotTo(HaveOccurred())
		r, err := b.svc.Get(ctx, b.scope, id)
		Expect(err).NotTo(HaveOccurred())
		Expect(r.Outcome).To(Equal(operation.Blocked))
		Expect(r.ReasonCode).To(Equal(operation.ReasonDeadline))
		Expect(b.did.Load()).To(BeZero())
	})
})
