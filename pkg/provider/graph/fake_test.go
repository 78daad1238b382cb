package graph

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

const (
	directory = "3f0a6d3c-51c1-4f9a-9d3a-0d6c6c1b7a10"
	elsewhere = "9b1de0a4-77aa-4c3e-8a53-6f0d3e2b1c11"
	clientID  = "6a1f8f0e-2f0b-4a52-b0d4-1f1f6b1f0c12"
)

// fakeClock never waits; it remembers what it was asked to.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func newFakeClock() *fakeClock { return &fakeClock{now: time.Now()} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return ctx.Err()
}

func (c *fakeClock) waited() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var sum time.Duration
	for _, d := range c.waits {
		sum += d
	}
	return sum
}

// seen is one request that reached the fake service.
type seen struct {
	Method, Path, Query, Body string
	Header                    http.Header
}

// fakeGraph is a login service and a Graph that answers what the spec says.
type fakeGraph struct {
	*httptest.Server
	clock  *fakeClock
	mu     sync.Mutex
	seen   []seen
	tokens int
	tid    string
	roles  []string
	login  http.HandlerFunc // replaces the token endpoint
	answer http.HandlerFunc
}

func newFakeGraph(answer http.HandlerFunc) *fakeGraph {
	f := &fakeGraph{clock: newFakeClock(), tid: directory, answer: answer}
	f.Server = httptest.NewUnstartedServer(f)
	f.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.StartTLS()
	DeferCleanup(f.Close)
	return f
}

func (f *fakeGraph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/openid-configuration"):
		base := f.URL + "/" + directory
		respond(w, 200, object{"issuer": base + "/v2.0", "authorization_endpoint": base + "/oauth2/v2.0/authorize", "token_endpoint": base + "/oauth2/v2.0/token"})
	case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token"):
		f.token(w, r)
	default:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		f.mu.Lock()
		f.seen = append(f.seen, seen{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Clone()})
		f.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		f.answer(w, r)
	}
}

func (f *fakeGraph) token(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.tokens++
	n := f.tokens
	f.mu.Unlock()
	if f.login != nil {
		f.login(w, r)
		return
	}
	respond(w, 200, object{"token_type": "Bearer", "expires_in": 3599, "access_token": f.jwt(n)})
}

func (f *fakeGraph) jwt(n int) string {
	part := func(v any) string {
		raw, err := json.Marshal(v)
		Expect(err).NotTo(HaveOccurred())
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	return part(object{"alg": "none"}) + "." + part(object{"tid": f.tid, "roles": f.roles, "n": n}) + ".x"
}

func (f *fakeGraph) requests() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]seen(nil), f.seen...)
}

func (f *fakeGraph) config() Config {
	pool := x509.NewCertPool()
	pool.AddCert(f.Certificate())
	return Config{GraphURL: f.URL, LoginURL: f.URL, ExtraCAs: pool, Clock: f.clock, Limits: Limits{Off: true}}
}

func (f *fakeGraph) open(change ...func(*Config)) *Provider {
	cfg := f.config()
	for _, c := range change {
		c(&cfg)
	}
	p, err := New(cfg)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(p.Close)
	return p
}

func target() provider.Target {
	return provider.Target{
		Directory: directory, Cloud: tenancy.CloudGlobal, ClientID: clientID,
		Credential: provider.Credential{Kind: tenancy.ClientSecret, Secret: "s3cret"},
	}
}

func (f *fakeGraph) reader(change ...func(*Config)) provider.Reader {
	r, err := f.open(change...).Reader(context.Background(), target())
	Expect(err).NotTo(HaveOccurred())
	return r
}

func (f *fakeGraph) writer(change ...func(*Config)) provider.Writer {
	w, err := f.open(change...).Writer(context.Background(), target())
	Expect(err).NotTo(HaveOccurred())
	return w
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if text, ok := body.(string); ok {
		fmt.Fprint(w, text)
		return
	}
	if body != nil {
		raw, err := json.Marshal(body)
		Expect(err).NotTo(HaveOccurred())
		fmt.Fprint(w, string(raw))
	}
}

func value(objects ...object) object { return object{"value": list(objects)} }

func graphError(code, message string) object {
	return object{"error": object{"code": code, "message": message}}
}

// listed is what a listing handed over.
type listed struct {
	objects []provider.Object
	errs    map[string]error
}

func listAll(ctx context.Context, r provider.Reader, key subject.TypeKey) (listed, error) {
	out := listed{errs: map[string]error{}}
	err := r.List(ctx, subject.Lookup(key), func(o provider.Object, failed error) error {
		if failed == nil {
			out.objects = append(out.objects, o)
		} else {
			out.errs[o.ID] = failed
		}
		return nil
	})
	return out, err
}

func content(o provider.Object) object {
	c, err := decodeObject(o.Raw)
	Expect(err).NotTo(HaveOccurred())
	return c
}

func raw(v any) json.RawMessage {
	out, err := encode(v)
	Expect(err).NotTo(HaveOccurred())
	return out
}

func fault(err error) *provider.Error {
	GinkgoHelper()
	e, ok := errors.AsType[*provider.Error](err)
	Expect(ok).To(BeTrue(), "a provider failure, not %v", err)
	return e
}
