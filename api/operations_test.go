package api_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// floor is a workspace with two tenants, its owner, and the run engine.
type floor struct {
	*product
	ops            *operation.Service
	owner          *client
	ws             string
	source, target string
	home           string // the workspace's address
}

func newFloor(ctx context.Context) *floor {
	GinkgoHelper()
	f := &floor{}
	f.product = boot(ctx, func(d *api.Deps) {
		d.Operations = f.engine(d)
	})
	f.owner = f.person(ctx, "owner@example.com")
	f.ws = f.owner.workspace("Nordlicht")
	f.source, f.target = f.owner.tenant(f.ws), f.owner.tenant(f.ws)
	f.home = "~/workspaces/" + f.ws
	return f
}

func (f *floor) engine(d *api.Deps) *operation.Service {
	db, ok := d.Audit.(*store.DB)
	Expect(ok).To(BeTrue())
	f.ops = operation.NewService(operation.Config{Store: db, Audit: db, Now: time.Now, NewID: store.NewID})
	return f.ops
}

// started queues work as the system, which has no one to notify.
func (f *floor) started(ctx context.Context, t operation.Type, items int) string {
	GinkgoHelper()
	q := operation.StartRequest{Scope: access.System(tenancy.WorkspaceID(f.ws)), Type: t, TenantID: tenancy.TenantID(f.target)}
	if t == operation.PromotionExecute {
		q.SourceTenantID, q.DirectoryID = tenancy.TenantID(f.source), tenancy.DirectoryID(store.NewID())
	}
	for range items {
		q.Items = append(q.Items, operation.PlannedItem{Label: "one", Action: "sync"})
	}
	res, err := f.ops.Start(ctx, q)
	Expect(err).NotTo(HaveOccurred())
	return string(res.Run.ID)
}

// finish carries a run out.
func (f *floor) finish(ctx context.Context, id string) {
	GinkgoHelper()
	r, err := operation.NewRunner(operation.RunnerConfig{
		Service: f.ops, Works: []operation.Work{doing{}}, Timing: operation.TestTiming(), Owner: "spec",
		Authorize: func(context.Context, operation.Run) (string, error) { return "", nil },
	})
	Expect(err).NotTo(HaveOccurred())
	Expect(r.Run(ctx, operation.RunID(id))).To(Succeed())
}

type doing struct{}

func (doing) Type() operation.Type { return operation.InventorySync }

func (doing) Do(ctx context.Context, x operation.Execution) error {
	for _, i := range x.Run().Items {
		v := operation.Verdict{Ordinal: i.Ordinal, Status: operation.ItemSucceeded, Effect: operation.EffectUpdated, Attempts: 1}
		if err := x.Settle(ctx, v, nil); err != nil {
			return err
		}
	}
	return nil
}

// entitled is a member of the workspace with a role in the target only.
func (f *floor) entitled(ctx context.Context, role tenancy.WorkspaceRole, in tenancy.TenantRole) *client {
	GinkgoHelper()
	c := f.member(ctx, f.ws, role)
	a := f.owner.post(f.home+"/tenants/"+f.target+"/members", object{"user_id": string(c.user.ID), "role": string(in)})
	Expect(a.Status).To(BeElementOf(http.StatusOK, http.StatusCreated), a.Raw)
	return c
}

var _ = Describe("Operations over HTTP", func() {
	var f *floor
	BeforeEach(func(ctx context.Context) { f = newFloor(ctx) })

	It("lists them newest first, page by page, and filters", func(ctx context.Context) {
		first := f.started(ctx, operation.InventorySync, 2)
		second := f.started(ctx, operation.PromotionExecute, 1)
		f.finish(ctx, first)
		page := f.owner.get(f.home + "/operations?limit=1")
		Expect(page.Status).To(Equal(http.StatusOK), page.Raw)
		Expect(page.JSON["items"]).To(HaveExactElements(HaveKeyWithValue("id", second)))
		next := f.owner.get(f.home + "/operations?limit=1&cursor=" + page.text("next_cursor"))
		Expect(next.JSON["items"]).To(HaveExactElements(And(HaveKeyWithValue("id", first), HaveKeyWithValue("outcome", "succeeded"))))
		Expect(next.JSON["next_cursor"]).To(BeNil())
		other := f.owner.get(f.home + "/operations?status=completed&cursor=" + page.text("next_cursor"))
		Expect(other.Status).To(Equal(http.StatusUnprocessableEntity), "a cursor belongs to its filter")
		Expect(f.owner.get(f.home + "/operations?outcome=succeeded").JSON["items"]).To(HaveLen(1))
		Expect(f.owner.get(f.home + "/operations?type=no.such").Status).To(Equal(http.StatusUnprocessableEntity))
	})

	It("shows one with counts, links and what may be done", func(ctx context.Context) {
		id := f.started(ctx, operation.InventorySync, 2)
		a := f.owner.get(f.home + "/operations/" + id)
		Expect(a.JSON).To(And(
			HaveKeyWithValue("status", "queued"), HaveKeyWithValue("outcome", "pending"), HaveKeyWithValue("initiator", BeNil()),
			HaveKeyWithValue("summary_counts", HaveKeyWithValue("total", 2.0)),
			HaveKeyWithValue("actions", HaveKeyWithValue("cancel", HaveKeyWithValue("allowed", true))),
			HaveKeyWithValue("links", HaveKeyWithValue("web", "/workspaces/"+f.ws+"/operations/"+id)),
		))
		f.finish(ctx, id)
		items := f.owner.get(f.home + "/operations/" + id + "/items?limit=1")
		Expect(items.JSON["items"]).To(HaveExactElements(And(HaveKeyWithValue("ordinal", 1.0), HaveKeyWithValue("status", "succeeded"), HaveKeyWithValue("effect", "updated"))))
		rest := f.owner.get(f.home + "/operations/" + id + "/items?limit=1&cursor=" + items.text("next_cursor"))
		Expect(rest.JSON["items"]).To(HaveExactElements(HaveKeyWithValue("ordinal", 2.0)))
		Expect(f.owner.get(f.home + "/operations/" + id + "/items?status=failed").JSON["items"]).To(BeEmpty())
	})

	It("hides the source from those who are not entitled to it, and then refuses the cancel", func(ctx context.Context) {
		id := f.started(ctx, operation.PromotionExecute, 1)
		manager := f.entitled(ctx, tenancy.Operator, tenancy.TenantManager)
		a := manager.get(f.home + "/operations/" + id)
		Expect(a.JSON).To(And(HaveKeyWithValue("source_tenant_id", BeNil()), HaveKeyWithValue("target_tenant_id", f.target)))
		Expect(a.JSON["actions"]).To(HaveKeyWithValue("cancel", HaveKeyWithValue("allowed", false)))
		Expect(manager.post(f.home+"/operations/"+id+"/cancel", nil).code()).To(Equal("forbidden"))
	})

	It("cancels what is queued at once, and nothing that has ended", func(ctx context.Context) {
		id := f.started(ctx, operation.InventorySync, 3)
		a := f.owner.post(f.home+"/operations/"+id+"/cancel", nil)
		Expect(a.Status).To(Equal(http.StatusOK), a.Raw)
		Expect(a.JSON).To(And(HaveKeyWithValue("outcome", "cancelled"), HaveKeyWithValue("reason_code", "cancelled")))
		again := f.owner.post(f.home+"/operations/"+id+"/cancel", nil)
		Expect(again.Status).To(Equal(http.StatusConflict))
		Expect(again.code()).To(Equal("operation_completed"))
	})

	It("answers for a foreign operation as for none", func(ctx context.Context) {
		id := f.started(ctx, operation.InventorySync, 1)
		stranger := f.member(ctx, f.ws, tenancy.Readonly) // of the workspace, without a tenant
		for _, method := range []func(string) answered{
			stranger.get, func(address string) answered { return stranger.post(address+"/cancel", nil) },
		} {
			there, nowhere := method(f.home+"/operations/"+id), method(f.home+"/operations/"+store.NewID())
			Expect(there.Status).To(Equal(http.StatusNotFound))
			Expect(strings.ReplaceAll(there.Raw, there.text("request_id"), "")).To(Equal(strings.ReplaceAll(nowhere.Raw, nowhere.text("request_id"), "")))
		}
		Expect(stranger.get(f.home + "/operations").JSON["items"]).To(BeEmpty())
	})

	It("verifies a connection only when there is one", func() {
		address := f.home + "/tenants/" + f.target + "/connection"
		none := f.owner.post(address+"/verify", nil)
		Expect(none.code()).To(Equal("operation_blocked"))
		Expect(none.text("reason_code")).To(Equal("connection_unverified"))
		stored := f.owner.put(address, object{
			"client_id": store.NewID(), "credential": object{"kind": "client_secret", "secret": "s"}, "write_enabled": true,
		})
		Expect(stored.Status).To(Equal(http.StatusOK), stored.Raw)
		queued := f.owner.post(address+"/verify", nil)
		Expect(queued.Status).To(Equal(http.StatusAccepted), queued.Raw)
		Expect(queued.Header.Get("Location")).To(HavePrefix("/api/v1/workspaces/" + f.ws + "/operations/"))
		again := f.owner.post(address+"/verify", object{})
		Expect(again.Status).To(Equal(http.StatusOK))
		Expect(again.text("result")).To(Equal("deduplicated"))
	})
})

var _ = Describe("Operational controls over HTTP", func() {
	It("pause and resume a type, by revision", func(ctx context.Context) {
		f := newFloor(ctx)
		address := f.home + "/operational-controls"
		list := f.owner.get(address)
		Expect(list.JSON["items"]).To(HaveLen(9))
		Expect(f.owner.put(address+"/inventory.sync", object{"paused": true}).Status).To(Equal(http.StatusUnprocessableEntity), "a pause needs a reason")
		Expect(f.owner.put(address+"/no.such", object{"paused": false}).Status).To(Equal(http.StatusNotFound))
		paused := f.owner.put(address+"/inventory.sync", object{"paused": true, "reason": "freeze", "expires_at": "2099-01-01T00:00:00Z"})
		Expect(paused.Status).To(Equal(http.StatusOK), paused.Raw)
		Expect(paused.Header.Get("ETag")).To(Equal(`"1"`))
		Expect(paused.JSON).To(And(HaveKeyWithValue("effective", true), HaveKeyWithValue("reason", "freeze")))
		Expect(f.owner.put(address+"/inventory.sync", object{"paused": false}).Status).To(Equal(http.StatusPreconditionRequired))
		Expect(f.owner.with("If-Match", `"9"`).put(address+"/inventory.sync", object{"paused": false}).Status).To(Equal(http.StatusPreconditionFailed))
		resumed := f.owner.with("If-Match", `"1"`).put(address+"/inventory.sync", object{"paused": false, "reason": "", "expires_at": nil})
		Expect(resumed.Status).To(Equal(http.StatusOK), resumed.Raw)
		Expect(resumed.JSON).To(HaveKeyWithValue("effective", false))
		operator := f.member(ctx, f.ws, tenancy.Operator)
		Expect(operator.put(address+"/inventory.sync", object{"paused": true, "reason": "x"}).Status).To(Equal(http.StatusForbidden))
	})
})

// listening is one open stream.
type listening struct {
	events chan string // "name id" of each, and "end"
	close  func()
}

// listen opens a stream on a real connection.
func (f *floor) listen(ctx context.Context, c *client, address, last string) *listening {
	GinkgoHelper()
	server := httptest.NewServer(f.product)
	ctx, cancel := context.WithCancel(ctx)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+strings.Replace(address, "~", api.BasePath, 1), http.NoBody)
	Expect(err).NotTo(HaveOccurred())
	r.Header = c.header.Clone()
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := server.Client().Do(r) //nolint:bodyclose // closed with the stream
	Expect(err).NotTo(HaveOccurred())
	Expect(answer.StatusCode).To(Equal(http.StatusOK))
	l := &listening{events: make(chan string, 1000), close: func() {
		cancel()
		_ = answer.Body.Close()
		server.Close()
	}}
	DeferCleanup(l.close)
	go func() {
		lines, id := bufio.NewScanner(answer.Body), ""
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if v, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				id = v
			}
			if v, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				l.events <- v + " " + id
			}
		}
		l.events <- "end"
	}()
	return l
}

var _ = Describe("Following operations", func() {
	var f *floor
	BeforeEach(func(ctx context.Context) { f = newFloor(ctx) })
	soon := func(l *listening) AsyncAssertion { return Eventually(l.events).WithTimeout(5 * time.Second) }

	It("shows one from its present state to its end, and then ends", func(ctx context.Context) {
		id := f.started(ctx, operation.InventorySync, 1)
		l := f.listen(ctx, f.owner, f.home+"/operations/"+id+"/events", "")
		soon(l).Should(Receive(HavePrefix("operation.updated ")))
		f.finish(ctx, id)
		soon(l).Should(Receive(HavePrefix("operation.updated ")))
		soon(l).Should(Receive(Equal("end")))
		late := f.listen(ctx, f.owner, f.home+"/operations/"+id+"/events", "999999999")
		soon(late).Should(Receive(Equal("end")), "nothing will move any more")
	})

	It("begins with what is active, follows, and resumes after the last event", func(ctx context.Context) {
		f.finish(ctx, f.started(ctx, operation.InventorySync, 1))
		active := f.started(ctx, operation.PromotionExecute, 1)
		l := f.listen(ctx, f.owner, f.home+"/events", "")
		var event string
		soon(l).Should(Receive(&event))
		_, last, _ := strings.Cut(event, " ")
		Consistently(l.events).WithTimeout(700 * time.Millisecond).ShouldNot(Receive())
		l.close()
		Expect(f.owner.post(f.home+"/operations/"+active+"/cancel", nil).Status).To(Equal(http.StatusOK))
		second := f.started(ctx, operation.InventorySync, 1)
		resumed := f.listen(ctx, f.owner, f.home+"/events", last)
		soon(resumed).Should(Receive(HavePrefix("operation.updated ")))
		soon(resumed).Should(Receive(HavePrefix("operation.updated ")))
		f.finish(ctx, second)
		soon(resumed).Should(Receive(HavePrefix("operation.updated ")))
	})

	It("ends when the membership ends, and when the token does", Serial, func(ctx context.Context) {
		reader, holder := f.entitled(ctx, tenancy.Readonly, tenancy.TenantReader), f.entitled(ctx, tenancy.Operator, tenancy.TenantReader)
		tokens := holder.get("~/me/tokens")
		first, second := f.listen(ctx, reader, f.home+"/events", ""), f.listen(ctx, holder, f.home+"/events", "")
		Expect(f.db.Registry().RemoveMember(ctx, access.System(tenancy.WorkspaceID(f.ws)), reader.user.ID)).To(Succeed())
		items, ok := tokens.JSON["items"].([]any)
		Expect(ok).To(BeTrue())
		token, ok := items[0].(map[string]any)
		Expect(ok).To(BeTrue())
		Expect(holder.delete("~/me/tokens/" + token["id"].(string)).Status).To(Equal(http.StatusNoContent))
		for _, l := range []*listening{first, second} {
			Eventually(l.events).WithTimeout(15 * time.Second).Should(Receive(Equal("end")))
		}
	})
})
