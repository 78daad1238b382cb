package graphsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const maxBody = 8 << 20

// call is one Graph request, also an item of a batch.
type call struct {
	method    string
	version   string // beta or v1.0
	path      string // below the version, no leading slash
	uri       string // as it stands in the journal
	query     url.Values
	header    http.Header
	body      []byte
	origin    string // scheme and host, for links
	token     token
	requestID string
}

// reply is what the service decided to answer.
type reply struct {
	status   int
	header   http.Header
	body     Object
	text     string // a body that is not JSON
	objectID string
	effect   effect // what the connection does with it
}

func (c *call) isRead() bool { return c.method == http.MethodGet || c.method == http.MethodHead }

func (c *call) clientRequestID() string {
	if id := c.header.Get("client-request-id"); id != "" {
		return id
	}
	return c.requestID
}

func (s *Server) serveGraph(w http.ResponseWriter, r *http.Request) {
	c, fail := s.accept(w, r)
	var out reply
	if fail == nil {
		c.token, fail = s.authenticate(r)
	}
	switch {
	case fail != nil:
		out = s.refusal(c, fail)
		s.note(c, out)
	case c.path == "$batch":
		out = s.batch(c)
		s.note(c, out)
	default:
		out = s.perform(c)
	}
	s.send(w, r, c, out)
}

func (s *Server) accept(w http.ResponseWriter, r *http.Request) (*call, *failure) {
	version, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	c := &call{
		method: r.Method, version: version, path: strings.Trim(path, "/"), uri: r.URL.RequestURI(), query: parseQuery(r.URL.RawQuery),
		header: r.Header, origin: scheme + "://" + r.Host, requestID: s.requestID(),
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return c, refuse(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body could not be read.")
	}
	c.body = body
	return c, nil
}

func (s *Server) requestID() string {
	return derivedGUID("request", strconv.FormatUint(s.faults.next(), 10), strconv.FormatInt(s.clock().UnixNano(), 10))
}

// perform carries one call out: faults, throttling, the work itself, and the
// journal entry. The tenant is locked so that the journal has the order of
// execution.
func (s *Server) perform(c *call) reply {
	plan := s.faults.plan(c)
	if plan.before != nil {
		out := s.refusal(c, plan.before)
		out.effect = plan.effect
		s.note(c, out)
		return out
	}
	if fail := s.throttle.check(c, s.clock()); fail != nil {
		out := s.refusal(c, fail)
		s.note(c, out)
		return out
	}
	t := s.tenant(c.token.Tenant)
	t.mu.Lock()
	defer t.mu.Unlock()
	w := &work{s: s, t: t, c: c, now: s.clock(), lag: max(s.cfg.ReadAfterWriteLag, plan.lag), stale: plan.stale, pages: plan.pages, foreign: plan.foreign}
	out := s.execute(w)
	if plan.after != nil {
		lost := s.refusal(c, plan.after)
		lost.objectID = out.objectID
		out = lost
	}
	if areaOf(c.path) == directory {
		if out.header == nil {
			out.header = http.Header{}
		}
		out.header.Set("x-ms-resource-unit", strconv.Itoa(int(resourceUnits(c))))
	}
	out.effect = plan.effect
	s.note(c, out)
	return out
}

func (s *Server) execute(w *work) reply {
	out, fail := w.route()
	if fail != nil {
		refused := s.refusal(w.c, fail)
		refused.objectID = out.objectID
		return refused
	}
	return out
}

func (s *Server) note(c *call, out reply) {
	err := s.journal.add(Entry{At: s.clock().UTC(), Directory: c.token.Tenant, Method: c.method, Path: c.uri, Status: out.status, ObjectID: out.objectID})
	if err != nil {
		s.log.Error("journal entry not kept", "error", err)
	}
}

func (s *Server) refusal(c *call, f *failure) reply {
	header := http.Header{}
	for k, v := range f.header {
		header[k] = v
	}
	if f.retryAfter != "" {
		header.Set("Retry-After", f.retryAfter)
	}
	where := areaOf(c.path)
	if where == directory && f.code == "ResourceNotFound" {
		renamed := *f
		renamed.code = "Request_ResourceNotFound"
		f = &renamed
	}
	if f.status == http.StatusBadGateway {
		// Gateways in front of the service do not speak JSON.
		return reply{status: f.status, header: header, text: "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"}
	}
	return reply{status: f.status, header: header, body: f.envelope(where == intune, c.requestID, c.clientRequestID(), s.clock())}
}

// send writes the answer the way the reply's effect wants it.
func (s *Server) send(w http.ResponseWriter, r *http.Request, c *call, out reply) {
	payload, err := out.payload()
	if err != nil {
		s.log.ErrorContext(r.Context(), "answer not encodable", "error", err)
		payload = nil
	}
	header := w.Header()
	for k, v := range out.header {
		header[k] = v
	}
	header.Set("request-id", c.requestID)
	header.Set("client-request-id", c.clientRequestID())
	header.Set("x-ms-ags-diagnostic", `{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SIM"}}`)
	header.Set("Date", s.clock().UTC().Format(http.TimeFormat))
	if len(payload) > 0 && header.Get("Content-Type") == "" {
		header.Set("Content-Type", contentType(c, out))
	}
	if err := out.effect.deliver(s, w, r, out.status, payload); err != nil && !errors.Is(err, r.Context().Err()) {
		s.log.DebugContext(r.Context(), "answer not delivered", "error", err)
	}
}

func (r reply) payload() ([]byte, error) {
	if r.text != "" {
		return []byte(r.text), nil
	}
	if r.body == nil {
		return nil, nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(r.body)
	return bytes.TrimSpace(out.Bytes()), err
}

func contentType(c *call, out reply) string {
	if out.text != "" {
		if strings.HasPrefix(out.text, "<") {
			return "text/html"
		}
		return "text/plain"
	}
	return "application/json;odata.metadata=" + metadataLevel(c.header) + ";odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
}

// metadataLevel reads none, minimal or full from the Accept header.
func metadataLevel(h http.Header) string {
	accept := strings.ToLower(strings.Join(h.Values("Accept"), ","))
	for _, level := range []string{"full", "none"} {
		if strings.Contains(accept, "odata.metadata="+level) || strings.Contains(accept, "odata="+level) {
			return level
		}
	}
	return "minimal"
}

// wait sleeps unless the client leaves or the server closes.
func (s *Server) wait(r *http.Request, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-r.Context().Done():
		return r.Context().Err()
	case <-s.life.Done():
		return fmt.Errorf("server closed")
	}
}
