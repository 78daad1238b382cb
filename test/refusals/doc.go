// Package refusals holds the specs of everything that a promotion's start can be
// refused with. Every refusal is held against the whole database and against the
// simulator's journal: nothing was stored, nothing was asked of a tenant.
//
// desk_test.go holds what the specs do it with; stale_test.go the ways in which
// a preflight grows old, order_test.go which refusal wins over which.
package refusals
