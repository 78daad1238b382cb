package store_test

import (
	"context"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

var _ = Describe("Starting a run", func() {
	var e *engine
	BeforeEach(func(ctx context.Context) { e = newEngine(ctx) })

	It("stores the run, one bell and one event", func(ctx context.Context) {
		r := e.started(ctx, e.promotion(2))
		Expect(r.Status).To(Equal(operation.Queued))
		Expect(r.Counts).To(Equal(operation.Counts{Total: 2}))
		Expect(r.TargetDirectoryID).To(Equal(e.directory))
		Expect(ask[int](ctx, `SELECT count(*) FROM outbox WHERE run_id = $1`, r.ID)).To(Equal(1))
		queued := e.recorded(ctx, r.ID, "promotion.execute.queued")
		Expect(queued).To(HaveLen(1))
		Expect(queued[0]).To(HaveKeyWithValue("fingerprint", "f1"))
	})

	DescribeTable("200 identical requests at once make one run",
		func(ctx context.Context, request func(*engine) operation.StartRequest) {
			const n = 200
			results := make([]operation.StartResult, n)
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() {
					defer GinkgoRecover()
					res, err := e.svc.Start(ctx, request(e))
					Expect(err).NotTo(HaveOccurred())
					results[i] = res
				})
			}
			all.Wait()
			queued := 0
			for _, res := range results {
				Expect(res.Run.ID).To(Equal(results[0].Run.ID))
				if res.Result == operation.ResultQueued {
					queued++
				}
			}
			Expect(queued).To(Equal(1))
			Expect(ask[int](ctx, `SELECT count(*) FROM operation_runs WHERE workspace_id = $1`, e.workspace)).To(Equal(1))
			Expect(ask[int](ctx, `SELECT count(*) FROM outbox WHERE run_id = $1`, results[0].Run.ID)).To(Equal(1))
		},
		Entry("of a tenant", func(e *engine) operation.StartRequest { return e.sync(3) }),
		Entry("of a directory", func(e *engine) operation.StartRequest { return e.promotion(3) }),
	)

	It("refuses another request while one is active, and shows the active run", func(ctx context.Context) {
		first := e.started(ctx, e.sync(1))
		other := e.sync(1)
		other.DedupeKey = "some"
		_, err := e.svc.Start(ctx, other)
		Expect(fault.HasCode(err, operation.CodeScopeBusy)).To(BeTrue())
		Expect(fault.As(err).Members["operation"]).To(HaveField("ID", first.ID))
	})

	It("keeps one promotion per directory over all workspaces, without telling whose", func(ctx context.Context) {
		e.started(ctx, e.promotion(1))
		twin := newEngine(ctx)
		twin.directory = e.directory
		_, err := twin.svc.Start(ctx, twin.promotion(1))
		Expect(fault.HasCode(err, operation.CodeScopeBusy)).To(BeTrue())
		Expect(fault.As(err).Members["operation"]).To(BeNil())
	})

	It("refuses while the type is paused, and makes no run", func(ctx context.Context) {
		_, err := e.svc.SetControl(ctx, e.owner, operation.Control{Type: operation.InventorySync, Paused: true, Reason: "maintenance"}, nil)
		Expect(err).NotTo(HaveOccurred())
		_, err = e.svc.Start(ctx, e.sync(1))
		Expect(fault.HasCode(err, operation.CodeOperationBlocked)).To(BeTrue())
		Expect(fault.As(err).Members).To(HaveKeyWithValue("reason_code", operation.ReasonOperationPaused))
		Expect(ask[int](ctx, `SELECT count(*) FROM operation_runs WHERE workspace_id = $1`, e.workspace)).To(BeZero())
	})

	It("needs the capability of the type, and entitlement before it", func(ctx context.Context) {
		q := e.sync(1)
		q.Scope = e.reader
		_, err := e.svc.Start(ctx, q)
		Expect(fault.HasCode(err, fault.CodeForbidden)).To(BeTrue())
		q.TenantID = e.source
		_, err = e.svc.Start(ctx, q)
		Expect(fault.HasCode(err, fault.CodeNotFound)).To(BeTrue())
	})

	It("stands or falls with the caller's transaction", func(ctx context.Context) {
		err := e.db.InTx(ctx, func(ctx context.Context) error {
			e.started(ctx, e.sync(1))
			return context.Canceled
		})
		Expect(err).To(MatchError(context.Canceled))
		Expect(ask[int](ctx, `SELECT count(*) FROM operation_runs WHERE workspace_id = $1`, e.workspace)).To(BeZero())
	})

	It("tells a caller at REPEATABLE READ that another run excludes this one", func(ctx context.Context) {
		first := e.started(ctx, e.promotion(1))
		err := e.db.InSnapshot(ctx, func(ctx context.Context) error {
			active, err := e.svc.ActiveOn(ctx, e.directory)
			Expect(err).NotTo(HaveOccurred())
			Expect(active.ID).To(Equal(first.ID))
			_, err = e.svc.CreateRun(ctx, e.owner, operation.Run{
				WorkspaceID: e.workspace, Type: operation.PromotionExecute, TenantID: e.target, SourceTenantID: e.source,
				TargetTenantID: e.target, TargetDirectoryID: e.directory, Items: []operation.PlannedItem{{Label: "x", Action: "create"}},
			})
			return err
		})
		Expect(err).To(MatchError(operation.ErrAlreadyActive))
	})
})
