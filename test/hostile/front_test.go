package hostile_test

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

type object = map[string]any

const (
	sourceDirectory = "e7a50b24-95f6-4d42-9e5f-40916203bf01"
	targetDirectory = "e7a50b24-95f6-4d42-9e5f-40916203bf02"
)

// front stands before the simulator and may answer in its place.
type front struct {
	sim   http.Handler
	lock  sync.Mutex
	lies  map[string]http.HandlerFunc // by the end of the path, without its query
	asked atomic.Int64
}

// ServeHTTP implements http.Handler.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.asked.Add(1)
	f.lock.Lock()
	var lie http.HandlerFunc
	for end, handler := range f.lies {
		if strings.HasSuffix(r.URL.Path, end) {
			lie = handler
		}
	}
	f.lock.Unlock()
	if lie != nil && r.Method == http.MethodGet {
		lie(w, r)
		return
	}
	f.sim.ServeHTTP(w, r)
}

// lie answers in place of the simulator at addresses with that end; nil ends it.
func (f *front) lie(end string, handler http.HandlerFunc) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.lies = map[string]http.HandlerFunc{}
	if handler != nil {
		f.lies[end] = handler
	}
}

// room is a product with one pair of tenants behind the front.
type room struct {
	*stack.Stack
	world.Side
	front *front
	graph *graphsim.Server
}

// open boots it for all specs of a container, which outlives the node that calls
// it. The tenants are what the folders hold.
func open(source, target string) *room {
	GinkgoHelper()
	ctx := context.Background()
	sim, err := graphsim.New(graphsim.Config{
		Limits: graphsim.Limits{Off: true}, Folders: map[string]string{sourceDirectory: source, targetDirectory: target},
	})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(sim.Close)
	f := &front{sim: sim.Handler(), lies: map[string]http.HandlerFunc{}}
	server := httptest.NewTLSServer(f)
	DeferCleanup(server.Close)
	authority := filepath.Join(GinkgoT().TempDir(), "front.pem")
	Expect(os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600)).To(Succeed())

	r := &room{front: f, graph: sim}
	r.Stack = stack.Start(ctx, stack.Options{Settings: map[string]string{
		"GRAPH_URL": server.URL, "LOGIN_URL": server.URL, "EXTRA_CA_FILE": authority,
	}})
	r.Owner = r.Client(ctx, "owner")
	r.Operator = r.Owner
	var mine struct{ Items []struct{ ID string } }
	r.Owner.Get("/workspaces").Expect(200).Into(&mine)
	r.Workspace = mine.Items[0].ID
	r.Source, r.Target = r.tenant(ctx, "Source", sourceDirectory), r.tenant(ctx, "Target", targetDirectory)
	return r
}

func (r *room) tenant(ctx context.Context, name, directory string) world.Tenant {
	GinkgoHelper()
	a := r.Owner.Post(r.Path("tenants"), object{"display_name": name, "directory_id": directory}).Expect(201)
	t := world.Tenant{ID: a.Text("id"), Name: name, Directory: directory}
	r.Connect(t, graphsim.Secret, true)
	r.sync(ctx, t)
	return t
}

// sync reads types of a tenant, all of them when none is named, and returns what
// came of each.
func (r *room) sync(ctx context.Context, t world.Tenant, types ...string) (stack.Run, map[string]stack.Item) {
	GinkgoHelper()
	a := r.Owner.Post(r.Path("tenants", t.ID, "inventory-syncs"), object{"policy_types": append([]string{}, types...)}).Expect(202)
	run := r.AwaitRun(ctx, r.Owner, r.Workspace, world.RunOf(a))
	items := map[string]stack.Item{}
	for _, i := range r.Items(r.Owner, r.Workspace, run.ID) {
		Expect(i.Type).NotTo(BeNil())
		items[*i.Type] = i
	}
	return run, items
}

// held is how many bytes of objects the process holds.
func held() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64()) // a process never holds that much
}

// growth watches the memory while work is done, and returns by how many bytes it
// grew at most.
func growth(work func()) int64 {
	before, most := held(), atomic.Int64{}
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				most.Store(max(most.Load(), held()-before))
			}
		}
	}()
	work()
	close(done)
	<-watched
	return most.Load()
}
