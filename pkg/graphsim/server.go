package graphsim

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"
)

// Server simulates the login service and Microsoft Graph for its tenants. It
// is safe for concurrent use.
type Server struct {
	cfg      Config
	clock    func() time.Time
	log      *slog.Logger
	offers   *catalog
	journal  *journal
	faults   *faults
	throttle *throttle

	mu      sync.RWMutex
	tenants map[string]*tenant

	life    context.Context
	end     context.CancelFunc
	servers []*http.Server
	closing sync.Once
}

// New loads the tenants and starts nothing. Broken files do not stop a tenant:
// they are logged and listed in its load report. A missing folder, a directory
// that is no GUID or an unusable data directory is an error.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg, clock: cfg.Clock, log: cfg.Logger, offers: newCatalog(), tenants: map[string]*tenant{}}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.life, s.end = context.WithCancel(context.Background())
	s.throttle = newThrottle(cfg.Limits)
	s.faults = newFaults(cfg.Seed)
	if err := s.faults.set(cfg.Faults); err != nil {
		return nil, err
	}
	var err error
	if s.journal, err = openJournal(cfg.DataDir); err != nil {
		return nil, err
	}
	for _, t := range configured(cfg) {
		if err := s.AddTenantFrom(t); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func configured(cfg Config) []Tenant {
	directories := make([]string, 0, len(cfg.Folders))
	for d := range cfg.Folders {
		directories = append(directories, d)
	}
	sort.Strings(directories)
	out := make([]Tenant, 0, len(directories)+len(cfg.Tenants))
	for _, d := range directories {
		out = append(out, Tenant{Directory: d, Folder: cfg.Folders[d]})
	}
	return append(out, cfg.Tenants...)
}

// AddTenant adds a directory with the content of a folder of exports, at any
// time; an empty folder name is an empty tenant.
func (s *Server) AddTenant(directory, folder string) error {
	return s.AddTenantFrom(Tenant{Directory: directory, Folder: folder})
}

// AddTenantFrom adds a directory. Adding the same directory again is an error.
func (s *Server) AddTenantFrom(spec Tenant) error {
	if !isGUID(spec.Directory) {
		return fmt.Errorf("directory %q is not a GUID", spec.Directory)
	}
	spec.Directory = strings.ToLower(spec.Directory)
	if spec.Folder != "" {
		if info, err := os.Stat(spec.Folder); err != nil {
			return fmt.Errorf("tenant folder: %w", err)
		} else if !info.IsDir() {
			return fmt.Errorf("tenant folder %s is not a folder", spec.Folder)
		}
		spec.FS = os.DirFS(spec.Folder)
	}
	t, err := s.loadTenant(spec)
	if err != nil {
		return fmt.Errorf("load tenant %s: %w", spec.Directory, err)
	}
	if err := t.openLog(s.cfg.DataDir, s.offers.learn); err != nil {
		return fmt.Errorf("load tenant %s: %w", spec.Directory, err)
	}
	t.learnSecrets()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tenants[spec.Directory] != nil {
		return fmt.Errorf("directory %s is already simulated", spec.Directory)
	}
	s.tenants[spec.Directory] = t
	return nil
}

func (s *Server) tenant(directory string) *tenant {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.tenants[strings.ToLower(directory)]
}

// Handler serves login, Graph and the control API on one origin.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, "/_sim/"):
		s.control(w, r)
	case strings.HasPrefix(path, "/beta/"), strings.HasPrefix(path, "/v1.0/"):
		s.serveGraph(w, r)
	default:
		s.serveLogin(w, r)
	}
}

// Close ends hanging answers, stops listeners and closes the files. Further
// calls do nothing.
func (s *Server) Close() error {
	var err error
	s.closing.Do(func() { err = s.close() })
	return err
}

func (s *Server) close() error {
	s.end()
	s.mu.Lock()
	servers := s.servers
	s.servers = nil
	tenants := s.tenants
	s.mu.Unlock()
	var first error
	keep := func(err error) {
		if err != nil && first == nil {
			first = err
		}
	}
	for _, h := range servers {
		keep(stop(s.life, h))
	}
	for _, t := range tenants {
		keep(t.closeLog())
	}
	keep(s.journal.close())
	return first
}

func dataFile(dir, name string) string { return filepath.Join(dir, name) }
