package graphsim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Mode is the kind of a fault.
type Mode string

// The fault modes.
const (
	// TimeoutAfterExecute carries the request out and never answers.
	TimeoutAfterExecute Mode = "timeout_after_execute"
	// ResetAfterExecute carries the request out and resets the connection.
	ResetAfterExecute Mode = "reset_after_execute"
	// ErrorAfterExecute carries the request out and answers status (504).
	ErrorAfterExecute Mode = "error_after_execute"
	// ErrorBeforeExecute answers status (503) and does nothing.
	ErrorBeforeExecute Mode = "error_before_execute"
	// Throttle answers 429, with Retry-After only when retry_after is given.
	Throttle Mode = "throttle"
	// Status answers status (403) and does nothing.
	Status Mode = "status"
	// Lag hides the effect of a write from readers for delay_ms (5000).
	Lag Mode = "lag"
	// StaleRead shows objects as they were before their last write.
	StaleRead Mode = "stale_read"
	// SmallPages makes pages of two.
	SmallPages Mode = "small_pages"
	// ForeignNextLink points the next link of a list to another host.
	ForeignNextLink Mode = "foreign_next_link"
	// Slow trickles the answer over delay_ms (5000).
	Slow Mode = "slow"
	// Truncated cuts the body in half and closes the connection.
	Truncated Mode = "truncated"
	// Huge adds a property of 48 MiB to the answer.
	Huge Mode = "huge"
	// Deep adds a property nested 20,000 deep to the answer.
	Deep Mode = "deep"
)

// Fault says when the service misbehaves and how. Empty matchers match every
// Graph request; token requests are hit only by a path_prefix that names them.
type Fault struct {
	// Directory is a tenant's GUID.
	Directory string `json:"directory,omitempty"`
	// Method is an HTTP verb.
	Method string `json:"method,omitempty"`
	// PathPrefix is compared with the path, with or without its version.
	PathPrefix string `json:"path_prefix,omitempty"`
	Mode       Mode   `json:"mode"`
	// Times is how often it happens; 0 is without end.
	Times int `json:"times,omitempty"`
	// Probability is between 0 and 1; absent or 0 is always.
	Probability float64 `json:"probability,omitempty"`
	// DelayMS is the delay in milliseconds, for every mode.
	DelayMS int `json:"delay_ms,omitempty"`
	// Status replaces the mode's own status code.
	Status int `json:"status,omitempty"`
	// RetryAfter is the Retry-After header as it is to be sent.
	RetryAfter HeaderValue `json:"retry_after,omitempty"`
}

// HeaderValue is a header value written as JSON text or number.
type HeaderValue string

// UnmarshalJSON takes a text or a number.
func (h *HeaderValue) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		*h = HeaderValue(v)
	case float64:
		*h = HeaderValue(string(data))
	case nil:
	default:
		return fmt.Errorf("retry_after: a text or a number")
	}
	return nil
}

// behaviour is what a mode does to a request.
type behaviour struct {
	status int  // default status; 0 for modes without
	before bool // answers without executing
	reads  bool // only reads are concerned
	writes bool // only writes are concerned
	mixes  bool // combines with other faults
	apply  func(f Fault, p *plan)
}

func seconds(f Fault, fallback time.Duration) time.Duration {
	if f.DelayMS > 0 {
		return time.Duration(f.DelayMS) * time.Millisecond
	}
	return fallback
}

var behaviours = map[Mode]behaviour{
	TimeoutAfterExecute: {apply: func(f Fault, p *plan) { p.effect = effect{kind: hang, delay: seconds(f, 0)} }},
	ResetAfterExecute:   {apply: func(f Fault, p *plan) { p.effect = effect{kind: reset, delay: seconds(f, 0)} }},
	ErrorAfterExecute:   {status: http.StatusGatewayTimeout},
	ErrorBeforeExecute:  {status: http.StatusServiceUnavailable, before: true},
	Throttle:            {status: http.StatusTooManyRequests, before: true},
	Status:              {status: http.StatusForbidden, before: true},
	Lag:                 {writes: true, mixes: true, apply: func(f Fault, p *plan) { p.lag = seconds(f, 5*time.Second) }},
	StaleRead:           {reads: true, mixes: true, apply: func(_ Fault, p *plan) { p.stale = true }},
	SmallPages:          {reads: true, mixes: true, apply: func(_ Fault, p *plan) { p.pages = 2 }},
	ForeignNextLink:     {reads: true, mixes: true, apply: func(_ Fault, p *plan) { p.foreign = true }},
	Slow:                {apply: func(f Fault, p *plan) { p.effect = effect{kind: trickle, delay: seconds(f, 5*time.Second)} }},
	Truncated:           {apply: func(f Fault, p *plan) { p.effect = effect{kind: cut, delay: seconds(f, 0)} }},
	Huge:                {apply: func(f Fault, p *plan) { p.effect = effect{kind: swell, delay: seconds(f, 0)} }},
	Deep:                {apply: func(f Fault, p *plan) { p.effect = effect{kind: nest, delay: seconds(f, 0)} }},
}

// plan is what the active faults do to one request.
type plan struct {
	before  *failure
	after   *failure
	effect  effect
	lag     time.Duration
	stale   bool
	pages   int
	foreign bool
}

type armed struct {
	Fault
	left int // -1 is without end
}

type faults struct {
	mu     sync.Mutex
	active []armed
	random *rand.Rand
	count  uint64
}

func newFaults(seed uint64) *faults {
	return &faults{random: rand.New(rand.NewPCG(seed, 0x67726170687369))} //nolint:gosec // repeatable on purpose
}

func (f *faults) set(list []Fault) error {
	active := make([]armed, 0, len(list))
	for i, fault := range list {
		if _, known := behaviours[fault.Mode]; !known {
			return fmt.Errorf("fault %d: unknown mode %q", i, fault.Mode)
		}
		if fault.Probability < 0 || fault.Probability > 1 || fault.Times < 0 || fault.DelayMS < 0 {
			return fmt.Errorf("fault %d: times, probability or delay_ms out of range", i)
		}
		if fault.Status != 0 && (fault.Status < 200 || fault.Status > 599) {
			return fmt.Errorf("fault %d: status %d out of range", i, fault.Status)
		}
		left := fault.Times
		if left == 0 {
			left = -1
		}
		active = append(active, armed{fault, left})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active = active
	return nil
}

// next is a running number, part of request ids.
func (f *faults) next() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	return f.count
}

// plan consumes the matching faults: all that mix, and the first other one.
func (f *faults) plan(c *call) plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	var p plan
	taken := false
	for i := range f.active {
		a := &f.active[i]
		b := behaviours[a.Mode]
		if a.left == 0 || (taken && !b.mixes) || !a.matches(c, b) {
			continue
		}
		if a.Probability > 0 && f.random.Float64() >= a.Probability {
			continue
		}
		if a.left > 0 {
			a.left--
		}
		taken = taken || !b.mixes
		a.into(&p, b)
	}
	return p
}

func (a *armed) matches(c *call, b behaviour) bool {
	if b.reads && !c.isRead() || b.writes && c.isRead() {
		return false
	}
	if a.Method != "" && !strings.EqualFold(a.Method, c.method) {
		return false
	}
	if a.Directory != "" && !strings.EqualFold(a.Directory, c.token.Tenant) {
		return false
	}
	if c.path == "$batch" && !strings.Contains(a.PathPrefix, "$batch") {
		return false // items meet the faults, the batch itself only when named
	}
	return a.PathPrefix == "" && c.version != "" || a.PathPrefix != "" && a.hits(c)
}

func (a *armed) hits(c *call) bool {
	prefix := strings.ToLower("/" + strings.TrimLeft(a.PathPrefix, "/"))
	path := strings.ToLower("/" + c.path)
	uri := strings.ToLower(c.uri)
	return strings.HasPrefix(path, prefix) || strings.HasPrefix(uri, prefix) ||
		strings.HasPrefix("/"+strings.ToLower(c.version)+path, prefix)
}

func (a *armed) into(p *plan, b behaviour) {
	if b.apply != nil {
		b.apply(a.Fault, p)
		return
	}
	status := b.status
	if a.Status != 0 {
		status = a.Status
	}
	fail := &failure{
		status: status, code: codeOf(status), message: "Simulated fault: " + string(a.Mode) + ".", retryAfter: string(a.RetryAfter),
		header: http.Header{"X-Simulated-Fault": {string(a.Mode)}},
	}
	p.effect.delay = seconds(a.Fault, 0)
	if b.before {
		p.before = fail
	} else {
		p.after = fail
	}
}

var statusCodes = map[int]string{
	400: "BadRequest", 401: "InvalidAuthenticationToken", 403: "Forbidden", 404: "ResourceNotFound", 409: "Conflict",
	412: "PreconditionFailed", 423: "Locked", 429: "TooManyRequests", 500: "InternalServerError", 502: "BadGateway",
	503: "ServiceUnavailable", 504: "GatewayTimeout",
}

func codeOf(status int) string {
	if code := statusCodes[status]; code != "" {
		return code
	}
	return "UnknownError"
}

// SetFaults replaces the active faults.
func (s *Server) SetFaults(list ...Fault) error { return s.faults.set(list) }
