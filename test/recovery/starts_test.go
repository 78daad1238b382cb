package recovery_test

import (
	"context"
	"net/http"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// atOnce asks for every body at the same time, by turns at each API.
func atOnce(w *world.World, bodies []map[string]any) []stack.Answer {
	GinkgoHelper()
	answers := make([]stack.Answer, len(bodies))
	var all sync.WaitGroup
	for i, body := range bodies {
		all.Go(func() {
			defer GinkgoRecover()
			c := w.Operator.At(w.APIs[i%len(w.APIs)])
			answers[i] = c.Post(w.Path("cross-tenant-compare", "promotions"), body)
		})
	}
	all.Wait()
	return answers
}

// byStatus counts answers.
func byStatus(answers []stack.Answer) map[int]int {
	n := map[int]int{}
	for _, a := range answers {
		n[a.Status]++
	}
	return n
}

// gate holds up whoever comes to it until it is opened.
func gate(ctx context.Context) (wait, open func()) {
	opened := make(chan struct{})
	return func() {
		select {
		case <-opened:
		case <-ctx.Done():
		}
	}, sync.OnceFunc(func() { close(opened) })
}

var _ = Describe("Starts that come all at once", func() {
	It("make one run when they are the same, also while it already writes", func(ctx SpecContext) {
		var met instants
		w := product(ctx, stack.Options{APIs: 2, Workers: 1, Hook: met.hook})
		wait, open := gate(ctx)
		defer open()
		met.at(promotion.PointIntentCommitted, 6, wait) // the run is held in the middle
		t := prepare(w, everything)
		same := make([]map[string]any, 100)
		for i := range same {
			same[i] = w.Confirmed(t.selection, t.before)
		}
		first := atOnce(w, same)
		t.underWay(ctx)
		second := atOnce(w, same)
		open()

		Expect(byStatus(first)).To(Equal(map[int]int{http.StatusAccepted: 1, http.StatusOK: 99}))
		Expect(byStatus(second)).To(Equal(map[int]int{http.StatusOK: 100}))
		t.id = world.RunOf(first[0])
		for _, a := range append(first, second...) {
			Expect(world.RunOf(a)).To(Equal(t.id))
			Expect(a.Text("result")).To(Equal(map[int]string{http.StatusAccepted: "queued", http.StatusOK: "deduplicated"}[a.Status]))
		}
		t.succeeds(ctx)
		Expect(count(ctx, w.DSN, `SELECT count(*) FROM operation_runs WHERE type = 'promotion.execute'`)).To(Equal(1))
		Expect(count(ctx, w.DSN, `SELECT count(*) FROM audit_events WHERE action = 'promotion.execute.queued'`)).To(Equal(1))
	}, long)

	It("make one run when they are different, and the others are told that the target is busy", func(ctx SpecContext) {
		var met instants
		w := product(ctx, stack.Options{APIs: 2, Workers: 1, Hook: met.hook})
		wait, open := gate(ctx)
		defer open()
		all := w.Preflight(w.Operator, w.Selection())
		var trials []*trial
		var bodies []map[string]any
		for _, i := range all.Items {
			alone := w.Selection(map[string]any{"q": i.Name})
			if i.Bucket != "ready" || !w.Preflight(w.Operator, alone).Executable {
				continue // it is not, without what it depends on
			}
			t := prepare(w, map[string]any{"q": i.Name})
			trials, bodies = append(trials, t), append(bodies, w.Confirmed(t.selection, t.before))
		}
		Expect(len(trials)).To(BeNumerically(">=", 10))
		met.at(operation.PointLeaseTaken, 1, wait)
		answers := atOnce(w, bodies)
		open()

		Expect(byStatus(answers)).To(Equal(map[int]int{http.StatusAccepted: 1, http.StatusConflict: len(bodies) - 1}))
		var started *trial
		for i, a := range answers {
			if a.Status == http.StatusAccepted {
				started = trials[i]
				started.id = world.RunOf(a)
			}
		}
		for _, a := range answers {
			if a.Status == http.StatusConflict {
				Expect(a.Code()).To(Equal("scope_busy"))
				Expect(world.RunOf(a)).To(Equal(started.id))
			}
		}
		started.succeeds(ctx)
		Expect(count(ctx, w.DSN, `SELECT count(*) FROM operation_runs WHERE type = 'promotion.execute'`)).To(Equal(1))
	}, long)
})
