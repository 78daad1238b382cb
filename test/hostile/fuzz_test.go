package hostile_test

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/contract/surface"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// fuzzed is how many requests are sent.
const fuzzed = 3000

var _ = Describe("Whatever is sent", func() {
	It("is answered as described, and never with a fault of ours", func(ctx SpecContext) {
		w := world.Start(ctx, stack.Options{})
		w.Sync(ctx, w.Side, w.Source, w.Target)
		w.Sync(ctx, w.Twin, w.Twin.Source)
		people := map[string]*stack.Client{
			"owner": w.Owner, "owner again": w.Owner, "owner once more": w.Owner, "owner most of all": w.Owner, "manager": w.Manager, "operator": w.Operator, "readonly": w.Readonly,
			"support": w.Support, "customer": w.Customer, "the twin's owner": w.Twin.Owner, "nobody": w.Nobody, "anonymous": w.Outside,
		}
		m := makerOf(ctx, w)
		names := slices.Sorted(maps.Keys(people))
		seed := int(GinkgoRandomSeed())
		GinkgoWriter.Printf("seed %d: repeat with -ginkgo.seed=%d\n", seed, seed)

		runtime.GC() // so that growth is of these requests
		before := held()
		statuses, asked := map[int]int{}, map[string]bool{}
		var last request
		DeferCleanup(func() {
			if CurrentSpecReport().Failed() {
				GinkgoWriter.Printf("the last request of seed %d was %s\n", seed, last)
			}
		})
		grew := growth(func() {
			for n := range fuzzed {
				last = m.any(names).Example(seed + n)
				client := people[last.who]
				for name, value := range last.headers {
					client = client.With(name, value)
				}
				var body any
				if last.body != "" {
					body = last.body
				}
				a := client.Do(last.op.Method, last.address, body)
				Expect(a.Status).To(BeNumerically("<", 500), "request %d of seed %d: %s\n%s", n, seed, last, a.Raw)
				statuses[a.Status]++
				asked[last.op.ID] = true
			}
		})
		told := fmt.Sprintf("%d requests over %d operations, seed %d, by status %v, grew by %d MiB", fuzzed, len(asked), seed, statuses, grew>>20)
		AddReportEntry("fuzzed", told)
		GinkgoWriter.Println(told)
		runtime.GC() // what is left is kept
		Expect(held()-before).To(BeNumerically("<=", 128<<20), "nothing is kept of requests that are answered")
		Expect(asked).To(HaveLen(len(m.doc.Operations)), "every operation was tried")
		Expect(statuses[200]).To(BeNumerically(">", fuzzed/20), "some of it gets somewhere")
		Expect(w.Logs()).NotTo(Or(ContainSubstring("panic"), ContainSubstring(`"status":5`)))
	})
})

// makerOf knows the served description and ids of both workspaces. Streams are
// left to their own specs: they have no end.
func makerOf(ctx context.Context, w *world.World) *maker {
	GinkgoHelper()
	m := &maker{doc: surface.Served(w.APIs[0].Address()), ids: map[string][]string{}}
	m.doc.Operations = slices.DeleteFunc(m.doc.Operations, func(o surface.Operation) bool { return o.Stream })
	db, err := pgx.Connect(ctx, w.DSN)
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = db.Close(ctx) }() // it has been read
	some := func(statement string) []string {
		rows, err := db.Query(ctx, statement)
		Expect(err).NotTo(HaveOccurred())
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		Expect(err).NotTo(HaveOccurred())
		m.all = append(m.all, ids...)
		return ids
	}
	m.ids["workspace_id"] = []string{w.Workspace, w.Workspace, w.Workspace, w.Twin.Workspace}
	m.ids["tenant_id"] = []string{w.Source.ID, w.Target.ID, w.Twin.Target.ID}
	m.ids["source_tenant_id"], m.ids["target_tenant_id"] = []string{w.Source.ID, w.Source.ID, w.Target.ID}, []string{w.Target.ID, w.Target.ID, w.Source.ID}
	m.ids["subject_id"] = some(`SELECT id::text FROM governed_subjects LIMIT 40`)
	m.ids["version_id"] = some(`SELECT id::text FROM policy_versions LIMIT 40`)
	m.ids["operation_id"] = some(`SELECT id::text FROM operation_runs`)
	m.ids["user_id"] = []string{string(w.Idle.UserID), string(w.Twin.Idle.UserID)}
	m.ids["token_id"] = []string{w.Workspace}
	m.ids["operation_type"] = strings.Fields("inventory.sync promotion.execute connection.verify nothing")
	m.ids["subject_key"] = some(`SELECT key_exact FROM governed_subjects LIMIT 40`)
	m.all = append(m.all, w.Workspace, w.Source.ID, w.Target.ID, w.Twin.Source.ID)
	return m
}
