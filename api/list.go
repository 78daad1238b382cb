package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/api/problem"
)

// Page is the input of every list; embed it.
type Page struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most." example:"50"`
	Cursor string `query:"cursor" maxLength:"1024" doc:"Where the next page begins: next_cursor of the page before." example:"eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl"`
}

// List is one page of a list.
type List[T any] struct {
	Items      []T     `json:"items" doc:"The items of this page, in a stable order."`
	NextCursor *string `json:"next_cursor" doc:"Send it as cursor to get the next page; null on the last one." example:"eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl"`
}

// ListOf maps items to their views. The list is never null.
func ListOf[S, T any](items []S, view func(S) T) List[T] {
	l := List[T]{Items: make([]T, 0, len(items))}
	for _, item := range items {
		l.Items = append(l.Items, view(item))
	}
	return l
}

// Cursors seals where a list goes on, so that clients can neither read meaning
// into it nor make one up. It is safe for concurrent use.
type Cursors struct{ key []byte }

// NewCursors makes cursors that every process with the same secret accepts.
func NewCursors(secret []byte) Cursors {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("tenantatlas/cursor"))
	return Cursors{mac.Sum(nil)}
}

// Seal writes position, a small JSON value, as a cursor of the list named by
// what: everything the page depends on besides the position (workspace, filters).
func (c Cursors) Seal(what string, position any) (*string, error) {
	payload, err := json.Marshal(position)
	if err != nil {
		return nil, fmt.Errorf("write a cursor of %s: %w", what, err)
	}
	enc := base64.RawURLEncoding
	s := enc.EncodeToString(payload) + "." + enc.EncodeToString(c.sign(what, payload))
	return &s, nil
}

// Open reads a cursor of the same list back into position, and reports whether
// there was one. A cursor that is not ours is fault invalid_input.
func (c Cursors) Open(what, cursor string, position any) (bool, error) {
	if cursor == "" {
		return false, nil
	}
	refused := problem.Field("query.cursor", "expected the next_cursor of the page before")
	payload, signature, ok := cutCursor(cursor)
	if !ok || !hmac.Equal(signature, c.sign(what, payload)) {
		return false, refused
	}
	if err := json.Unmarshal(payload, position); err != nil {
		return false, refused.Because(err)
	}
	return true, nil
}

func cutCursor(cursor string) (payload, signature []byte, ok bool) {
	enc := base64.RawURLEncoding.Strict()
	for i := range cursor {
		if cursor[i] != '.' {
			continue
		}
		payload, err := enc.DecodeString(cursor[:i])
		if err != nil {
			return nil, nil, false
		}
		signature, err := enc.DecodeString(cursor[i+1:])
		return payload, signature, err == nil
	}
	return nil, nil, false
}

func (c Cursors) sign(what string, payload []byte) []byte {
	mac := hmac.New(sha256.New, c.key)
	mac.Write(fmt.Appendf(nil, "%d:%s:", len(what), what))
	mac.Write(payload)
	return mac.Sum(nil)[:16]
}

// UTC is how times leave the API: UTC, microseconds at most.
func UTC(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// UTCOrNil is UTC for times that may be absent.
func UTCOrNil(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := UTC(*t)
	return &u
}

// OrNil is nil for the zero value: how absent text and ids leave the API.
func OrNil[T ~string](s T) *string {
	if s == "" {
		return nil
	}
	t := string(s)
	return &t
}
