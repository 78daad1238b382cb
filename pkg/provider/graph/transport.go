package graph

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// newTransport makes the one connection pool of a Provider.
func newTransport(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// fence lets requests pass to one https host only. A token never leaves it.
type fence struct {
	host string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (f fence) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || !strings.EqualFold(r.URL.Host, f.host) {
		return nil, refuse(r, "graph: a request to another host was refused")
	}
	return forward(f.next, r)
}

// readOnly refuses everything that could change a tenant: all methods but GET,
// and batches that hold anything but GETs. It sits below every caller, so no
// mistake above it can write through a reader.
type readOnly struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (g readOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet && r.Body == nil {
		return forward(g.next, r)
	}
	if r.Method != http.MethodPost || r.URL.Path != batchPath || r.Body == nil {
		return nil, refuse(r, "graph: a reader may not write")
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("graph: read own request: %w", err)
	}
	if !onlyReads(data) {
		return nil, refuse(r, "graph: a reader's batch may not write")
	}
	if err := r.Body.Close(); err != nil {
		return nil, fmt.Errorf("graph: close own request: %w", err)
	}
	checked := r.Clone(r.Context())
	checked.Body = io.NopCloser(bytes.NewReader(data))
	return forward(g.next, checked)
}

func onlyReads(batch []byte) bool {
	var b struct {
		Requests []struct {
			Method string          `json:"method"`
			Body   json.RawMessage `json:"body"`
		} `json:"requests"`
	}
	if json.Unmarshal(batch, &b) != nil || len(b.Requests) == 0 {
		return false
	}
	for _, r := range b.Requests {
		if r.Method != http.MethodGet || r.Body != nil {
			return false
		}
	}
	return true
}

func forward(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	resp, err := next.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	return resp, nil
}

// refusal marks requests that never left the process.
type refusal struct{ message string }

// Error implements error.
func (r refusal) Error() string { return r.message }

func refuse(r *http.Request, message string) error {
	if r.Body != nil {
		if err := r.Body.Close(); err != nil {
			return fmt.Errorf("%s: %w", message, err)
		}
	}
	return refusal{message}
}

// newClient wraps a round tripper without following redirects: an answer that
// sends us elsewhere is not an answer.
func newClient(rt http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     rt,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
