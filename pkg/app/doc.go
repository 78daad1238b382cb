// Package app wires the rooms to their adapters and runs the product: it is the
// only place that knows all of them.
//
// An App has one or both of two roles. The API answers people; the worker
// dispatches the outbox, sweeps, and carries out runs. Both open the same
// database and the same queue, and any number of processes may run side by side.
// Start is ordered (database, queue, rooms, listeners) and Stop is the reverse:
// the API stops accepting and ends its streams, the worker finishes or gives
// back its items, then the queue and the database are let go.
//
// It owns settings (settings.go), logging (log.go), and the few adapters between
// rooms that belong to neither side (tenants.go, authorize.go, throttle.go). It
// owns no rule of the product.
//
// Begin with New in app.go. up.go starts everything embedded, with simulated
// demo tenants from pkg/app/demo; admin.go is what the command line's user,
// token and control verbs use.
package app
