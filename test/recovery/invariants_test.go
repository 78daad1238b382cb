package recovery_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// Invariants checks what must be true of a run that has ended, whatever happened
// to it: I1 to I9 of the failure model, as far as a run shows them.
func (t *trial) Invariants(ctx context.Context, run stack.Run) {
	GinkgoHelper()
	items := t.items()
	now := contentOf(t.World)
	AddReportEntry("what was left", ReportEntryVisibilityFailureOrVerbose, struct {
		Run    stack.Run
		Items  []stack.Item
		Writes []graphsim.Entry
		Rows   []seamRow
	}{run, items, t.writes(), t.seamRows(ctx)})
	countsAddUp(run, items)
	t.targetIsAsCounted(run, items, now)
	t.writesWereIntended(ctx, items, now)
	t.toldOnce(ctx, run)
	t.truthIsTheTargets(ctx, items)
	t.alignedAfterwards(items)
	t.nothingIsLeftOpen(ctx)
}

// countsAddUp is I3, first half: the sums are right and those of the items.
func countsAddUp(run stack.Run, items []stack.Item) {
	GinkgoHelper()
	tally := map[string]int{}
	for _, i := range items {
		tally[i.Status]++
	}
	c := run.Counts
	Expect(c.Total).To(Equal(len(items)))
	Expect(c.Processed).To(Equal(c.Total))
	Expect(c.Processed).To(Equal(c.Succeeded + c.Failed + c.Skipped))
	Expect(c.Succeeded).To(Equal(c.Created + c.Updated + c.Unchanged))
	Expect(tally).To(Equal(positive(map[string]int{"succeeded": c.Succeeded, "failed": c.Failed, "skipped": c.Skipped})))
}

func positive(m map[string]int) map[string]int {
	for k, n := range m {
		if n == 0 {
			delete(m, k)
		}
	}
	return m
}

// targetIsAsCounted is I1, I2 and I3: one object per created item, none per
// skipped one, no change to anything else, and counts equal to it.
func (t *trial) targetIsAsCounted(run stack.Run, items []stack.Item, now content) {
	GinkgoHelper()
	created := 0
	for collection := range now {
		for _, id := range now.added(t.found, collection) {
			if t.outside[id] {
				continue
			}
			created++
			owner := slices.IndexFunc(items, func(i stack.Item) bool {
				return i.Action == "create" && collectionOf(i) == collection && i.Label == now.name(collection, id)
			})
			Expect(owner).NotTo(Equal(-1), "%s %s belongs to no item", collection, id)
		}
	}
	failed := 0
	for _, i := range items {
		if i.Action == "create" {
			failed += t.checkCreated(i, now)
		} else {
			t.checkUpdated(i, now)
		}
	}
	Expect(created).To(Equal(run.Counts.Created + failed))
}

// checkCreated returns how many objects a create has made that did not succeed.
func (t *trial) checkCreated(i stack.Item, now content) (unclaimed int) {
	GinkgoHelper()
	var made []string
	for _, id := range now.added(t.found, collectionOf(i)) {
		if now.name(collectionOf(i), id) == i.Label && !t.outside[id] {
			made = append(made, id)
		}
	}
	switch i.Status {
	case "succeeded":
		Expect(made).To(HaveLen(1), "objects of %s", i.Label)
		Expect(*i.ObjectID).To(Equal(made[0]), i.Label)
	case "skipped":
		Expect(made).To(BeEmpty(), "objects of %s", i.Label)
	default:
		Expect(len(made)).To(BeNumerically("<=", 1), "objects of %s", i.Label)
		return len(made)
	}
	return 0
}

func (t *trial) checkUpdated(i stack.Item, now content) {
	GinkgoHelper()
	if i.ObjectID == nil || t.outside[*i.ObjectID] {
		return
	}
	before, after := t.found[collectionOf(i)][*i.ObjectID], now[collectionOf(i)][*i.ObjectID]
	switch i.Status {
	case "succeeded":
		Expect(after).NotTo(Equal(before), i.Label)
	case "skipped":
		Expect(after).To(Equal(before), i.Label)
	}
}

// seamRow is one mutating request in the write seam's journal.
type seamRow struct {
	Item, Request int
	Kind, Status  string
	Epoch         int64
	SentAt        time.Time
}

func (t *trial) seamRows(ctx context.Context) []seamRow {
	GinkgoHelper()
	return query[seamRow](ctx, t.DSN, `SELECT item_ordinal, request_ordinal, kind, status, epoch, sent_at FROM provider_writes
		WHERE run_id = $1 AND request_ordinal > 0 ORDER BY item_ordinal, request_ordinal`, t.id)
}

// writesWereIntended is I5, I7 and I8: every write had an intent of its own
// before it, hit the target's directory, and belongs to an item of the plan.
func (t *trial) writesWereIntended(ctx context.Context, items []stack.Item, now content) {
	GinkgoHelper()
	rows, writes := t.seamRows(ctx), t.writes()
	precede(rows, writes, "all")
	for _, e := range writes {
		Expect(e.Directory).To(Equal(t.Target.Directory), "%+v", e)
		owner := slices.IndexFunc(items, func(i stack.Item) bool { return concerns(e, i, now) })
		if owner == -1 {
			Expect(e.Status).To(BeNumerically(">=", 400), "%+v belongs to no item", e)
			Expect(e.Method).To(Equal(http.MethodPost), "%+v belongs to no item", e)
		}
	}
	for _, i := range items {
		mine := slices.DeleteFunc(slices.Clone(rows), func(r seamRow) bool { return r.Item != i.Ordinal })
		its := slices.DeleteFunc(slices.Clone(writes), func(e graphsim.Entry) bool { return !concerns(e, i, now) })
		precede(mine, its, i.Label)
		if i.Status == "skipped" {
			Expect(its).To(BeEmpty(), "writes of the skipped %s", i.Label)
		}
		if i.Status == "succeeded" {
			Expect(its).NotTo(BeEmpty(), "writes of %s", i.Label)
		}
	}
}

// concerns reports whether a request addressed the item's object.
func concerns(e graphsim.Entry, i stack.Item, now content) bool {
	parts := strings.Split(e.Path, "/")
	if i.ObjectID != nil && (e.ObjectID == *i.ObjectID || slices.Contains(parts, *i.ObjectID)) {
		return true
	}
	return e.ObjectID != "" && now.name(collectionOf(i), e.ObjectID) == i.Label
}

// precede says that each write can be given an intent of its own that is older.
func precede(rows []seamRow, writes []graphsim.Entry, whose string) {
	GinkgoHelper()
	slices.SortFunc(rows, func(a, b seamRow) int { return a.SentAt.Compare(b.SentAt) })
	Expect(len(writes)).To(BeNumerically("<=", len(rows)), "writes of %s", whose)
	for n, e := range writes {
		Expect(e.At).To(BeTemporally(">=", rows[n].SentAt), "write %d of %s came before its intent", n, whose)
	}
}

// toldOnce is I4: one queued and one terminal audit event, and one notice.
func (t *trial) toldOnce(ctx context.Context, run stack.Run) {
	GinkgoHelper()
	Expect(t.audited("promotion.execute.queued")).To(HaveLen(1))
	told := t.audited("promotion.execute.completed")
	Expect(told).To(HaveLen(1))
	Expect(told[0].Details).To(HaveKeyWithValue("outcome", run.Outcome))
	Expect(told[0].Details).To(HaveKeyWithValue("counts", HaveKeyWithValue("succeeded", BeNumerically("==", run.Counts.Succeeded))))
	// Not by the API: whoever left the workspace does not see it any more.
	Expect(count(ctx, t.DSN, `SELECT count(*) FROM notifications WHERE operation_id = $1`, t.id)).To(Equal(1))
}

type auditEvent struct {
	Action  string
	Details map[string]any
}

// audited are the run's audit events with the action.
func (t *trial) audited(action string) []auditEvent {
	GinkgoHelper()
	var page struct{ Items []auditEvent }
	t.Owner.Get(t.Path("audit-events") + "?limit=200&operation_id=" + t.id + "&action=" + action).Expect(http.StatusOK).Into(&page)
	return page.Items
}

// truthIsTheTargets: what was written is known as the target's own version, with
// the run as provenance, and no row of the source was touched.
func (t *trial) truthIsTheTargets(ctx context.Context, items []stack.Item) {
	GinkgoHelper()
	kept := query[struct{ Tenant, Object string }](ctx, t.DSN,
		`SELECT tenant_id::text, object_id FROM policy_versions WHERE run_id = $1`, t.id)
	for _, v := range kept {
		Expect(v.Tenant).To(Equal(t.Target.ID))
	}
	for _, i := range items {
		if i.Status == "succeeded" {
			Expect(kept).To(ContainElement(HaveField("Object", *i.ObjectID)), "the version of %s", i.Label)
		}
	}
}

// alignedAfterwards is I2 as the product sees it: what succeeded is no longer
// different.
func (t *trial) alignedAfterwards(items []stack.Item) {
	GinkgoHelper()
	after := t.Preflight(t.Manager, t.selection)
	for _, i := range items {
		if i.Status != "succeeded" {
			continue
		}
		at := slices.IndexFunc(after.Items, func(p world.PreflightItem) bool { return p.Name == i.Label && p.Type == *i.Type })
		Expect(at).NotTo(Equal(-1), i.Label)
		Expect(after.Items[at].Bucket).To(Equal("aligned"), i.Label)
	}
}

// nothingIsLeftOpen is I9: no lease, no bell, no request without a result.
func (t *trial) nothingIsLeftOpen(ctx context.Context) {
	GinkgoHelper()
	Expect(count(ctx, t.DSN, `SELECT count(*) FROM operation_runs WHERE id = $1 AND status = 'completed' AND lease_owner IS NULL
		AND lease_expires_at IS NULL AND begun = '{}' AND waiting_on IS NULL`, t.id)).To(Equal(1))
	Expect(count(ctx, t.DSN, `SELECT count(*) FROM provider_writes WHERE run_id = $1 AND status = 'intent'`, t.id)).To(BeZero())
	Eventually(ctx, func() int {
		return count(ctx, t.DSN, `SELECT count(*) FROM outbox WHERE dispatched_at IS NULL AND run_id = $1`, t.id)
	}).Should(BeZero())
}
