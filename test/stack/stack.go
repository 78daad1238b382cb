package stack

import (
	"context"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/app"
	"github.com/tenantatlas/tenantatlas/pkg/embedded"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
)

// Options say what a spec needs that is out of the ordinary. The zero value is
// one process that is both API and worker.
type Options struct {
	// Graph says what is simulated; certificates and addresses are Start's.
	Graph graphsim.Config
	// APIs and Workers are processes of their own; 0 and 0 is one that is both.
	APIs, Workers int
	// Separate runs them as programs that can be killed.
	Separate bool
	// MemoryQueue uses the in-process queue server even where a real one is.
	MemoryQueue bool
	// Hook is called at the engine's instants; not with Separate.
	Hook operation.Hook
	// Settings change single settings, by name without prefix.
	Settings map[string]string
}

// Stack is a running product.
type Stack struct {
	Sim      *graphsim.Server
	GraphURL string          // of the simulator
	Rooms    *app.Rooms      // on the same database, for what no API does
	DSN      string          // of the database, as its owner
	Queue    *embedded.Queue // may be stopped and its contents lost
	APIs     []*Process
	Workers  []*Process
	life     context.Context //nolint:containedctx // the spec's, longer than the setup node that starts the stack
	dir      string
	env      map[string]string
	logs     *logs
	lock     sync.Mutex
	clients  map[string]*Client
}

// Start boots a product for the running spec, which takes it down at its end.
func Start(ctx context.Context, o Options) *Stack {
	GinkgoHelper()
	s := &Stack{dir: GinkgoT().TempDir(), logs: &logs{}, clients: map[string]*Client{}}
	var leave context.CancelFunc
	s.life, leave = context.WithCancel(context.WithoutCancel(ctx))
	DeferCleanup(leave)
	s.startGraph(o)
	s.startServers(ctx, o)
	s.env = s.environment(o)
	settings, err := app.ReadSettings(lookup(s.env))
	Expect(err).NotTo(HaveOccurred())
	s.Rooms, err = app.OpenRooms(s.life, settings, s.logger("rooms"))
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(s.Rooms.Close)
	if o.APIs == 0 && o.Workers == 0 {
		both := s.process(ctx, o, app.RoleBoth)
		s.APIs, s.Workers = []*Process{both}, []*Process{both}
		return s
	}
	for range o.APIs {
		s.APIs = append(s.APIs, s.process(ctx, o, app.RoleAPI))
	}
	for range o.Workers {
		s.Workers = append(s.Workers, s.process(ctx, o, app.RoleWorker))
	}
	return s
}

func (s *Stack) startGraph(o Options) {
	GinkgoHelper()
	cfg := o.Graph
	cfg.Logger = s.logger("graph")
	if cfg.Limits == (graphsim.Limits{}) {
		cfg.Limits.Off = true
	}
	var err error
	s.Sim, err = graphsim.New(cfg)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(s.Sim.Close)
	DeferCleanup(s.tellJournal)
	var authority []byte
	s.GraphURL, authority, err = s.Sim.ListenTLS(s.life, "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	Expect(os.WriteFile(s.file("graph-ca.pem"), authority, 0o600)).To(Succeed())
}

func (s *Stack) startServers(ctx context.Context, o Options) {
	GinkgoHelper()
	cluster, err := storetest.Shared(ctx)
	Expect(err).NotTo(HaveOccurred())
	s.DSN, err = cluster.NewDSN(ctx)
	Expect(err).NotTo(HaveOccurred())
	s.Queue, err = embedded.StartQueue(ctx, embedded.QueueConfig{PreferServer: !o.MemoryQueue, Logger: s.logger("queue")})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) error { return s.Queue.Stop(ctx) })
}

// tellJournal shows, with a spec that failed, what reached the tenants.
func (s *Stack) tellJournal() {
	if !CurrentSpecReport().Failed() {
		return
	}
	for _, e := range s.Sim.Journal(0) {
		if e.Method != http.MethodGet {
			GinkgoWriter.Printf("graph %d %s %s %s %s → %d %s\n", e.Seq, e.At.Format("15:04:05.000"), e.Directory[:8], e.Method, e.Path, e.Status, e.ObjectID)
		}
	}
}

// environment is what a process of this stack is configured with.
func (s *Stack) environment(o Options) map[string]string {
	env := map[string]string{
		"DATABASE_URL": s.DSN, "REDIS_URL": s.Queue.URL(), "LISTEN": "127.0.0.1:0", "DATA_DIR": s.dir,
		"GRAPH_URL": s.GraphURL, "LOGIN_URL": s.GraphURL, "EXTRA_CA_FILE": s.file("graph-ca.pem"),
		"TIMING": "test", "LOG_LEVEL": "debug", "LIMIT_GRAPH_PERCENT": "0", "LIMIT_WORKSPACE_RUNS": "0",
		"LIMIT_ANONYMOUS": "1000000", "LIMIT_AUTHENTICATED": "1000000", "LIMIT_EXPORT": "1000000",
		"LIMIT_SIGN_IN_ACCOUNT": "-1", "LIMIT_SIGN_IN_ADDRESS": "-1", "LIMIT_DATABASE_CONNECTIONS": "12",
	}
	maps.Copy(env, o.Settings)
	return env
}

// lookup gives a process its settings as production gets them from the environment.
func lookup(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := env[name[len(app.EnvPrefix):]]
		return v, ok
	}
}

func (s *Stack) file(name string) string { return filepath.Join(s.dir, name) }

// Logs is everything the product has logged so far.
func (s *Stack) Logs() string { return s.logs.text() }

// Stop ends what all stacks of this test process share; call it in AfterSuite.
func Stop(ctx context.Context) {
	GinkgoHelper()
	Expect(storetest.StopShared(ctx)).To(Succeed())
	cleanPrograms()
}
