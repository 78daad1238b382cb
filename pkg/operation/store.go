package operation

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Store is the persistence of runs. Every method works in the transaction ctx
// carries, or on its own.
type Store interface {
	// InTx runs fn in one READ COMMITTED transaction, or joins the one of ctx.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	Runs
	Leases
	Controls
	// AddNotice stores an in-app notification.
	AddNotice(ctx context.Context, n Notice) error
}

// Runs reads and writes whole runs.
type Runs interface {
	// InsertRun stores a queued run and its first outbox row, and answers the
	// run as stored. ErrAlreadyActive leaves the transaction usable.
	InsertRun(ctx context.Context, r Run) (Run, error)
	// ActiveLike returns the active run that would exclude r, or nil. It looks
	// across workspaces, so its answer is not for showing before Visible.
	ActiveLike(ctx context.Context, r Run) (*Run, error)
	// LoadRun answers fault.Missing for what the scope does not reach.
	LoadRun(ctx context.Context, s access.Scope, id RunID) (Run, error)
	// LockRun is LoadRun with the row locked until the transaction ends.
	LockRun(ctx context.Context, s access.Scope, id RunID) (Run, error)
	// ListRuns returns the newest first, without Items and Context.
	ListRuns(ctx context.Context, s access.Scope, f Filter) ([]Run, error)
	// ChangedRuns returns runs whose ChangeSeq is above f.After, lowest first,
	// without Items and Context.
	ChangedRuns(ctx context.Context, s access.Scope, f ChangeFilter) ([]Run, error)
	// LastChange is the highest ChangeSeq in the scope's workspace, 0 if none.
	LastChange(ctx context.Context, s access.Scope) (int64, error)
	// Verdicts returns the settled items by ordinal.
	Verdicts(ctx context.Context, id RunID) (map[int]Verdict, error)
	// Touched returns, by ordinal, the items that have a journalled request,
	// with the object it is known to have touched, if any.
	Touched(ctx context.Context, id RunID) (map[int]string, error)
	// RequestCancel notes that somebody wants the run to stop.
	RequestCancel(ctx context.Context, id RunID) error
}

// Leases is what the runner does to a run. Times are the database's; every
// method with an epoch answers ErrLeaseLost unless that epoch holds a live lease.
type Leases interface {
	// TakeLease makes owner the holder with a new epoch, or answers ErrNotTaken.
	TakeLease(ctx context.Context, id RunID, t Take) (Taken, error)
	// SeizeRun raises the epoch of a run nobody holds, so that it can be closed
	// in this transaction; ErrNotTaken when somebody does.
	SeizeRun(ctx context.Context, id RunID) (Run, error)
	ExtendLease(ctx context.Context, id RunID, epoch int64, ttl time.Duration) error
	ReleaseLease(ctx context.Context, id RunID, epoch int64, r Release) error
	// Fence locks the run until the transaction ends.
	Fence(ctx context.Context, id RunID, epoch int64) error
	Standing(ctx context.Context, id RunID, epoch int64) (Standing, error)
	MarkBegun(ctx context.Context, id RunID, epoch int64, ordinal int) error
	SetWaiting(ctx context.Context, id RunID, epoch int64, w *Waiting) error
	// AddVerdict stores a verdict; ErrSettledTwice when there is one.
	AddVerdict(ctx context.Context, id RunID, epoch int64, v Verdict) error
	// SaveProgress derives the counts from the verdicts and clears the mark of
	// the item.
	SaveProgress(ctx context.Context, id RunID, epoch int64, ordinal int) error
	CompleteRun(ctx context.Context, id RunID, epoch int64, e Ending) (Run, error)
	// RingNext rings for the oldest runs of the workspace that wait for others.
	RingNext(ctx context.Context, ws tenancy.WorkspaceID) error
	// RingStranded rings for every run that nobody will pick up otherwise.
	RingStranded(ctx context.Context, queuedAfter, runningAfter time.Duration) (int, error)
	// Overdue returns runs past their deadline that nobody holds.
	Overdue(ctx context.Context, limit int) ([]RunID, error)
}

// Controls keeps what is paused.
type Controls interface {
	// ControlsOf returns the stored controls of the workspace and the global
	// ones, in no order.
	ControlsOf(ctx context.Context, ws tenancy.WorkspaceID) ([]Control, error)
	// SaveControl stores c if the stored revision is c.Revision (0 = none yet)
	// and answers it with the next one; else fault.Stale.
	SaveControl(ctx context.Context, c Control) (Control, error)
}

// Take is how a lease is asked for.
type Take struct {
	Owner string
	TTL   time.Duration
	// Running is how many runs a workspace may have running; 0 means any number.
	Running int
}

// Taken is a lease that was got.
type Taken struct {
	Run  Run
	Left time.Duration // until the run's deadline; may be negative
	Took time.Duration // how long taking it may have lasted; the lease is that much shorter
}

// Release says how a lease is given back.
type Release struct {
	Waiting *Waiting      // shown until the next worker comes
	After   time.Duration // nobody may take the run earlier
	Retry   bool          // counts as an infrastructure fault
	Crash   bool          // counts as a takeover
}

// Standing is what a worker asks between items.
type Standing struct {
	CancelRequested bool
	Overdue         bool
	Paused          bool
}

// Ending is the terminal state of a run.
type Ending struct {
	Counts     Counts
	Outcome    Outcome
	ReasonCode string
	Message    string
}

// Filter narrows a list of runs; zero fields do not.
type Filter struct {
	Type           Type
	Status         Status
	Outcome        Outcome
	TenantID       tenancy.TenantID
	SourceTenantID tenancy.TenantID
	Since          time.Time // created at or after
	Before         RunID     // the last one of the page before
	Limit          int       // 0 means 50
}

// ChangeFilter narrows what has moved.
type ChangeFilter struct {
	After  int64
	Only   RunID // one run, or every visible one when empty
	Active bool  // only runs that have not completed
	Limit  int   // 0 means 200
}
