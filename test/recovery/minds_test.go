package recovery_test

import (
	"net/http"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/test/stack"
)

// touched are the items of the run that were begun or decided so far.
const touched = `SELECT (SELECT count(*) FROM jsonb_object_keys(r.begun)
	WHERE NOT EXISTS (SELECT FROM provider_writes w WHERE w.run_id = r.id AND w.item_ordinal = jsonb_object_keys::int AND w.request_ordinal = 0))
	+ (SELECT count(*) FROM provider_writes w WHERE w.run_id = r.id AND w.request_ordinal = 0) FROM operation_runs r WHERE r.id = $1`

// member is the operator's membership, by its address, for whoever changes it.
func (t *trial) member() (owner *stack.Client, address string) {
	GinkgoHelper()
	var page struct {
		Items []struct {
			UserID   string `json:"user_id"`
			Revision int64
		}
	}
	t.Owner.Get(t.Path("members") + "?limit=200").Expect(http.StatusOK).Into(&page)
	for _, m := range page.Items {
		if m.UserID == string(t.Operator.UserID) {
			return t.Owner.With("If-Match", strconv.Quote(strconv.FormatInt(m.Revision, 10))), t.Path("members", m.UserID)
		}
	}
	Fail("the operator is no member")
	return nil, ""
}

var _ = Describe("A run whose people change their minds", func() {
	DescribeTable("stops before the next item and says why of every other",
		func(ctx SpecContext, change func(t *trial), outcome string, because types.GomegaMatcher) {
			var met instants
			w := product(ctx, stack.Options{Hook: met.hook})
			t := prepare(w, everything)
			t.slowly()
			begun := 0
			met.at(operation.PointSettleCommitted, 3, func() {
				<-t.started
				change(t)
				begun = count(ctx, w.DSN, touched, t.id)
			})
			t.start()
			run := t.AwaitRun(ctx, t.Owner, t.Workspace, t.id)
			t.Invariants(ctx, run)
			Expect(run.Outcome).To(Equal(outcome))
			Expect(run.Counts.Failed).To(BeZero())
			Expect(run.Counts.Succeeded).To(BeNumerically(">=", 3))
			// One more may have passed the gate just before.
			Expect(run.Counts.Succeeded).To(BeNumerically("<=", begun+1), "%+v", t.items())
			Expect(run.Counts.Skipped).To(BeNumerically(">", 0))
			for _, i := range t.items() {
				if i.Status == "skipped" {
					Expect(reason(i)).To(because, i.Label)
				}
			}
		},
		Entry("when it is cancelled", func(t *trial) {
			GinkgoHelper()
			Expect(t.Operator.Post(t.Path("operations", t.id, "cancel"), nil).Status).To(BeNumerically("<", 300))
		}, "cancelled", Equal(operation.ReasonCancelled), long),
		Entry("when promotions are paused", func(t *trial) {
			GinkgoHelper()
			t.Owner.Put(t.Path("operational-controls", "promotion.execute"), map[string]any{"paused": true, "reason": "Look at it first."}).Expect(http.StatusOK)
		}, "partially_succeeded", Equal(operation.ReasonOperationPaused), long),
		Entry("when its initiator is no member any more", func(t *trial) {
			GinkgoHelper()
			owner, address := t.member()
			owner.Delete(address).Expect(http.StatusNoContent)
		}, "partially_succeeded", Equal(operation.ReasonAuthorizationRevoked), long),
		Entry("when its initiator may only look any more", func(t *trial) {
			GinkgoHelper()
			owner, address := t.member()
			owner.Patch(address, map[string]any{"role": "readonly"}).Expect(http.StatusOK)
		}, "partially_succeeded", Equal(operation.ReasonAuthorizationRevoked), long),
		Entry("when the source is archived", func(t *trial) {
			GinkgoHelper()
			Expect(t.Owner.Post(t.Path("tenants", t.Source.ID, "archive"), nil).Status).To(BeNumerically("<", 300))
		}, "partially_succeeded", Equal(operation.ReasonTenantArchived), long),
		Entry("when writing to the target is switched off", func(t *trial) {
			GinkgoHelper()
			t.Connect(t.Target, graphsim.Secret, false)
		}, "partially_succeeded", Or(Equal(operation.ReasonWriteDisabled), Equal(operation.ReasonConnectionUnverified)), long),
	)
})
