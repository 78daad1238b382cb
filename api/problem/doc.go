// Package problem is the one place where faults become HTTP answers.
//
// Rooms return faults that know nothing of HTTP; Of turns any error into a
// Problem (RFC 9457): status and title come from the catalogue by code, the
// sentence from the fault, the cause goes to the log and nowhere else. An error
// that is not a fault becomes one opaque 500. Nothing here ever repeats a value
// that a client sent.
//
// Begin with catalogue.go (every published code), then problem.go (the shape),
// of.go (errors to problems), huma.go (the framework's own refusals) and
// page.go (what a problem's type address answers).
package problem
