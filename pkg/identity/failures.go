package identity

import (
	"sync"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// Throttle is the cause of a rate_limited fault: when to try again.
type Throttle struct{ RetryAfter time.Duration } //nolint:errname // a value to read, never returned by itself

// Error implements error.
func (t *Throttle) Error() string {
	return "too many refused sign-ins; free again in " + t.RetryAfter.String()
}

// window is the span over which failures are counted.
const window = time.Minute

// sweepAbove is the number of keys above which dead ones are looked for.
const sweepAbove = 10_000

// quota is a key and how many failures it may have per window; a negative
// number is no limit.
type quota struct {
	key   string
	limit int
}

// failures counts refused sign-ins per key in this process. It is a brake
// against guessing, not a ledger: it is forgotten at a restart, and every
// process counts for itself.
type failures struct {
	mu    sync.Mutex
	times map[string][]time.Time // ascending
}

func newFailures() *failures { return &failures{times: map[string][]time.Time{}} }

// take counts one failure for every quota in advance, so that concurrent tries
// cannot slip past the limit; refund takes it back when the try succeeds. When
// one quota is used up nothing is counted and the fault says until when.
func (f *failures) take(now time.Time, quotas ...quota) (refund func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sweep(now)
	for _, q := range quotas {
		recent := f.recent(q.key, now)
		if q.limit >= 0 && len(recent) >= q.limit {
			wait := window - now.Sub(recent[len(recent)-q.limit])
			return nil, fault.New(fault.Throttled, "rate_limited", "Too many refused sign-ins. Wait a minute.").
				Because(&Throttle{RetryAfter: wait})
		}
	}
	for _, q := range quotas {
		f.times[q.key] = append(f.times[q.key], now)
	}
	return sync.OnceFunc(func() { f.refund(now, quotas) }), nil
}

func (f *failures) refund(at time.Time, quotas []quota) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, q := range quotas {
		times := f.times[q.key]
		for i, t := range times {
			if t.Equal(at) {
				f.times[q.key] = append(times[:i:i], times[i+1:]...)
				break
			}
		}
	}
}

// recent drops what is older than the window and returns the rest.
func (f *failures) recent(key string, now time.Time) []time.Time {
	times := f.times[key]
	for len(times) > 0 && now.Sub(times[0]) >= window {
		times = times[1:]
	}
	if len(times) == 0 {
		delete(f.times, key)
		return nil
	}
	f.times[key] = times
	return times
}

func (f *failures) sweep(now time.Time) {
	if len(f.times) < sweepAbove {
		return
	}
	for key := range f.times {
		f.recent(key, now)
	}
}
