package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// The bounds of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// macLength is how much of the HMAC a cursor carries.
const macLength = 16

// Codec writes and reads cursors. A cursor is authenticated, not secret: it must
// hold positions only, and never decides what may be seen.
type Codec struct{ key []byte }

// NewCodec makes the codec of a master key.
func NewCodec(k *Keys) (Codec, error) {
	key, err := k.Derive("cursor")
	return Codec{key}, err
}

// EncodeCursor packs a position. kind names the listing, so that a cursor of one
// is not accepted by another; v must marshal to JSON.
func (c Codec) EncodeCursor(kind string, v any) string {
	payload, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: a cursor of %s does not marshal: %v", kind, err)) // a mistake in the program
	}
	return base64.RawURLEncoding.EncodeToString(append(c.mac(kind, payload), payload...))
}

// DecodeCursor unpacks what EncodeCursor made for the same kind; anything else is
// invalid_input.
func (c Codec) DecodeCursor(kind, s string, out any) error {
	bad := fault.InvalidInput("This cursor is not one of this list. Start again without it.").
		At("query.cursor", "is not a cursor of this list")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) < macLength {
		return bad
	}
	payload := raw[macLength:]
	if !hmac.Equal(raw[:macLength], c.mac(kind, payload)) {
		return bad
	}
	d := json.NewDecoder(bytes.NewReader(payload))
	if err := d.Decode(out); err != nil {
		return bad.Because(err)
	}
	return nil
}

func (c Codec) mac(kind string, payload []byte) []byte {
	h := hmac.New(sha256.New, c.key)
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write(payload)
	return h.Sum(nil)[:macLength]
}

// pageLimit turns a requested limit into the one to use.
func pageLimit(limit int) (int, error) {
	switch {
	case limit == 0:
		return DefaultLimit, nil
	case limit < 0 || limit > MaxLimit:
		return 0, fault.InvalidInput("A page has 1 to 200 items.").At("query.limit", "must lie between 1 and 200")
	}
	return limit, nil
}

// cutPage splits limit+1 rows into a page and the cursor of the next one, which
// is empty on the last page.
func cutPage[R, T any](rows []R, limit int, value func(R) T, cursor func(R) string) ([]T, string) {
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = cursor(rows[limit-1])
	}
	items := make([]T, len(rows))
	for i, r := range rows {
		items[i] = value(r)
	}
	return items, next
}
