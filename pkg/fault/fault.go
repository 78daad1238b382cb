// Package fault holds the one domain error of the product.
//
// A fault says what class of trouble it is (Kind), what exactly happened
// (Code, published and stable), and a sentence that is safe to show. The cause
// stays inside the process: it is logged once at the edge and never sent.
// Rooms return faults; the edge alone knows which status a kind becomes.
package fault

import (
	"errors"
)

// Kind is the class of trouble; the edge maps each kind to one HTTP status.
type Kind string

// The kinds, from "who are you" to "our own fault".
const (
	Unauthenticated      Kind = "unauthenticated"       // no or no valid credential
	NotFound             Kind = "not_found"             // absent, or not the caller's to see
	Forbidden            Kind = "forbidden"             // in scope, but without the capability
	Malformed            Kind = "malformed"             // not parseable at all
	Invalid              Kind = "invalid"               // well formed, but wrong
	Conflict             Kind = "conflict"              // against the present state
	PreconditionFailed   Kind = "precondition_failed"   // the caller's revision is not current
	PreconditionRequired Kind = "precondition_required" // the caller named no revision
	Throttled            Kind = "throttled"             // too many requests
	Unavailable          Kind = "unavailable"           // a part we need is away; may be repeated
	Internal             Kind = "internal"              // our mistake
)

// Detail points at one field of the input. It never repeats the value.
type Detail struct {
	Location string // e.g. body.selection.source_tenant_id
	Message  string
}

// Error is a domain error. The zero value is not useful; use New.
type Error struct {
	Kind    Kind
	Code    string // one of the published problem codes
	Message string // one plain sentence, safe to show
	Details []Detail
	Members map[string]any // named extra members the contract lists for Code
	Cause   error          // for the log only
}

// New makes a fault of kind with a published code and a safe sentence.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Error implements error; it names code and cause and is meant for logs.
func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Code + ": " + e.Message + ": " + e.Cause.Error()
	}
	return e.Code + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Because returns a copy with a cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// With returns a copy carrying one of the named members of its code.
func (e *Error) With(member string, value any) *Error {
	c := *e
	c.Members = make(map[string]any, len(e.Members)+1)
	for k, v := range e.Members {
		c.Members[k] = v
	}
	c.Members[member] = value
	return &c
}

// At returns a copy that points at one more field.
func (e *Error) At(location, message string) *Error {
	c := *e
	c.Details = append(append([]Detail(nil), e.Details...), Detail{location, message})
	return &c
}

// As returns the fault inside err, or nil.
func As(err error) *Error {
	if f, ok := errors.AsType[*Error](err); ok {
		return f
	}
	return nil
}

// HasCode reports whether err is, or wraps, a fault with code.
func HasCode(err error, code string) bool {
	f := As(err)
	return f != nil && f.Code == code
}
