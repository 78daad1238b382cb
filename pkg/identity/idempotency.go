package identity

import (
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// IdempotencyLife is how long an answer is kept for replay.
const IdempotencyLife = 24 * time.Hour

// IdempotencyHold is how long a request may be in flight before another with
// the same key may take its place; longer than any request lives.
const IdempotencyHold = 2 * time.Minute

// RequestKey names one idempotent request of one principal.
type RequestKey struct {
	Principal string // the user's id
	Method    string
	Path      string
	Key       string // the header's value
}

// StoredAnswer is what is replayed. Only successful answers are stored.
type StoredAnswer struct {
	Status   int
	Location string // empty when the answer had none
	ETag     string // empty when the answer had none
	Body     []byte
}

// Reservation is the right to run the request; Replay is set instead when an
// answer is already there.
type Reservation struct {
	Key    RequestKey
	Holder string // tells this attempt from a later one that took its place
	Replay *StoredAnswer
}

// The codes of idempotent requests.
const (
	CodeKeyReused  = "idempotency_key_reused"
	CodeInProgress = "idempotency_in_progress"
)

// KeyReused says that the key was used for another body.
func KeyReused() *fault.Error {
	return fault.New(fault.Invalid, CodeKeyReused,
		"This Idempotency-Key was used with another request body. Use a fresh key.")
}

// InProgress says that the first request with the key has not been answered yet.
func InProgress() *fault.Error {
	return fault.New(fault.Conflict, CodeInProgress,
		"A request with this Idempotency-Key is still being worked on. Repeat it shortly.")
}
