package recovery_test

import (
	"context"
	"fmt"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

var _ = Describe("A worker that is killed", func() {
	programs := func(ctx context.Context, workers int) *world.World {
		GinkgoHelper()
		return product(ctx, stack.Options{Separate: true, APIs: 1, Workers: workers})
	}
	// dies lets the one worker run into its end at the nth time of the instant.
	dies := func(ctx context.Context, w *world.World, point operation.Point, nth int) {
		GinkgoHelper()
		worker := w.Workers[0]
		worker.Stop(ctx)
		worker.DieAt(fmt.Sprintf("%s:%d", point, nth))
		worker.Start(ctx)
	}

	DescribeTable("leaves a run that ends as if nothing had been, be it of one item or of many",
		func(ctx SpecContext, point operation.Point, nth int) {
			w := programs(ctx, 1)
			for _, size := range []struct {
				selection map[string]any
				nth       int
			}{{justOne, 1}, {everything, nth}} {
				dies(ctx, w, point, size.nth)
				t := begin(w, size.selection)
				Eventually(ctx, w.Workers[0].Exited()).Should(BeClosed(), "it never came to %s", point)
				w.Workers[0].Start(ctx)
				t.succeeds(ctx)
			}
		},
		Entry("with the lease in hand", operation.PointLeaseTaken, 1, long),
		Entry("after an intent was committed, before it was sent", promotion.PointIntentCommitted, 6, long),
		Entry("with an answer that it has not read", promotion.PointRequestAnswered, 6, long),
		Entry("with a request settled", promotion.PointRequestSettled, 9, long),
		Entry("before reading back", promotion.PointReadBack, 5, long),
		Entry("before a verdict", operation.PointBeforeSettle, 4, long),
		Entry("between two items", operation.PointBetweenItems, 1, long),
		Entry("before the end of the run", operation.PointBeforeTerminal, 1, long),
		Entry("inside the end of the run", operation.PointInTerminal, 1, long),
		Entry("after the end of the run", operation.PointAfterTerminal, 1, long),
	)

	It("while a request has been carried out and not been answered, finds what the request did", func(ctx SpecContext) {
		w := programs(ctx, 1)
		for _, sent := range []struct {
			selection    map[string]any
			method, path string
		}{
			{justOne, http.MethodPost, "/deviceManagement/configurationPolicies"},
			{aPatch, http.MethodPatch, "/deviceManagement/deviceConfigurations"},
			{everything, http.MethodPost, "/deviceManagement/deviceCompliancePolicies"},
		} {
			t := prepare(w, sent.selection)
			t.faults(graphsim.Fault{Method: sent.method, PathPrefix: sent.path, Mode: graphsim.TimeoutAfterExecute, Times: 1})
			t.start()
			Eventually(ctx, t.writes).Should(ContainElement(And(HaveField("Method", sent.method), HaveField("Path", ContainSubstring(sent.path)))))
			w.Workers[0].Kill()
			w.Workers[0].Start(ctx)
			t.succeeds(ctx)
		}
	}, long)

	It("twice in one run, is made good for twice", func(ctx SpecContext) {
		w := programs(ctx, 1)
		dies(ctx, w, promotion.PointRequestAnswered, 3)
		t := begin(w, everything)
		Eventually(ctx, w.Workers[0].Exited()).Should(BeClosed())
		w.Workers[0].DieAt(string(promotion.PointRequestSettled) + ":4")
		w.Workers[0].Start(ctx)
		Eventually(ctx, w.Workers[0].Exited()).Should(BeClosed())
		w.Workers[0].Start(ctx)
		t.succeeds(ctx)
	}, long)

	It("together with the only other one, while both work, is made good for", func(ctx SpecContext) {
		w := programs(ctx, 2)
		t := prepare(w, everything)
		twin := &world.World{Stack: w.Stack, Side: w.Twin}
		w.Sync(ctx, w.Twin, w.Twin.Source, w.Twin.Target)
		other := prepare(twin, everything)
		t.other, other.other = other.Target.Directory, t.Target.Directory
		t.start()
		other.start()
		for _, running := range []*trial{t, other} {
			Eventually(ctx, running.writeCount).Should(BeNumerically(">=", 2))
		}
		for _, worker := range w.Workers {
			worker.Kill()
		}
		for _, worker := range w.Workers {
			worker.Start(ctx)
		}
		t.succeeds(ctx)
		other.succeeds(ctx)
	}, long)
})

var _ = Describe("An API that is killed while it starts a promotion", func() {
	DescribeTable("leaves no run or exactly one, and the person may simply ask again",
		func(ctx SpecContext, point operation.Point, runs, again int) {
			w := product(ctx, stack.Options{Separate: true, APIs: 1, Workers: 1})
			w.Workers[0].Stop(ctx) // so that the run is still there when it is asked for again
			w.APIs[0].Stop(ctx)
			w.APIs[0].DieAt(string(point))
			w.APIs[0].Start(ctx)
			t := prepare(w, justOne)
			_, err := w.Operator.Try(http.MethodPost, w.Path("cross-tenant-compare", "promotions"), w.Confirmed(t.selection, t.before))
			Expect(err).To(HaveOccurred())
			Eventually(ctx, w.APIs[0].Exited()).Should(BeClosed())
			Expect(count(ctx, w.DSN, `SELECT count(*) FROM operation_runs WHERE type = 'promotion.execute'`)).To(Equal(runs))

			w.APIs[0].Start(ctx)
			t.id = world.RunOf(t.Execute(t.Operator, t.selection, t.before).Expect(again))
			w.Workers[0].Start(ctx)
			t.succeeds(ctx)
			Expect(count(ctx, w.DSN, `SELECT count(*) FROM operation_runs WHERE type = 'promotion.execute'`)).To(Equal(1))
		},
		Entry("before the commit: none", operation.PointRunInserted, 0, http.StatusAccepted, long),
		Entry("after the commit: one", operation.PointStartCommitted, 1, http.StatusOK, long),
	)
})
