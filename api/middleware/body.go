package middleware

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenantatlas/tenantatlas/api/problem"
)

// MaxBody is the largest body that is read, in bytes.
const MaxBody = 1 << 20

// ReadJSON reads a request's whole body and checks what no schema can say: its
// size, its media type, that it is one JSON value without duplicate names, and
// that no text in it holds U+0000. An absent body is nil. The errors are faults.
func ReadJSON(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.ContentLength > MaxBody {
		return nil, problem.TooLarge()
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	switch {
	case err != nil:
		return nil, problem.Malformed().Because(err)
	case len(body) > MaxBody:
		return nil, problem.TooLarge()
	case len(body) == 0:
		return nil, nil
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, problem.WrongMedia()
	}
	return body, CheckJSON(body)
}

// CheckJSON reports the first thing wrong with a JSON text, as a fault.
func CheckJSON(body []byte) error {
	if bytes.IndexByte(body, 0) >= 0 {
		return problem.Field("body", noNUL)
	}
	d := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		t, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return problem.Malformed().Because(errors.New("no JSON value"))
		case errors.Is(err, jsontext.ErrDuplicateName):
			return problem.Field("body", "expected each property once")
		case err != nil:
			return problem.Malformed().Because(errors.New("not one JSON value"))
		case t.Kind() == '"' && strings.ContainsRune(t.String(), 0):
			return problem.Field("body", noNUL)
		}
		if d.StackDepth() == 0 {
			return nothingAfter(d)
		}
	}
}

// nothingAfter refuses a second value behind the first.
func nothingAfter(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return problem.Malformed().Because(errors.New("more than one JSON value"))
	}
	return nil
}

const noNUL = "expected text without the character U+0000"

// CheckPath refuses a path that holds U+0000 or is not UTF-8.
func CheckPath(u *url.URL) error {
	if !clean(u.Path) {
		return problem.Field("path", noNUL)
	}
	return nil
}

// CheckQuery refuses a query that cannot be parsed, or that holds U+0000 or
// something other than UTF-8.
func CheckQuery(u *url.URL) error {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return problem.Field("query", "expected name=value pairs")
	}
	for name, list := range values {
		if !clean(name) || slices.ContainsFunc(list, func(v string) bool { return !clean(v) }) {
			return problem.Field("query", noNUL)
		}
	}
	return nil
}

func clean(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
