package middleware

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/tenantatlas/tenantatlas/api/problem"
)

// Limits are the rate limits in requests per minute. A zero means the default.
type Limits struct {
	Anonymous     int // per address; default 120
	Authenticated int // per person; default 1200
	Export        int // exports per person; default 12
}

// WithDefaults fills what is not set.
func (l Limits) WithDefaults() Limits {
	for _, d := range []struct {
		value *int
		def   int
	}{{&l.Anonymous, 120}, {&l.Authenticated, 1200}, {&l.Export, 12}} {
		if *d.value <= 0 {
			*d.value = d.def
		}
	}
	return l
}

// maxKeys bounds the memory of one limiter; idle keys are forgotten first.
const maxKeys = 50_000

// Limiter counts requests per key in this process. It is safe for concurrent use.
type Limiter struct {
	perMinute int
	mu        sync.Mutex
	buckets   map[string]*bucket
}

type bucket struct {
	limiter *rate.Limiter
	seen    time.Time
}

// NewLimiter allows perMinute requests per key and minute, in one burst if need be.
func NewLimiter(perMinute int) *Limiter {
	return &Limiter{perMinute: perMinute, buckets: map[string]*bucket{}}
}

// Allowance is what is left for a key.
type Allowance struct {
	Limit, Remaining int
	Reset            time.Duration // until the full limit is available again
	Wait             time.Duration // until the next request is allowed; 0 when this one is
}

// Take counts one request of key.
func (l *Limiter) Take(key string, now time.Time) Allowance {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		l.forgetIdle(now)
		b = &bucket{limiter: rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), l.perMinute)}
		l.buckets[key] = b
	}
	b.seen = now
	allowed := b.limiter.AllowN(now, 1)
	tokens := b.limiter.TokensAt(now)
	perToken := time.Minute / time.Duration(l.perMinute)
	a := Allowance{
		Limit: l.perMinute, Remaining: max(0, int(tokens)),
		Reset: time.Duration((float64(l.perMinute) - tokens) * float64(perToken)),
	}
	if !allowed {
		a.Wait = time.Duration((1 - tokens) * float64(perToken))
	}
	return a
}

// forgetIdle drops keys whose bucket is full again, and everything when that is
// not enough: forgetting errs on the side of the caller.
func (l *Limiter) forgetIdle(now time.Time) {
	if len(l.buckets) < maxKeys {
		return
	}
	for key, b := range l.buckets {
		if now.Sub(b.seen) > time.Minute {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= maxKeys {
		clear(l.buckets)
	}
}

// Announce writes the allowance into the answer's headers.
func (a Allowance) Announce(h http.Header) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(a.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(a.Remaining))
	h.Set("X-RateLimit-Reset", strconv.Itoa(int(math.Ceil(a.Reset.Seconds()))))
}

// Refusal is the error to answer with, or nil when the request is allowed.
func (a Allowance) Refusal(r *http.Request) error {
	if a.Wait == 0 {
		return nil
	}
	return problem.Of(r.Context(), problem.Throttled()).RetryAfter(a.Wait)
}

// RateLimit counts requests per person, or per address for those nobody signed.
func RateLimit(l Limits) echo.MiddlewareFunc {
	anonymous, authenticated := NewLimiter(l.Anonymous), NewLimiter(l.Authenticated)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			var allowance Allowance
			if actor, err := Actor(c.Request().Context()); err == nil {
				allowance = authenticated.Take(string(actor.UserID), time.Now())
			} else {
				allowance = anonymous.Take(c.RealIP(), time.Now())
			}
			allowance.Announce(c.Response().Header())
			if err := allowance.Refusal(c.Request()); err != nil {
				return err
			}
			return next(c)
		}
	}
}
