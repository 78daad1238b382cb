// Package api is the HTTP edge: it decodes, lets the gate decide, calls a room
// and maps what it answers. It decides nothing about the product itself.
//
// An operation exists only through Register, which demands who may use it:
// without an Authz it panics at start. The wrapper answers in the order of the
// contract – 401, then 404 and 403 for the path, then the body's shape – before
// the handler sees the request, and puts the caller's access.Scope into its
// context. Handlers have four lines of substance: decode, gate, call, map; they
// return faults, and api/problem turns those into answers.
//
// Begin with register.go (how an operation is declared), then api.go (how the
// server is put together), resources.go (what it consists of) and any file
// named after a resource. schema.go makes the description strict about requests
// and open about answers; document.go prints it.
package api
