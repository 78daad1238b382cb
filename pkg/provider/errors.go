package provider

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Class sorts provider failures once; policy reads the class, never a status.
type Class string

// The failure classes.
const (
	Throttled   Class = "throttled"   // rejected before processing; the same request may be sent again
	Denied      Class = "denied"      // permission, licence or consent
	NoToken     Class = "credential"  // no token for this directory
	Conflict    Class = "conflict"    // against the present state
	Invalid     Class = "invalid"     // the target refuses the content
	Gone        Class = "gone"        // no such object (or not visible yet)
	Unavailable Class = "unavailable" // timeout, reset, 5xx: try later
	Unreadable  Class = "unreadable"  // an answer that cannot be used (too large, not JSON, foreign link)
)

// Error is a provider failure.
type Error struct {
	Class      Class
	Status     int    // HTTP status, 0 without an answer
	Code       string // the provider's own code, safe to show
	Message    string // plain sentence, safe to show
	RetryAfter time.Duration
	Ambiguous  bool // a mutating request that may have taken effect
	Approval   bool // refused because Multi Admin Approval protects the type
	RequestID  string
	Cause      error
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("provider %s (status %d, code %s): %s", e.Class, e.Status, e.Code, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// ClassOf returns the class of err, or "" when it is not a provider failure.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return ""
}

const redacted = "[redacted]"

// String hides the credential.
func (Credential) String() string { return redacted }

// GoString hides the credential.
func (Credential) GoString() string { return redacted }

// LogValue hides the credential.
func (Credential) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON hides the credential.
func (Credential) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
