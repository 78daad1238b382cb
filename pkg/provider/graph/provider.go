package graph

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Provider opens readers and writers of directories. It is safe for concurrent
// use; all of its readers share one connection pool, one token cache and the
// rate budgets.
type Provider struct {
	cfg       Config
	endpoints map[tenancy.Cloud]endpoint
	transport *http.Transport
	tokens    *tokens
	budgets   *budgets
}

var _ provider.Provider = (*Provider)(nil)

// New returns a provider. It does no I/O; it fails when an address is not a
// plain https address, or only one of the two is replaced.
func New(cfg Config) (*Provider, error) {
	cfg = cfg.withDefaults()
	eps, err := endpoints(cfg.GraphURL, cfg.LoginURL)
	if err != nil {
		return nil, err
	}
	transport := newTransport(cfg.ExtraCAs)
	return &Provider{
		cfg: cfg, endpoints: eps, transport: transport,
		tokens:  &tokens{cfg: cfg, transport: transport, entries: map[tokenKey]*tokenSource{}},
		budgets: newBudgets(cfg.Limits),
	}, nil
}

// Close drops idle connections.
func (p *Provider) Close() { p.transport.CloseIdleConnections() }

// Reader opens one directory for reading. It does no I/O: the token is got and
// checked before the first request. Its byte allowance lasts for its life, so
// open one per run.
func (p *Provider) Reader(_ context.Context, t provider.Target) (provider.Reader, error) {
	s, err := p.session(t, true)
	if err != nil {
		return nil, err
	}
	return &reader{s}, nil
}

// Writer opens one directory for reading and writing, like Reader.
func (p *Provider) Writer(_ context.Context, t provider.Target) (provider.Writer, error) {
	s, err := p.session(t, false)
	if err != nil {
		return nil, err
	}
	return &writer{reader{s}}, nil
}

var directoryForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func (p *Provider) session(t provider.Target, readingOnly bool) (*session, error) {
	ep, ok := p.endpoints[t.Cloud]
	if !ok {
		return nil, unusable("The cloud of the tenant is unknown.")
	}
	t.Directory = tenancy.DirectoryID(strings.ToLower(string(t.Directory)))
	if !directoryForm.MatchString(string(t.Directory)) || t.ClientID == "" {
		return nil, unusable("The connection names no directory or no application.")
	}
	var rt http.RoundTripper = fence{ep.graph.Host, p.transport}
	if readingOnly {
		rt = readOnly{rt}
	}
	return &session{
		cfg: p.cfg, target: t, base: ep.graph, http: newClient(rt),
		source: p.tokens.source(t, ep), budgets: p.budgets, allowance: newAllowance(p.cfg.RunBytes),
	}, nil
}
