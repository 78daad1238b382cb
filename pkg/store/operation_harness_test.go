package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// ownerURL reaches the database that the specs of the run engine share; suiteDB
// is it as the product sees it, with more connections than other specs need.
var (
	ownerURL string
	suiteDB  *store.DB
)

var openEngineDB sync.Once

// sharedDB opens that database for the first spec that asks; it is closed with
// the cluster at the end of the suite.
func sharedDB(ctx context.Context) *store.DB {
	GinkgoHelper()
	openEngineDB.Do(func() {
		cluster, err := storetest.Shared(ctx)
		Expect(err).NotTo(HaveOccurred())
		ownerURL, err = cluster.NewDSN(ctx)
		Expect(err).NotTo(HaveOccurred())
		suiteDB, err = store.Open(ctx, store.Config{URL: ownerURL, MaxConns: 30, Keys: cluster.Keys()})
		Expect(err).NotTo(HaveOccurred())
	})
	return suiteDB
}

// engine is one workspace with tenants, and the run engine on the suite's
// database. Every spec has its own, so specs share the database in peace.
type engine struct {
	db        *store.DB
	svc       *operation.Service
	workspace tenancy.WorkspaceID
	source    tenancy.TenantID
	target    tenancy.TenantID
	directory tenancy.DirectoryID
	owner     access.Scope
	reader    access.Scope
	timing    operation.Timing
}

// recorded returns the details of the audit events of a run, oldest first.
func (e *engine) recorded(ctx context.Context, id operation.RunID, action audit.Action) []map[string]any {
	GinkgoHelper()
	page, err := e.db.AuditEvents(ctx, access.System(e.workspace), audit.Filter{OperationID: string(id), Action: action})
	Expect(err).NotTo(HaveOccurred())
	found := []map[string]any{}
	for _, ev := range slices.Backward(page.Items) {
		found = append(found, ev.Details)
	}
	return found
}

// members answers the gate from memory.
type members struct {
	of      map[tenancy.UserID]access.Membership
	tenants []tenancy.TenantID
}

func (m members) Membership(_ context.Context, u tenancy.UserID, _ tenancy.WorkspaceID) (*access.Membership, error) {
	have, ok := m.of[u]
	if !ok {
		return nil, nil
	}
	return &have, nil
}

func (m members) TenantIDs(context.Context, tenancy.WorkspaceID) ([]tenancy.TenantID, error) {
	return m.tenants, nil
}

// owns is the database as its owner, for arranging and for asking what is really
// there.
func owns(ctx context.Context, sql string, args ...any) {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, ownerURL)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	_, err = conn.Exec(ctx, sql, args...)
	Expect(err).NotTo(HaveOccurred())
}

func ask[T any](ctx context.Context, sql string, args ...any) T {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, ownerURL)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	var v T
	Expect(conn.QueryRow(ctx, sql, args...).Scan(&v)).To(Succeed())
	return v
}

func newEngine(ctx context.Context) *engine {
	GinkgoHelper()
	e := &engine{
		db: sharedDB(ctx), workspace: tenancy.WorkspaceID(store.NewID()), source: tenancy.TenantID(store.NewID()),
		target: tenancy.TenantID(store.NewID()), directory: tenancy.DirectoryID(store.NewID()), timing: operation.TestTiming(),
	}
	owner, reader := tenancy.UserID(store.NewID()), tenancy.UserID(store.NewID())
	owns(ctx, `INSERT INTO workspaces (id, display_name, created_at) VALUES ($1, 'Nordlicht', now())`, e.workspace)
	for _, u := range []tenancy.UserID{owner, reader} {
		owns(ctx, `INSERT INTO users (id, email, display_name, created_at) VALUES ($1, $2, 'Robin', now())`, u, string(u)+"@example.test")
	}
	for t, d := range map[tenancy.TenantID]tenancy.DirectoryID{e.source: tenancy.DirectoryID(store.NewID()), e.target: e.directory} {
		owns(ctx, `INSERT INTO tenants (id, workspace_id, display_name, directory_id, cloud, created_at) VALUES ($1, $2, 'T', $3, 'global', now())`,
			t, e.workspace, d)
	}
	gate, err := access.NewGate(members{tenants: []tenancy.TenantID{e.source, e.target}, of: map[tenancy.UserID]access.Membership{
		owner:  {Role: tenancy.Owner},
		reader: {Role: tenancy.Readonly, Tenants: map[tenancy.TenantID]tenancy.TenantRole{e.target: tenancy.TenantReader}},
	}})
	Expect(err).NotTo(HaveOccurred())
	e.owner, err = gate.Workspace(ctx, access.Actor{UserID: owner, DisplayName: "Robin", Via: access.ViaSession}, e.workspace)
	Expect(err).NotTo(HaveOccurred())
	e.reader, err = gate.Workspace(ctx, access.Actor{UserID: reader, DisplayName: "Kim", Via: access.ViaSession}, e.workspace)
	Expect(err).NotTo(HaveOccurred())
	e.svc = operation.NewService(operation.Config{Store: e.db, Audit: e.db, Now: time.Now, NewID: store.NewID})
	return e
}

// addTenant registers one more tenant, which only the system's scope sees.
func (e *engine) addTenant(ctx context.Context) tenancy.TenantID {
	GinkgoHelper()
	id := tenancy.TenantID(store.NewID())
	owns(ctx, `INSERT INTO tenants (id, workspace_id, display_name, directory_id, cloud, created_at) VALUES ($1, $2, 'T', $3, 'global', now())`,
		id, e.workspace, store.NewID())
	return id
}

// sync is a wish for an inventory sync of n policy types on the target.
func (e *engine) sync(n int) operation.StartRequest {
	q := operation.StartRequest{Scope: e.owner, Type: operation.InventorySync, TenantID: e.target, DedupeKey: "all"}
	for i := range n {
		q.Items = append(q.Items, operation.PlannedItem{Label: fmt.Sprintf("type %d", i+1), Action: "sync"})
	}
	return q
}

// promotion is a wish for a promotion of n subjects from source to target.
func (e *engine) promotion(n int) operation.StartRequest {
	q := e.sync(n)
	q.Type, q.SourceTenantID, q.DirectoryID = operation.PromotionExecute, e.source, e.directory
	q.Details = map[string]any{"fingerprint": "f1"}
	return q
}

func (e *engine) started(ctx context.Context, q operation.StartRequest) operation.Run {
	GinkgoHelper()
	res, err := e.svc.Start(ctx, q)
	Expect(err).NotTo(HaveOccurred())
	Expect(res.Result).To(Equal(operation.ResultQueued))
	return res.Run
}

func (e *engine) now(ctx context.Context, id operation.RunID) operation.Run {
	GinkgoHelper()
	r, err := e.svc.Get(ctx, e.owner, id)
	Expect(err).NotTo(HaveOccurred())
	return r
}

// runner is a worker whose work is do; change alters its configuration.
func (e *engine) runner(do func(ctx context.Context, x operation.Execution) error, change ...func(*operation.RunnerConfig)) *operation.Runner {
	GinkgoHelper()
	c := operation.RunnerConfig{
		Service: e.svc, Timing: e.timing, Owner: store.NewID(),
		Works:     []operation.Work{work{operation.InventorySync, do}, work{operation.PromotionExecute, do}},
		Authorize: func(context.Context, operation.Run) (string, error) { return "", nil },
	}
	for _, f := range change {
		f(&c)
	}
	r, err := operation.NewRunner(c)
	Expect(err).NotTo(HaveOccurred())
	return r
}

type work struct {
	typ operation.Type
	do  func(ctx context.Context, x operation.Execution) error
}

func (w work) Type() operation.Type                                { return w.typ }
func (w work) Do(ctx context.Context, x operation.Execution) error { return w.do(ctx, x) }

// settleAll is a work that gives every open item the verdict of each.
func settleAll(each func(ordinal int) operation.Verdict) func(ctx context.Context, x operation.Execution) error {
	return func(ctx context.Context, x operation.Execution) error {
		settled, err := x.Verdicts(ctx)
		if err != nil {
			return err
		}
		for _, item := range x.Run().Items {
			if _, done := settled[item.Ordinal]; done {
				continue
			}
			if reason, err := x.MayGoOn(ctx, 0); reason != "" || err != nil {
				return err
			}
			if err := x.Begin(ctx, item.Ordinal); err != nil {
				return err
			}
			if err := x.Settle(ctx, each(item.Ordinal), nil); err != nil {
				return err
			}
		}
		return nil
	}
}

func succeeded(ordinal int) operation.Verdict {
	return operation.Verdict{Ordinal: ordinal, Status: operation.ItemSucceeded, Effect: operation.EffectUpdated, Attempts: 1}
}
