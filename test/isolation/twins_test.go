package isolation_test

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/contract/surface"
	"github.com/tenantatlas/tenantatlas/test/refusals/ledger"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

type object = map[string]any

const nothing = "0199b2f0-0000-7000-8000-000000000000"

// twins are two workspaces that look the same, each with everything that the
// product can hold.
type twins struct {
	*world.World
	db     *pgx.Conn
	ledger *ledger.Ledger
	doc    *surface.Document
	own    map[string]string // path parameters that name one's own
	other  map[string]string // the same of the twin
	nowise map[string]string // the same of nobody
}

// born boots the product for all specs of a container, which outlives the node
// that calls it.
func born(o stack.Options) *twins {
	GinkgoHelper()
	ctx := context.Background()
	t := &twins{World: world.Start(ctx, o)}
	var err error
	t.db, err = pgx.Connect(ctx, t.DSN)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) error { return t.db.Close(ctx) })
	for _, s := range []world.Side{t.Side, t.Twin} {
		t.Sync(ctx, s, s.Source, s.Target)
		ready := s.Preflight(s.Operator, s.Selection())
		s.Owner.Put(s.Path("operational-controls", "inventory.sync"), object{"paused": false, "reason": "spec"}).Expect(200)
		t.AwaitRun(ctx, s.Operator, s.Workspace, world.RunOf(s.Execute(s.Operator, s.Selection(), ready).Expect(202)))
	}
	t.ledger, t.doc = ledger.Open(ctx, t.DSN), surface.Served(t.APIs[0].Address())
	t.own, t.other, t.nowise = t.things(ctx, t.Side), t.things(ctx, t.Twin), map[string]string{}
	for name := range t.own {
		t.nowise[name] = nothing
	}
	t.nowise["operation_type"] = "inventory.sync"
	return t
}

func (t *twins) things(ctx context.Context, s world.Side) map[string]string {
	GinkgoHelper()
	one := func(statement, of string) string {
		var id string
		Expect(t.db.QueryRow(ctx, statement, of).Scan(&id)).To(Succeed(), statement)
		return id
	}
	return map[string]string{
		"workspace_id": s.Workspace, "tenant_id": s.Target.ID, "operation_type": "inventory.sync",
		"subject_id":   one(`SELECT id::text FROM governed_subjects WHERE tenant_id = $1 LIMIT 1`, s.Target.ID),
		"version_id":   one(`SELECT version_id::text FROM governed_subjects WHERE tenant_id = $1 LIMIT 1`, s.Target.ID),
		"operation_id": one(`SELECT id::text FROM operation_runs WHERE tenant_id = $1 AND type = 'promotion.execute' LIMIT 1`, s.Target.ID),
		"user_id":      string(s.Readonly.UserID),
		"token_id":     one(`SELECT id::text FROM api_tokens WHERE user_id = $1 LIMIT 1`, string(s.Owner.UserID)),
	}
}

// marks are the words by which a workspace is known: every id of its rows, its
// people, directories and objects, but for words that both have.
func (t *twins) marks(ctx context.Context, s world.Side) []string {
	GinkgoHelper()
	rows, err := t.db.Query(ctx, `
		SELECT $1::text
		UNION SELECT unnest(ARRAY[id::text, directory_id::text]) FROM tenants WHERE workspace_id = $1::uuid
		UNION SELECT unnest(ARRAY[u.id::text, u.email]) FROM users u JOIN workspace_members m ON m.user_id = u.id WHERE m.workspace_id = $1::uuid
		UNION SELECT id::text FROM operation_runs WHERE workspace_id = $1::uuid
		UNION SELECT unnest(ARRAY[id::text, version_id::text, object_id, content_hash]) FROM governed_subjects WHERE workspace_id = $1::uuid
		UNION SELECT id::text FROM audit_events WHERE workspace_id = $1::uuid`, s.Workspace)
	Expect(err).NotTo(HaveOccurred())
	words, err := pgx.CollectRows(rows, pgx.RowTo[string])
	Expect(err).NotTo(HaveOccurred())
	return words
}

// only keeps of one's marks those that the other does not have too, and that
// cannot stand anywhere by chance.
func only(one, other []string) []string {
	return slices.DeleteFunc(slices.Clone(one), func(m string) bool { return len(m) < 12 || slices.Contains(other, m) })
}

// bare is an answer without what differs from request to request.
func bare(a stack.Answer) string {
	if id := a.Text("request_id"); id != "" {
		return strings.ReplaceAll(string(a.Raw), id, "")
	}
	return string(a.Raw)
}

// put is a copy of the map with some values replaced.
func put(values, with map[string]string, names ...string) map[string]string {
	mixed := map[string]string{}
	for name, value := range values {
		mixed[name] = value
	}
	for _, name := range names {
		mixed[name] = with[name]
	}
	return mixed
}
