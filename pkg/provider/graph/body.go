package graph

import (
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

// readBody reads a whole answer but never more than one byte past the smaller
// of the cap and what is left of the allowance.
func readBody(r io.Reader, limit int64, a *allowance) ([]byte, error) {
	limit = min(limit, max(a.left.Load(), 0))
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	a.left.Add(-int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, errTooLarge
	}
	return data, nil
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
