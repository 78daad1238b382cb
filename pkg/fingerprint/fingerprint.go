// Package fingerprint gives a value one canonical text and one digest, for
// ever: the same input yields the same text on every machine and version.
//
// Canonical JSON follows RFC 8785 (object keys sorted by UTF-16 code units,
// shortest numbers, no white space). Duplicate keys and invalid UTF-8 are
// errors, since two readers could disagree about them.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Digest is a lower-case hexadecimal SHA-256 (64 characters).
type Digest string

// Canonical returns the canonical form of a JSON text. The input is not changed.
func Canonical(raw []byte) ([]byte, error) {
	v := jsontext.Value(append([]byte(nil), raw...))
	if err := v.Canonicalize(); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return v, nil
}

// OfJSON digests the canonical form of a JSON text.
func OfJSON(raw []byte) (Digest, error) {
	c, err := Canonical(raw)
	if err != nil {
		return "", err
	}
	return Of(c), nil
}

// MustOfValue digests the canonical JSON of a small Go value; maps are sorted. It
// panics for one that does not marshal, which is a mistake in the program.
func MustOfValue(v any) Digest {
	raw, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(fmt.Errorf("digest value: %w", err))
	}
	d, err := OfJSON(raw)
	if err != nil {
		panic(err)
	}
	return d
}

// Of digests bytes as they are.
func Of(b []byte) Digest {
	sum := sha256.Sum256(b)
	return Digest(hex.EncodeToString(sum[:]))
}
