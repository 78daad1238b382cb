package fingerprint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Hasher digests a sequence of records. Every value and every record is
// prefixed by its length, so no two different sequences feed the same bytes.
type Hasher struct {
	h   hash.Hash
	buf []byte
}

// NewHasher starts an empty sequence.
func NewHasher() *Hasher { return &Hasher{h: sha256.New()} }

// Add feeds one record of values.
func (h *Hasher) Add(values ...string) {
	h.buf = binary.AppendUvarint(h.buf[:0], uint64(len(values)))
	for _, v := range values {
		h.buf = binary.AppendUvarint(h.buf, uint64(len(v)))
		h.buf = append(h.buf, v...)
	}
	h.h.Write(h.buf) // a hash never fails to write
}

// Sum is the digest of all records so far.
func (h *Hasher) Sum() Digest { return Digest(hex.EncodeToString(h.h.Sum(nil))) }
