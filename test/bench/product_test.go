package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/app"
	"github.com/tenantatlas/tenantatlas/pkg/embedded"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// product is the whole product in this process, with a simulated Microsoft Graph
// whose every answer takes latency.
type product struct {
	b         *testing.B
	app       *app.App
	graph     *graphsim.Server
	dsn       string
	url       string
	token     string
	workspace string
}

type sim struct {
	latency time.Duration
	tenants []graphsim.Tenant
	percent int // of Microsoft's limits; 0 is no pacing
}

func newProduct(b *testing.B, s sim) *product {
	b.Helper()
	ctx := b.Context()
	dir := b.TempDir()
	graph, err := graphsim.New(graphsim.Config{Tenants: s.tenants, Limits: graphsim.Limits{Off: s.percent == 0}})
	must(b, err)
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(s.latency):
		case <-r.Context().Done():
			return
		}
		graph.Handler().ServeHTTP(w, r)
	}))
	authority := filepath.Join(dir, "ca.pem")
	must(b, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: service.Certificate().Raw}), 0o600))
	cluster, err := storetest.Shared(ctx)
	must(b, err)
	dsn, err := cluster.NewDSN(ctx)
	must(b, err)
	queue, err := embedded.StartQueue(ctx, embedded.QueueConfig{PreferServer: true})
	must(b, err)
	env := map[string]string{
		"DATABASE_URL": dsn, "REDIS_URL": queue.URL(), "LISTEN": "127.0.0.1:0", "DATA_DIR": dir,
		"GRAPH_URL": service.URL, "LOGIN_URL": service.URL, "EXTRA_CA_FILE": authority,
		"LIMIT_GRAPH_PERCENT": strconv.Itoa(s.percent), "LIMIT_AUTHENTICATED": "10000000", "LOG_LEVEL": "error",
	}
	settings, err := app.ReadSettings(func(name string) (string, bool) { v, ok := env[name[len(app.EnvPrefix):]]; return v, ok })
	must(b, err)
	a, err := app.New(ctx, app.Config{Settings: settings, Roles: app.RoleBoth, Version: "bench"})
	must(b, err)
	must(b, a.Start())
	b.Cleanup(func() {
		stopping, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		must(b, a.Stop(stopping))
		service.Close()
		must(b, errors.Join(graph.Close(), queue.Stop(stopping)))
	})
	p := &product{b: b, app: a, graph: graph, dsn: dsn, url: "http://" + a.Address() + "/api/v1"}
	p.signUp(ctx)
	return p
}

func (p *product) signUp(ctx context.Context) {
	p.b.Helper()
	const email = "bench@example.org"
	_, err := p.app.Rooms.CreateUser(ctx, email, "Bench", tenancy.Owner, tenancy.NewSecret(""))
	must(p.b, err)
	token, err := p.app.Rooms.CreateToken(ctx, email, "bench")
	must(p.b, err)
	p.token = token.Reveal()
	var list struct{ Items []struct{ ID string } }
	p.call(http.MethodGet, "/workspaces", nil, &list)
	p.workspace = "/workspaces/" + list.Items[0].ID
}

// client bounds one request, so that a benchmark that hangs says where.
var client = &http.Client{Timeout: time.Minute}

// call makes one request and decodes the answer; anything but 2xx ends the benchmark.
func (p *product) call(method, path string, body, into any) {
	p.b.Helper()
	must(p.b, p.try(method, path, body, into))
}

func (p *product) try(method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		text = nil
	}
	r, err := http.NewRequestWithContext(p.b.Context(), method, p.url+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return decode(resp, into)
}

// tenant registers a tenant, connects it and reads it.
func (p *product) tenant(directory string) string {
	p.b.Helper()
	var t struct{ ID string }
	p.call(http.MethodPost, p.workspace+"/tenants", map[string]any{"display_name": directory, "directory_id": directory, "cloud": "global"}, &t)
	var ignored any
	p.call(http.MethodPut, p.workspace+"/tenants/"+t.ID+"/connection", map[string]any{
		"client_id": "7a1f0c52-7f0e-4c7e-8f0b-6a7d1a0b5c11", "write_enabled": true,
		"credential": map[string]any{"kind": "client_secret", "secret": graphsim.Secret},
	}, &ignored)
	var started run
	p.call(http.MethodPost, p.workspace+"/tenants/"+t.ID+"/inventory-syncs", map[string]any{}, &started)
	p.await(started.Operation.ID)
	return t.ID
}

type run struct {
	Operation struct {
		ID                     string
		Status, Outcome        string
		StartedAt, CompletedAt time.Time
	}
}

// await polls a run to its end and returns how long it was carried out.
func (p *product) await(id string) time.Duration {
	p.b.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ; ; <-tick.C {
		var o struct {
			Status, Outcome string
			StartedAt       time.Time `json:"started_at"`
			CompletedAt     time.Time `json:"completed_at"`
		}
		p.call(http.MethodGet, p.workspace+"/operations/"+id, nil, &o)
		if o.Status == "completed" {
			if o.Outcome != "succeeded" {
				p.b.Fatalf("the run ended %s", o.Outcome)
			}
			return o.CompletedAt.Sub(o.StartedAt)
		}
	}
}

// decode reads a whole answer, which must be a success.
func decode(resp *http.Response, into any) error {
	if resp.StatusCode > 299 {
		return fmt.Errorf("%s: %s", resp.Request.URL.Path, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}
