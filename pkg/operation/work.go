package operation

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
)

// Work is what one operation type does. It is called by the runner that holds
// the run's lease, may be called again after a crash, and then finds the
// verdicts that are already settled. It returns nil when every item has a
// verdict or MayGoOn gave a reason to stop (items without a verdict get one for
// that reason); an error is an infrastructure fault and the run is resumed
// later. Returning nil with items undecided for no reason counts as a crash.
type Work interface {
	Type() Type
	Do(ctx context.Context, x Execution) error
}

// Execution is what the runner offers to Work while it holds the lease.
//
// Items may be worked on concurrently; every method is safe for that.
type Execution interface {
	// Run is the run as it was when the lease was taken.
	Run() Run
	// Scope is the system's scope in the run's workspace.
	Scope() access.Scope
	// Epoch is the lease's epoch; every write of the run is fenced by it.
	Epoch() int64
	// Verdicts returns the settled items by ordinal.
	Verdicts(ctx context.Context) (map[int]Verdict, error)
	// MayGoOn is asked before every item with need 0, and, with need = the
	// longest the next step may take, before every provider call. It returns ""
	// to go on, else the reason code to skip the remaining items with: cancelled,
	// operation_paused, authorization_revoked, deadline. With a need and an item
	// begun it guards the lease only, so that what was begun is finished.
	// ErrLeaseLost means stop at once and write nothing; ErrStopping, that the
	// worker shuts down: let items in flight finish and return it.
	MayGoOn(ctx context.Context, need time.Duration) (reason string, err error)
	// Begin marks an item as in progress (shown in Monitoring, not a verdict).
	Begin(ctx context.Context, ordinal int) error
	// Settle stores a verdict, the counts and whatever also does, in one
	// transaction that is refused (ErrLeaseLost) when the lease is not ours.
	// Settling an item twice is an error.
	Settle(ctx context.Context, v Verdict, also func(ctx context.Context) error) error
	// Fenced runs fn in a transaction under the same fence, without a verdict.
	Fenced(ctx context.Context, fn func(ctx context.Context) error) error
	// Wait publishes what the run waits for; nil clears it.
	Wait(ctx context.Context, w *Waiting) error
	// Now is the runner's clock.
	Now() time.Time
}
