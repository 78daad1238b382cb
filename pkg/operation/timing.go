package operation

import "time"

// Timing holds every time constant of the run engine. The zero value is not
// useful; start from ProductionTiming or TestTiming.
type Timing struct {
	Lease         time.Duration // how long a lease lives without a heartbeat
	Heartbeat     time.Duration // how often it is extended
	Margin        time.Duration // what must be left of the lease beyond the next step
	RetryBase     time.Duration // first pause after an infrastructure fault; doubles
	RetryMax      time.Duration // longest pause between two attempts
	RingQueued    time.Duration // a queued run nobody leased is rung for after this
	RingRunning   time.Duration // so is a running one without a live lease
	Sweep         time.Duration // how often the reconciler looks
	Poll          time.Duration // how often the dispatcher looks
	Shutdown      time.Duration // how long a stopping worker may finish its items
	MaxTakeovers  int           // after so many vanished workers a run is given up
	WorkspaceRuns int           // running at once per workspace; 0 means any number
}

// ProductionTiming is what the product runs with unless settings say otherwise.
func ProductionTiming() Timing {
	return Timing{
		Lease: time.Minute, Heartbeat: 10 * time.Second, Margin: 5 * time.Second,
		RetryBase: 5 * time.Second, RetryMax: 2 * time.Minute,
		RingQueued: time.Minute, RingRunning: 15 * time.Second,
		Sweep: 15 * time.Second, Poll: time.Second, Shutdown: 45 * time.Second,
		MaxTakeovers: 5, WorkspaceRuns: 2,
	}
}

// TestTiming is the same machine at the scale of specs.
func TestTiming() Timing {
	return Timing{
		Lease: 2 * time.Second, Heartbeat: 300 * time.Millisecond, Margin: 100 * time.Millisecond,
		RetryBase: 50 * time.Millisecond, RetryMax: 500 * time.Millisecond,
		RingQueued: 500 * time.Millisecond, RingRunning: 250 * time.Millisecond,
		Sweep: 500 * time.Millisecond, Poll: 50 * time.Millisecond, Shutdown: 5 * time.Second,
		MaxTakeovers: 5, WorkspaceRuns: 0,
	}
}

// backoff is the pause before the attempt after so many faults in a row.
func (t Timing) backoff(retries int) time.Duration {
	pause := t.RetryBase
	for range min(retries, 20) {
		if pause *= 2; pause >= t.RetryMax {
			return t.RetryMax
		}
	}
	return pause
}
