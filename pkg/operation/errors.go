package operation

import (
	"errors"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// ErrLeaseLost says that another worker holds the run, or that too little of
// the lease is left for the next step: stop at once and write nothing.
var ErrLeaseLost = errors.New("operation: the lease is not ours")

// ErrNotTaken says that a run cannot be leased at the moment: somebody holds it,
// it is completed, it backs off, or its workspace has enough running.
var ErrNotTaken = errors.New("operation: the run is not to be had")

// ErrStopping says at an item boundary that the worker shuts down. Work returns
// it as it is; the run goes on elsewhere.
var ErrStopping = errors.New("operation: the worker is stopping")

// ErrAlreadyActive says that another active run excludes this one; the
// transaction is still usable. ActiveOn and Start's answer name that run.
var ErrAlreadyActive = errors.New("operation: an active run excludes this one")

// ErrSettledTwice says that the item has a verdict already.
var ErrSettledTwice = errors.New("operation: the item has a verdict already")

// The problem codes of this room.
const (
	CodeScopeBusy          = "scope_busy"
	CodeOperationBlocked   = "operation_blocked"
	CodeOperationCompleted = "operation_completed"
)

// Busy is the refusal of a start while another run is active on its scope. The
// member operation holds that run, and only when the caller may see it.
func Busy(active *Run) *fault.Error {
	f := fault.New(fault.Conflict, CodeScopeBusy,
		"Another operation is active here. Wait until it has completed, or cancel it.")
	if active == nil {
		return f.With("operation", nil)
	}
	return f.With("operation", *active)
}

// BlockedBy is the refusal of a start by a control or a missing legitimacy.
func BlockedBy(reason string) *fault.Error {
	sentence := Sentence(reason)
	if reason == ReasonOperationPaused {
		sentence = "This kind of operation is paused. It can be started again when the pause ends."
	}
	return fault.New(fault.Conflict, CodeOperationBlocked, sentence).With("reason_code", reason)
}

func completedAlready() *fault.Error {
	return fault.New(fault.Conflict, CodeOperationCompleted, "This operation has already completed, so nothing is left to cancel.")
}
