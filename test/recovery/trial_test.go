package recovery_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// The selections of trials. Everything has creates, updates, subjects of several
// requests, and subjects that depend on others of the same plan.
var (
	everything = map[string]any{}
	justOne    = map[string]any{"q": "Catalog nested"}  // create and assign
	aPatch     = map[string]any{"q": "Custom settings"} // PATCH
)

// trial is one promotion that something happens to.
type trial struct {
	*world.World
	selection map[string]any
	before    world.Preflight
	found     content         // of the target before the start
	since     int64           // the simulator's journal before the start
	id        string          // of the run
	outside   map[string]bool // objects that somebody else made or changed
	other     string          // a directory in which another trial works
	started   chan struct{}   // closed when id is known
}

// product boots the cast with both tenants read.
func product(ctx context.Context, o stack.Options) *world.World {
	GinkgoHelper()
	w := world.Start(ctx, o)
	w.Sync(ctx, w.Side, w.Source, w.Target)
	return w
}

// prepare makes the preflight of a trial and remembers how the target looks.
func prepare(w *world.World, more map[string]any) *trial {
	GinkgoHelper()
	t := &trial{World: w, selection: w.Selection(more), outside: map[string]bool{}, started: make(chan struct{})}
	t.before = w.Preflight(w.Operator, t.selection)
	Expect(t.before.Executable).To(BeTrue(), "%+v", t.before)
	t.found, t.since = contentOf(w), lastEntry(w)
	return t
}

// begin starts a trial's run.
func begin(w *world.World, more map[string]any) *trial {
	GinkgoHelper()
	t := prepare(w, more)
	t.start()
	return t
}

func (t *trial) start() {
	GinkgoHelper()
	t.id = world.RunOf(t.Execute(t.Operator, t.selection, t.before).Expect(http.StatusAccepted))
	close(t.started)
}

// ended waits for the run, checks the promises, and returns it.
func (t *trial) ended(ctx context.Context) stack.Run {
	GinkgoHelper()
	run := t.AwaitRun(ctx, t.Owner, t.Workspace, t.id)
	t.Invariants(ctx, run)
	return run
}

// succeeds is ended for a run that must have done everything.
func (t *trial) succeeds(ctx context.Context) {
	GinkgoHelper()
	run := t.ended(ctx)
	Expect(run.Outcome).To(Equal("succeeded"), "%+v\n%+v", run, t.items())
	Expect(run.Counts.Succeeded).To(Equal(t.before.Counts.Ready))
}

func (t *trial) items() []stack.Item {
	GinkgoHelper()
	return t.Items(t.Owner, t.Workspace, t.id)
}

// item is the one with the name.
func (t *trial) item(name string) stack.Item {
	GinkgoHelper()
	for _, i := range t.items() {
		if i.Label == name {
			return i
		}
	}
	Fail("no item is called " + name)
	return stack.Item{}
}

// reason is the item's reason code, or "".
func reason(i stack.Item) string {
	if i.Reason == nil {
		return ""
	}
	return *i.Reason
}

// writes are the requests that could change anything, in any directory, since
// the trial began. What was throttled was not looked at by the target.
func (t *trial) writes() []graphsim.Entry {
	var out []graphsim.Entry
	for _, e := range t.Sim.Journal(t.since) {
		if e.Method != http.MethodGet && strings.Contains(e.Path, "/beta/") && !strings.HasSuffix(e.Path, "/$batch") &&
			e.Status != http.StatusTooManyRequests && e.Directory != t.other {
			out = append(out, e)
		}
	}
	return out
}

func (t *trial) writeCount() int { return len(t.writes()) }

func lastEntry(w *world.World) int64 {
	entries := w.Sim.Journal(0)
	return entries[len(entries)-1].Seq
}

// faults makes the target misbehave; the source is not concerned.
func (t *trial) faults(list ...graphsim.Fault) {
	GinkgoHelper()
	for i := range list {
		list[i].Directory = t.Target.Directory
	}
	Expect(t.Sim.SetFaults(list...)).To(Succeed())
}

// only are the subjects with these names.
func only(w *world.World, names ...string) map[string]any {
	GinkgoHelper()
	all := w.Preflight(w.Operator, w.Selection())
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = all.Find(n).Key
	}
	return map[string]any{"subject_keys": keys}
}

// instants lets a spec do something at an instant of a product that runs in this
// process. What it does holds up whoever met the instant.
type instants struct {
	lock sync.Mutex
	met  map[operation.Point]int
	then map[operation.Point]map[int]func()
}

// at does f when the instant is met for the nth time from now on.
func (i *instants) at(p operation.Point, nth int, f func()) {
	i.lock.Lock()
	defer i.lock.Unlock()
	if i.then == nil {
		i.met, i.then = map[operation.Point]int{}, map[operation.Point]map[int]func(){}
	}
	if i.then[p] == nil {
		i.then[p] = map[int]func(){}
	}
	i.then[p][i.met[p]+nth] = f
}

// hook is for stack.Options.
func (i *instants) hook(p operation.Point) {
	i.lock.Lock()
	var f func()
	if i.then != nil {
		i.met[p]++
		f = i.then[p][i.met[p]]
	}
	i.lock.Unlock()
	if f != nil {
		defer GinkgoRecover()
		f()
	}
}

// content is what a directory holds: collection → id → object as JSON.
type content map[string]map[string]string

func contentOf(w *world.World) content {
	GinkgoHelper()
	all := content{}
	for _, t := range subject.Types() {
		objects, err := w.Sim.Objects(w.Target.Directory, t.Collection)
		if err != nil {
			continue // a collection that the simulator has not
		}
		all[t.Collection] = map[string]string{}
		for _, o := range objects {
			text, err := json.Marshal(o)
			Expect(err).NotTo(HaveOccurred())
			all[t.Collection][o["id"].(string)] = string(text)
		}
	}
	return all
}

// added are the ids of a collection that c has and before has not.
func (c content) added(before content, collection string) []string {
	var ids []string
	for id := range c[collection] {
		if _, had := before[collection][id]; !had {
			ids = append(ids, id)
		}
	}
	return ids
}

func (c content) name(collection, id string) string {
	GinkgoHelper()
	var o struct{ Name, DisplayName string }
	if text, ok := c[collection][id]; ok {
		Expect(json.Unmarshal([]byte(text), &o)).To(Succeed())
	}
	if o.Name != "" {
		return o.Name
	}
	return o.DisplayName
}

func collectionOf(i stack.Item) string { return subject.Lookup(subject.TypeKey(*i.Type)).Collection }

// query reads rows of the product's database into structs, by position.
func query[T any](ctx context.Context, dsn, sql string, args ...any) []T {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, dsn)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(context.WithoutCancel(ctx))).To(Succeed()) }()
	rows, err := conn.Query(ctx, sql, args...)
	Expect(err).NotTo(HaveOccurred())
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	Expect(err).NotTo(HaveOccurred())
	return list
}

// count reads one number.
func count(ctx context.Context, dsn, sql string, args ...any) int {
	GinkgoHelper()
	return query[struct{ N int }](ctx, dsn, sql, args...)[0].N
}
