package graphsim

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// limit is so many requests in a span of time, per key.
type limit struct {
	name   string
	count  float64
	span   time.Duration
	silent bool // 429 without Retry-After
	key    func(c *call) string
}

func perTenant(c *call) string   { return c.token.Tenant }
func perApp(c *call) string      { return c.token.Tenant + "/" + c.token.App }
func perAppAlone(c *call) string { return c.token.App }

// The documented limits. Directory limits are resource units.
var (
	everywhere = []limit{{name: "graph", count: 130_000, span: 10 * time.Second, key: perAppAlone}}

	intuneWrites = []limit{
		{name: "intune-write-tenant", count: 200, span: 20 * time.Second, key: perTenant},
		{name: "intune-write-app", count: 100, span: 20 * time.Second, key: perApp},
	}
	intuneAny = []limit{
		{name: "intune-tenant", count: 2000, span: 20 * time.Second, key: perTenant},
		{name: "intune-app", count: 1000, span: 20 * time.Second, key: perApp},
	}
	accessAny       = []limit{{name: "conditional-access", count: 1, span: time.Second, silent: true, key: perTenant}}
	directoryAny    = []limit{{name: "directory-units", count: 3500, span: 10 * time.Second, key: perApp}}
	directoryWrites = []limit{{name: "directory-write", count: 3000, span: 150 * time.Second, key: perApp}}
)

// spent is one admitted request in a window.
type spent struct {
	at   time.Time
	cost float64
}

// throttle counts admitted requests in sliding windows.
type throttle struct {
	limits  Limits
	mu      sync.Mutex
	windows map[string][]spent
}

func newThrottle(l Limits) *throttle {
	if l.Factor == 0 {
		l.Factor = 1
	}
	return &throttle{limits: l, windows: map[string][]spent{}}
}

func limitsOf(c *call) []limit {
	out := everywhere
	read := c.isRead()
	switch areaOf(c.path) {
	case intune:
		out = append(out[:1:1], intuneAny...)
		if !read {
			out = append(out, intuneWrites...)
		}
	case access:
		out = append(out[:1:1], accessAny...)
	case directory:
		out = append(out[:1:1], directoryAny...)
		if !read {
			out = append(out, directoryWrites...)
		}
	}
	return out
}

func areaOf(path string) area {
	path = strings.ToLower(path)
	switch {
	case strings.HasPrefix(path, "device"):
		return intune
	case strings.HasPrefix(path, "identity/conditionalaccess/policies"), strings.HasPrefix(path, "identity/conditionalaccess/namedlocations"):
		return access
	default:
		return directory
	}
}

// check admits the call or says how long to wait.
func (t *throttle) check(c *call, now time.Time) *failure {
	if t.limits.Off {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	limits := limitsOf(c)
	for _, l := range limits {
		if free, wait := t.room(l, c, now); !free {
			return throttled(l, c, wait)
		}
	}
	for _, l := range limits {
		key := l.name + "/" + l.key(c)
		t.windows[key] = append(t.windows[key], spent{now, costOf(l, c)})
	}
	return nil
}

// room drops what has left the window and tells whether the call fits.
func (t *throttle) room(l limit, c *call, now time.Time) (bool, time.Duration) {
	key := l.name + "/" + l.key(c)
	window := t.windows[key]
	for len(window) > 0 && !window[0].at.After(now.Add(-l.span)) {
		window = window[1:]
	}
	t.windows[key] = window
	total := costOf(l, c)
	for _, s := range window {
		total += s.cost
	}
	if total <= max(l.count*t.limits.Factor, 1) {
		return true, 0
	}
	return false, window[0].at.Add(l.span).Sub(now)
}

// costOf is 1 except for directory resource units.
func costOf(l limit, c *call) float64 {
	if l.name != "directory-units" {
		return 1
	}
	return resourceUnits(c)
}

// resourceUnits is what a directory request costs.
func resourceUnits(c *call) float64 {
	cost := 1.0
	path := strings.ToLower(c.path)
	switch {
	case strings.HasPrefix(path, "users"), strings.Contains(path, "approleassign"):
		cost = 2
	case strings.HasPrefix(path, "subscribedskus"), strings.HasPrefix(path, "directoryobjects/getbyids"):
		cost = 3
	}
	if c.query.Has("$select") {
		cost--
	}
	if c.query.Has("$expand") {
		cost++
	}
	if top, err := strconv.Atoi(c.query.Get("$top")); err == nil && top < 20 {
		cost--
	}
	return max(cost, 1)
}

func throttled(l limit, c *call, wait time.Duration) *failure {
	f := refuse(http.StatusTooManyRequests, "TooManyRequests", "Too many requests: limit "+l.name+" is reached. Try again later.")
	if !l.silent {
		f.retryAfter = strconv.Itoa(max(int((wait+time.Second-1)/time.Second), 1))
	}
	if strings.HasPrefix(l.name, "directory") {
		f.header = http.Header{
			"X-Ms-Throttle-Scope":       {"Application_Tenant/" + l.name + "/" + c.token.App + "/" + c.token.Tenant},
			"X-Ms-Throttle-Information": {"ResourceUnitLimitExceeded"},
		}
	}
	return f
}
