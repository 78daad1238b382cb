package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/crypto/argon2"
)

// params are argon2id's; every hash carries its own, so they can be raised
// without locking anybody out.
type params struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

var defaultParams = params{memory: 19 * 1024, time: 2, threads: 1}

// The most a stored hash may ask for: a tampered row must not exhaust us.
const (
	maxMemory  = 256 * 1024
	maxTime    = 16
	saltLength = 16
	keyLength  = 32
)

var errBadHash = errors.New("identity: a stored password hash cannot be read")

// hashPassword returns the PHC string of a password under a fresh salt.
func hashPassword(password string, p params) (string, error) {
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, keyLength)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.memory, p.time, p.threads, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

// verifyPassword compares in constant time. An unreadable hash is an error, not
// a mismatch.
func verifyPassword(hash, password string) (bool, error) {
	p, salt, key, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, uint32(len(key))) //nolint:gosec // at most 64
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}

func parseHash(hash string) (p params, salt, key []byte, err error) {
	var version int
	var saltText, keyText string
	n, err := fmt.Sscanf(spaced(hash), " argon2id v=%d m=%d,t=%d,p=%d %s %s",
		&version, &p.memory, &p.time, &p.threads, &saltText, &keyText)
	if err != nil || n != 6 || version != argon2.Version {
		return p, nil, nil, errBadHash
	}
	if p.memory > maxMemory || p.time == 0 || p.time > maxTime || p.threads == 0 {
		return p, nil, nil, errBadHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(saltText)
	key, err2 := base64.RawStdEncoding.DecodeString(keyText)
	if err1 != nil || err2 != nil || len(key) < 16 || len(key) > 64 {
		return p, nil, nil, errBadHash
	}
	return p, salt, key, nil
}

// spaced turns the fields of a PHC string into words for Sscanf.
func spaced(hash string) string {
	b := []byte(hash)
	for i, c := range b {
		if c == '$' {
			b[i] = ' '
		}
	}
	return string(b)
}

// decoy is verified for accounts that do not exist or have no password, so that
// the time of a refusal tells nothing.
var decoy = sync.OnceValues(func() (string, error) { return hashPassword(rand.Text(), defaultParams) })

// matches checks a password against a hash, or against the decoy when hash is
// empty, in which case the answer is always no.
func (s *Service) matches(ctx context.Context, hash, password string) (bool, error) {
	release, err := s.hashSlot(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	known := hash != ""
	if !known {
		if hash, err = decoy(); err != nil {
			return false, err
		}
	}
	ok, err := verifyPassword(hash, password)
	return ok && known, err
}

// hashSlot waits for room to hash: each check takes much memory.
func (s *Service) hashSlot(ctx context.Context) (release func(), err error) {
	select {
	case s.hashing <- struct{}{}:
		return func() { <-s.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
