package isolation_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

var _ = Describe("A directory that two workspaces look after", Ordered, ContinueOnFailure, func() {
	var (
		t      *twins
		shared world.Tenant // the twin's row for the target's directory
		run    string
	)

	BeforeAll(func() {
		ctx := context.Background()
		t = born(stack.Options{APIs: 1, Workers: 1})
		a := t.Twin.Owner.Post(t.Twin.Path("tenants"), object{"display_name": "Island (target)", "directory_id": t.Target.Directory}).Expect(201)
		shared = world.Tenant{ID: a.Text("id"), Directory: t.Target.Directory}
		t.Twin.Connect(shared, graphsim.Secret, true)
		t.Sync(ctx, t.Twin, shared)
		found := t.Named(t.Source, "configurationPolicies", "Catalog nested")[0]
		delete(found, "id")
		found["name"] = "Catalog of the moment"
		_, err := t.Sim.UpsertObject(t.Source.Directory, "configurationPolicies", found)
		Expect(err).NotTo(HaveOccurred())
		t.Sync(ctx, t.Side, t.Source)
		t.Workers[0].Stop(ctx)
		ready := t.Preflight(t.Operator, t.Selection())
		run = world.RunOf(t.Execute(t.Operator, t.Selection(), ready).Expect(202))
	})

	pairOf := func(s, target string) object { return object{"source_tenant_id": s, "target_tenant_id": target} }

	It("is busy for both, and tells the other nothing about whose run it is", func(ctx SpecContext) {
		sel := pairOf(t.Twin.Source.ID, shared.ID)
		ready := t.Twin.Preflight(t.Twin.Owner, sel)
		before := t.ledger.Take(ctx)
		a := t.Twin.Execute(t.Twin.Owner, sel, ready).Expect(409)
		Expect(a.Code()).To(Equal("scope_busy"))
		Expect(a.JSON["operation"]).To(BeNil())
		expectNone(string(a.Raw), only(t.marks(ctx, t.Side), t.marks(ctx, t.Twin)), "scope_busy")
		Expect(t.ledger.Take(ctx)).To(Equal(before))
	})

	It("says so at the preflight too, in the same words for every source", func(ctx SpecContext) {
		a := t.Twin.Owner.Post(t.Twin.Path("cross-tenant-compare", "preflight"), pairOf(t.Twin.Source.ID, shared.ID)).Expect(200)
		Expect(a.JSON["actions"].(object)["execute"]).To(HaveKeyWithValue("allowed", false))
		expectNone(string(a.Raw), only(t.marks(ctx, t.Side), t.marks(ctx, t.Twin)), "preflight")
		p := t.Twin.Owner.Post(t.Twin.Path("cross-tenant-compare", "preview"), pairOf(t.Twin.Source.ID, shared.ID)).Expect(200)
		Expect(p.JSON["latest_operation"]).To(BeNil())
	})

	It("is not the same request, whatever fingerprint the other sends", func(ctx SpecContext) {
		var fingerprint string
		Expect(t.db.QueryRow(ctx, `SELECT audit_details ->> 'fingerprint' FROM operation_runs WHERE id = $1`, run).Scan(&fingerprint)).To(Succeed())
		sel := pairOf(t.Twin.Source.ID, shared.ID)
		a := t.Twin.Owner.Post(t.Twin.Path("cross-tenant-compare", "promotions"), object{
			"selection": sel, "preflight_fingerprint": fingerprint,
			"confirmation": object{"source_tenant_id": t.Twin.Source.ID, "target_tenant_id": shared.ID, "ready": 1, "excluded": 0},
		})
		Expect(a.Code()).To(Equal("scope_busy"), "%s", a.Raw)
		Expect(a.JSON["operation"]).To(BeNil())
	})

	It("is free again for the other when the run has ended", func(ctx SpecContext) {
		t.Workers[0].Start(ctx)
		t.AwaitRun(ctx, t.Operator, t.Workspace, run)
		a := t.Twin.Owner.Post(t.Twin.Path("cross-tenant-compare", "preflight"), pairOf(t.Twin.Source.ID, shared.ID)).Expect(200)
		Expect(a.JSON["actions"].(object)["execute"]).To(HaveKeyWithValue("reason_code", Not(Equal("scope_busy"))))
	})

	It("shows each only their own events", func(ctx SpecContext) {
		mine, theirs := t.stream(ctx, t.Owner, t.Workspace), t.stream(ctx, t.Twin.Owner, t.Twin.Workspace)
		verify := func(s world.Side) string {
			id := world.RunOf(s.Owner.Post(s.Path("tenants", s.Target.ID, "connection", "verify"), nil).Expect(202))
			t.AwaitRun(ctx, s.Owner, s.Workspace, id)
			return id
		}
		first := verify(t.Side)
		second := verify(t.Twin)
		Eventually(ctx, theirs).Should(Receive(And(ContainSubstring(second), Not(ContainSubstring(first)))), "the first event of all is one's own")
		Eventually(ctx, mine).Should(Receive(ContainSubstring(first)))
		foreign := only(t.marks(ctx, t.Twin), t.marks(ctx, t.Side))
		third := verify(t.Side)
		Eventually(ctx, func(g Gomega) {
			var event string
			g.Expect(mine).To(Receive(&event))
			expectNone(event, foreign, "a stream")
			g.Expect(event).To(ContainSubstring(third))
		}).Should(Succeed())
	})
})

// stream are the data of a workspace's events of runs that begin from now on.
func (t *twins) stream(ctx context.Context, who *stack.Client, workspace string) <-chan string {
	GinkgoHelper()
	secret, err := t.Rooms.CreateToken(ctx, who.Email, "stream")
	Expect(err).NotTo(HaveOccurred())
	ctx, leave := context.WithCancel(ctx)
	DeferCleanup(leave)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+t.APIs[0].Address()+api.BasePath+"/workspaces/"+workspace+"/events", http.NoBody)
	Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Authorization", "Bearer "+secret.Reveal())
	resp, err := http.DefaultClient.Do(r) //nolint:bodyclose // ends with the context
	Expect(err).NotTo(HaveOccurred())
	Expect(resp.StatusCode).To(Equal(http.StatusOK))
	events := make(chan string, 256)
	go func() {
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "{}" {
				events <- data
			}
		}
	}()
	return events
}
