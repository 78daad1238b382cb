package promotion

import "time"

// Timing holds the time constants of the write seam.
type Timing struct {
	// Request is the longest one mutating request may take; the lease must
	// outlive it.
	Request time.Duration
	// Reconcile are the moments after sending at which an unanswered create is
	// looked for; only after the last one may it be sent again.
	Reconcile []time.Duration
	// ReadBack are the pauses before each attempt to read back what was written.
	ReadBack []time.Duration
	// Throttle is the pause after a throttled request without a hint.
	Throttle time.Duration
	// Creates bounds how often one create is sent.
	Creates int
	// Parallel is how many items without a dependency between them are written
	// at once.
	Parallel int
}

// ProductionTiming is what the product runs with: requests 30 s, quarantine of
// unanswered creates 90 s.
func ProductionTiming() Timing {
	s := time.Second
	return Timing{
		Request: 30 * s, Reconcile: []time.Duration{0, 90 * s, 120 * s, 180 * s},
		ReadBack: []time.Duration{0, s, 2 * s, 5 * s, 10 * s, 20 * s, 40 * s},
		Throttle: 2 * s, Creates: 2, Parallel: 4,
	}
}

// TestTiming is the same at the scale of specs.
func TestTiming() Timing {
	ms := time.Millisecond
	return Timing{
		Request: 1000 * ms, Reconcile: []time.Duration{0, 1500 * ms, 1800 * ms, 2500 * ms},
		ReadBack: []time.Duration{0, 20 * ms, 50 * ms, 100 * ms, 300 * ms, 1000 * ms, 2000 * ms},
		Throttle: 50 * ms, Creates: 2, Parallel: 4,
	}
}
