package recovery_test

import (
	"context"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/redis/go-redis/v9"

	"github.com/tenantatlas/tenantatlas/pkg/embedded"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/test/stack"
)

// slowly makes the target take its time, so that a run is still under way when a
// spec does something to it.
func (t *trial) slowly() {
	GinkgoHelper()
	t.faults(graphsim.Fault{Mode: graphsim.Slow, Method: "POST", DelayMS: 150})
}

// underWay waits until the run has written something and much is left.
func (t *trial) underWay(ctx context.Context) {
	GinkgoHelper()
	Eventually(ctx, t.writeCount).Should(BeNumerically(">=", 3))
}

func empty(ctx context.Context, url string) {
	GinkgoHelper()
	options, err := redis.ParseURL(url)
	Expect(err).NotTo(HaveOccurred())
	client := redis.NewClient(options)
	defer func() { Expect(client.Close()).To(Succeed()) }()
	Expect(client.FlushAll(ctx).Err()).To(Succeed())
}

var _ = Describe("The queue's server", func() {
	It("may lose its contents while a run waits and while one is carried on", func(ctx SpecContext) {
		var met instants
		w := product(ctx, stack.Options{Hook: met.hook})
		t := prepare(w, everything)
		met.at(operation.PointEnqueued, 1, func() { empty(ctx, w.Queue.URL()) })
		met.at(promotion.PointIntentCommitted, 5, func() { empty(ctx, w.Queue.URL()) })
		t.start()
		t.succeeds(ctx)
	}, long)

	It("may be away, and come back empty: starts are accepted, and runs go on", func(ctx SpecContext) {
		queue, err := embedded.StartQueue(ctx, embedded.QueueConfig{PreferServer: true})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx SpecContext) { Expect(queue.Stop(ctx)).To(Succeed()) })
		line := newLine(ctx, queue.Port())
		url := strings.Replace(queue.URL(), line.server, line.address, 1)
		w := product(ctx, stack.Options{Settings: map[string]string{"REDIS_URL": url}})

		By("away before the start")
		t := prepare(w, justOne)
		line.cut()
		t.start()
		Consistently(ctx, t.writeCount).WithTimeout(700 * time.Millisecond).Should(BeZero())
		empty(ctx, queue.URL())
		line.mend(ctx)
		t.succeeds(ctx)

		By("away in the middle of a run")
		t = prepare(w, everything)
		t.slowly()
		t.start()
		t.underWay(ctx)
		line.cut()
		empty(ctx, queue.URL())
		line.mend(ctx)
		t.succeeds(ctx)
	}, long)
})

var _ = Describe("The database's server", func() {
	It("may drop every connection in the middle of a run, several times", func(ctx SpecContext) {
		w := product(ctx, stack.Options{})
		t := prepare(w, everything)
		t.slowly()
		t.start()
		for _, writes := range []int{2, 6, 12} {
			Eventually(ctx, t.writeCount).Should(BeNumerically(">=", writes))
			hangUp(ctx, w.DSN)
		}
		t.AwaitRun(ctx, t.Owner, t.Workspace, t.id)
		t.succeeds(ctx)
	}, long)
})

// hangUp ends every connection to the database but its own.
func hangUp(ctx context.Context, dsn string) {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, dsn)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	_, err = conn.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	Expect(err).NotTo(HaveOccurred())
}

var _ = Describe("A worker", func() {
	It("that is asked to stop finishes what it has begun, gives the lease back, and another goes on", func(ctx SpecContext) {
		w := product(ctx, stack.Options{Separate: true, APIs: 1, Workers: 1})
		t := prepare(w, everything)
		t.slowly()
		t.start()
		t.underWay(ctx)
		w.Workers[0].Stop(ctx)
		Expect(count(ctx, w.DSN, `SELECT count(*) FROM operation_runs WHERE id = $1 AND status = 'running' AND lease_owner IS NULL`, t.id)).To(Equal(1))
		Expect(count(ctx, w.DSN, `SELECT count(*) FROM provider_writes WHERE run_id = $1 AND status = 'intent'`, t.id)).To(BeZero())
		Expect(count(ctx, w.DSN, `SELECT count(DISTINCT item_ordinal) FROM provider_writes w WHERE run_id = $1 AND request_ordinal > 0
			AND NOT EXISTS (SELECT FROM provider_writes v WHERE v.run_id = w.run_id AND v.item_ordinal = w.item_ordinal AND v.request_ordinal = 0)`, t.id)).
			To(BeZero(), "items were left half written")
		w.Workers[0].Start(ctx)
		t.succeeds(ctx)
		Expect(count(ctx, w.DSN, `SELECT takeovers FROM operation_runs WHERE id = $1`, t.id)).To(BeZero(), "a stop is no crash")
	}, long)

	It("that sleeps beyond its lease and wakes up while another writes does no harm", func(ctx SpecContext) {
		w := product(ctx, stack.Options{Separate: true, APIs: 1, Workers: 2})
		sleeper, other := w.Workers[0], w.Workers[1]
		other.Stop(ctx)
		t := prepare(w, everything)
		t.faults(
			graphsim.Fault{Mode: graphsim.TimeoutAfterExecute, Method: "POST", PathPrefix: policies, Times: 1},
			graphsim.Fault{Mode: graphsim.Slow, Method: "POST", DelayMS: 150},
		)
		t.start()
		t.underWay(ctx)
		Eventually(ctx, t.writes).Should(ContainElement(And(HaveField("Method", http.MethodPost), HaveField("Path", HaveSuffix(policies)))))
		sleeper.Signal(syscall.SIGSTOP)
		other.Start(ctx)
		takeovers := func() int { return count(ctx, w.DSN, `SELECT takeovers FROM operation_runs WHERE id = $1`, t.id) }
		Eventually(ctx, takeovers).Should(Equal(1))
		byThen := t.writeCount()
		Eventually(ctx, t.writeCount).Should(BeNumerically(">", byThen))
		sleeper.Signal(syscall.SIGCONT)
		Eventually(ctx, w.Logs).Should(ContainSubstring("lease lost"), "the sleeper noticed")
		t.succeeds(ctx)
		Expect(takeovers()).To(Equal(1))
	}, long)
})
