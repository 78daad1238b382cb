// Package promotion decides what of a source tenant may be applied to a target
// tenant, starts that once, and applies it through the one seam that mutates a
// tenant.
//
// A promotion is derived, never drafted: preview → preflight (a bucket and
// reasons for every subject) → plan (the ready ones, ordered) → one run. The
// plan lives in the run's context and is immutable; the write seam's journal
// holds an intent before every mutating request, and a verdict per item.
//
// Begin with preflight.go (pure), plan.go (pure), start.go (the one
// transaction) and execute.go (the worker's walk through the plan).
package promotion
