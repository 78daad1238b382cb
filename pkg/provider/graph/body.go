package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// allowance is what one reader may still receive in total.
type allowance struct{ left atomic.Int64 }

func newAllowance(bytes int64) *allowance {
	a := &allowance{}
	a.left.Store(bytes)
	return a
}

var errTooLarge = errors.New("answer too large")

// An answer is read in pieces that grow with it between these sizes.
const (
	smallestPiece = 32 << 10
	largestPiece  = 1 << 20
)

// readBody reads a whole answer but never more than one piece past the smaller
// of the cap and what is left of the allowance. It reads in pieces and joins
// them once, since a growing buffer would leave several times the cap behind.
func readBody(r io.Reader, limit int64, a *allowance) ([]byte, error) {
	limit = min(limit, max(a.left.Load(), 0))
	var pieces [][]byte
	total := int64(0)
	for {
		piece, err := readPiece(r, min(max(total, smallestPiece), largestPiece, limit+1-total))
		total += int64(len(piece))
		a.left.Add(-int64(len(piece)))
		pieces = append(pieces, piece)
		switch {
		case total > limit:
			return nil, errTooLarge
		case errors.Is(err, io.EOF):
			return bytes.Join(pieces, nil), nil
		case err != nil:
			return nil, fmt.Errorf("read answer: %w", err)
		}
	}
}

// readPiece reads size bytes, or fewer with the reader's error. Unlike
// io.ReadFull it keeps the end of an answer apart from an answer cut off.
func readPiece(r io.Reader, size int64) ([]byte, error) {
	piece := make([]byte, size)
	n := 0
	for n < len(piece) {
		m, err := r.Read(piece[n:])
		n += m
		if err != nil {
			return piece[:n], err //nolint:wrapcheck // told apart and wrapped by readBody
		}
	}
	return piece, nil
}

// checkDepth refuses answers nested deeper than limit before anything decodes
// them. It counts brackets outside of strings and validates nothing else.
func checkDepth(data []byte, limit int) error {
	depth, inText := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return unreadable("The answer is nested too deeply.", nil)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

func unreadable(message string, cause error) *provider.Error {
	return &provider.Error{Class: provider.Unreadable, Message: message, Cause: cause}
}

// smallBodies cuts answers of the login service at a mebibyte.
type smallBodies struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (s smallBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.next.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("login service: %w", err)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, 1<<20), resp.Body}
	return resp, nil
}
