package journey_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

var _ = Describe("A process with a single database connection", func() {
	// Whoever asks for a second connection while holding one would wait for itself.
	It("syncs, compares and promotes all the same", func(ctx SpecContext) {
		w := world.Start(ctx, stack.Options{Settings: map[string]string{"LIMIT_DATABASE_CONNECTIONS": "1"}})
		w.Sync(ctx, w.Side, w.Source, w.Target)
		before := w.Preflight(w.Operator, w.Selection())
		run := w.AwaitRun(ctx, w.Operator, w.Workspace, world.RunOf(w.Execute(w.Operator, w.Selection(), before).Expect(202)))
		Expect(run.Outcome).To(Equal("succeeded"), "%+v", run)
		Expect(w.Preflight(w.Operator, w.Selection()).Counts.Ready).To(BeZero())
	}, SpecTimeout(2*time.Minute))
})
