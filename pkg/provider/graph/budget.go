package graph

import (
	"sync"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// family is a group of routes that Graph limits together.
type family string

const (
	intuneReads     family = "intune_reads"
	intuneWrites    family = "intune_writes"
	access          family = "access"
	directoryReads  family = "directory_reads"
	directoryWrites family = "directory_writes"
)

func (l Limits) rate(f family) float64 {
	switch f {
	case intuneReads:
		return l.IntuneReads
	case intuneWrites:
		return l.IntuneWrites
	case access:
		return l.Access
	case directoryReads:
		return l.DirectoryReads
	case directoryWrites:
		return l.DirectoryWrites
	}
	return 1
}

// bucketKey is what Graph counts by.
type bucketKey struct {
	client    string
	directory tenancy.DirectoryID
	family    family
}

// budgets holds the buckets of the process. They are few: one per client,
// directory and family in use.
type budgets struct {
	limits  Limits
	mu      sync.Mutex
	buckets map[bucketKey]*bucket
}

func newBudgets(l Limits) *budgets {
	return &budgets{limits: l, buckets: map[bucketKey]*bucket{}}
}

func (b *budgets) of(key bucketKey) *bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, ok := b.buckets[key]
	if !ok {
		rate := b.limits.rate(key.family)
		k = &bucket{rate: rate, burst: burstOf(key.family, rate), off: b.limits.Off}
		k.tokens = k.burst
		b.buckets[key] = k
	}
	return k
}

// burstOf keeps burst and rate together below the documented limits, which
// count 20 seconds; Conditional Access counts single seconds.
func burstOf(f family, rate float64) float64 {
	if f == access {
		return 1
	}
	return max(2.5*rate, 1)
}

// bucket is a token bucket that may go into debt: a batch of twenty counts
// twenty times and waits for all of them. Until blocked nothing passes, because
// the service said so.
type bucket struct {
	mu      sync.Mutex
	rate    float64 // per second
	burst   float64
	tokens  float64
	last    time.Time
	blocked time.Time
	slow    time.Time // half the rate until then
	off     bool
}

// take books n requests and says how long the caller has to wait before sending.
func (b *bucket) take(now time.Time, n int) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := b.blocked.Sub(now)
	if b.off {
		return max(wait, 0)
	}
	rate := b.refill(now)
	b.tokens -= float64(n)
	if b.tokens < 0 {
		wait = max(wait, time.Duration(-b.tokens/rate*float64(time.Second)))
	}
	return max(wait, 0)
}

// giveBack returns n requests that were booked and not sent.
func (b *bucket) giveBack(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.tokens+float64(n), b.burst)
}

func (b *bucket) refill(now time.Time) float64 {
	rate := b.rate
	if now.Before(b.slow) {
		rate /= 2
	}
	if !b.last.IsZero() && now.After(b.last) {
		b.tokens = min(b.tokens+now.Sub(b.last).Seconds()*rate, b.burst)
	}
	b.last = now
	return rate
}

// block holds everything back until then: a throttled answer speaks for the
// whole directory, not for one request.
func (b *bucket) block(until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until.After(b.blocked) {
		b.blocked = until
	}
}

// ease halves the rate until then; the service reports being near its limit.
func (b *bucket) ease(until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.slow = until
}

// held says how long nothing may pass.
func (b *bucket) held(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(b.blocked.Sub(now), 0)
}
