package operation

import "github.com/tenantatlas/tenantatlas/pkg/lifecycle"

// Lifecycle says which status of a run may follow which. A takeover keeps
// running and raises the epoch, so it is not a move.
var Lifecycle = lifecycle.Table[Status]{
	{
		State: Queued, Next: []Status{Running, Completed},
		Meaning: "Waits for a worker. It can be cancelled at once, and nothing has been done yet.",
	},
	{
		State: Running, Next: []Status{Completed},
		Meaning: "A worker holds the lease, or the next one is being called. A cancel stops it at the next item.",
	},
	{
		State:   Completed,
		Meaning: "Over. Outcome, counts and items never change again.",
	},
}

// ItemLifecycle says the same of one item.
var ItemLifecycle = lifecycle.Table[ItemStatus]{
	{
		State: ItemPending, Next: []ItemStatus{ItemInProgress, ItemFailed, ItemSkipped},
		Meaning: "Planned; nobody has decided anything about it.",
	},
	{
		State: ItemInProgress, Next: []ItemStatus{ItemPending, ItemSucceeded, ItemFailed, ItemSkipped},
		Meaning: "A worker has begun it. After a takeover it is pending again until the next worker begins it.",
	},
	{State: ItemSucceeded, Meaning: "Done, and what came back equals what was intended."},
	{State: ItemFailed, Meaning: "Tried or not possible; the reason says why."},
	{State: ItemSkipped, Meaning: "We decided not to write; the reason says why."},
}

// LifecyclePage prints both tables as the documentation page.
func LifecyclePage() string {
	return Lifecycle.Page("Life of an operation run") + "\n" + ItemLifecycle.Page("Life of one item")
}
