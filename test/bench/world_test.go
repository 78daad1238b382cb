package bench

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := storetest.StopShared(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// tenants is a database with two tenants of n subjects: a tenth missing in the
// target, a tenth different, the rest aligned; a fifth refers to a group.
type tenants struct {
	db             *store.DB
	pool           *pgxpool.Pool
	scope          access.Scope
	source, target tenancy.TenantID
}

func newTenants(b *testing.B, n int) *tenants {
	b.Helper()
	ctx := b.Context()
	cluster, err := storetest.Shared(ctx)
	must(b, err)
	dsn, err := cluster.NewDSN(ctx)
	must(b, err)
	db, err := store.Open(ctx, store.Config{URL: dsn, MaxConns: 10, Keys: cluster.Keys()})
	must(b, err)
	pool, err := pgxpool.New(ctx, dsn)
	must(b, err)
	b.Cleanup(func() { pool.Close(); must(b, db.Close()) })
	t := &tenants{db: db, pool: pool, source: tenancy.TenantID(store.NewID()), target: tenancy.TenantID(store.NewID())}
	ws := tenancy.WorkspaceID(store.NewID())
	t.scope = access.System(ws)
	exec(b, pool, `INSERT INTO workspaces (id, display_name, created_at) VALUES ($1, 'Bench', now())`, ws)
	for _, id := range []tenancy.TenantID{t.source, t.target} {
		exec(b, pool, `INSERT INTO tenants (id, workspace_id, display_name, directory_id, cloud, created_at) VALUES ($1, $2, 'T', $3, 'global', now())`, id, ws, store.NewID())
		t.fill(b, id, n)
	}
	exec(b, pool, `ANALYZE`)
	return t
}

func (t *tenants) fill(b *testing.B, id tenancy.TenantID, n int) {
	b.Helper()
	ctx := b.Context()
	typ := subject.Lookup("configuration_policies")
	group := "11111111-1111-4111-8111-111111111111"
	if id == t.target {
		group = "22222222-2222-4222-8222-222222222222"
	}
	names := inventory.NewNames([]inventory.IndexedReference{{Kind: subject.RefGroup, ID: group, Name: "Pilot devices"}})
	now := time.Now().UTC().Truncate(time.Microsecond)
	var batch []*inventory.Captured
	for i := range n {
		if id == t.target && i%10 == 9 {
			continue
		}
		value := i
		if id == t.target && i%10 == 8 {
			value = -i
		}
		c, err := inventory.CaptureObject(typ, provider.Object{ID: store.NewID(), Raw: policy(i, value, group), AssignmentsRead: true, ReadAt: now}, tenancy.DirectoryID(id), names.NameOf)
		must(b, err)
		if batch = append(batch, c); len(batch) == 500 || i == n-1 {
			must(b, t.db.SaveCaptured(ctx, t.scope, id, store.NewID(), batch))
			batch = nil
		}
	}
	if len(batch) > 0 {
		must(b, t.db.SaveCaptured(ctx, t.scope, id, store.NewID(), batch))
	}
	for _, what := range []string{string(typ.Key), inventory.CaptureOf(subject.RefGroup), inventory.CaptureOf(subject.RefTemplate)} {
		must(b, t.db.SaveCapture(ctx, t.scope, id, store.NewID(), inventory.Capture{What: what, StartedAt: now, Complete: true}))
	}
	must(b, t.db.ReplaceReferences(ctx, t.scope, id, subject.RefGroup, []inventory.IndexedReference{{ID: group, Name: "Pilot devices"}}))
	must(b, t.db.SaveFacts(ctx, t.scope, id, inventory.Facts{ApprovalKnown: true, ReadAt: now, Granted: []string{"DeviceManagementConfiguration.ReadWrite.All"}}))
}

func policy(i, value int, group string) []byte {
	assignments := `[]`
	if i%5 == 0 {
		assignments = fmt.Sprintf(`[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":%q}}]`, group)
	}
	return fmt.Appendf(nil, `{"name":"Policy %06d","description":"","platforms":"windows10","technologies":"mdm","roleScopeTagIds":["0"],
		"settings":[{"id":"0","settingInstance":{"@odata.type":"#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance",
		"settingDefinitionId":"device_vendor_msft_policy_config_example_%d","simpleSettingValue":{"@odata.type":"#microsoft.graph.deviceManagementConfigurationIntegerSettingValue","value":%d}}}],
		"assignments":%s}`, i, i%50, value, assignments)
}

func (t *tenants) selection() compare.Selection {
	s, err := compare.Selection{SourceTenantID: t.source, TargetTenantID: t.target}.Canonical()
	if err != nil {
		panic(err)
	}
	return s
}

func (t *tenants) service() *promotion.Service {
	return &promotion.Service{Store: t.db, Operations: noRuns{}, Clock: time.Now, MaxAge: promotion.DefaultMaxAge}
}

// noRuns stands for a workspace without runs, so that only the derivation is measured.
type noRuns struct{ promotion.Operations }

func (noRuns) Paused(context.Context, tenancy.WorkspaceID, operation.Type) (bool, error) {
	return false, nil
}

func (noRuns) ActiveOn(context.Context, tenancy.DirectoryID) (*operation.Run, error) {
	return nil, nil
}

func (noRuns) Latest(context.Context, access.Scope, tenancy.TenantID, tenancy.TenantID) (*operation.Run, error) {
	return nil, nil
}

// rows runs a query with bare pgx and reads every column of every row.
func rows(ctx context.Context, pool *pgxpool.Pool, sql string, args ...any) error {
	r, err := pool.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(r, func(row pgx.CollectableRow) (int, error) {
		v, err := row.Values()
		return len(v), err
	})
	return err
}

func exec(b *testing.B, pool *pgxpool.Pool, sql string, args ...any) {
	b.Helper()
	_, err := pool.Exec(b.Context(), sql, args...)
	must(b, err)
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
