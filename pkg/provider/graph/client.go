package graph

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

const (
	version   = "/beta"
	batchPath = version + "/$batch"
	// noteAfter is the pacing delay from which on a wait is worth showing.
	noteAfter = 3 * time.Second
)

// session talks to one directory. Its http client is fenced to the Graph host
// and, for readers, guarded against writes.
type session struct {
	cfg       Config
	target    provider.Target
	base      *url.URL
	http      *http.Client
	source    *tokenSource
	budgets   *budgets
	allowance *allowance
}

// request is one call. path starts with a slash, without version, and may carry
// a query.
type request struct {
	method string
	path   string
	link   *url.URL // a checked next link in place of path
	family family
	body   []byte
	id     string // client-request-id
	full   bool   // ask for @odata.type on everything
	weight int    // how often it counts in the budget; 0 is 1
}

type answer struct {
	status int
	header http.Header
	body   []byte
	at     time.Time // when the request was sent
}

func (r request) cost() int { return max(r.weight, 1) }

func (s *session) bucket(f family) *bucket {
	return s.budgets.of(bucketKey{s.target.ClientID, s.target.Directory, f})
}

// pace waits until the budget of the family allows the request.
func (s *session) pace(ctx context.Context, r request) error {
	b := s.bucket(r.family)
	wait := b.take(s.cfg.Clock.Now(), r.cost())
	for wait > 0 {
		if err := s.hold(ctx, wait); err != nil {
			return err
		}
		wait = b.held(s.cfg.Clock.Now())
	}
	return nil
}

// hold waits and lets the run show that it does.
func (s *session) hold(ctx context.Context, wait time.Duration) error {
	if wait >= noteAfter {
		provider.NoteThrottle(ctx, s.cfg.Clock.Now().Add(wait))
		defer provider.NoteThrottle(ctx, time.Time{})
	}
	if err := s.cfg.Clock.Wait(ctx, wait); err != nil {
		return fmt.Errorf("wait for rate limits: %w", err)
	}
	return nil
}

// authorised sends once, and once more with a new token when the token was
// refused: a request refused that way was not processed.
func (s *session) authorised(ctx context.Context, r request, timeout time.Duration) (answer, error) {
	p, err := s.source.get(ctx, "")
	if err != nil {
		return answer{}, err
	}
	a, err := s.exchange(ctx, r, p, timeout)
	if err != nil || a.status != http.StatusUnauthorized {
		return a, err
	}
	if p, err = s.source.get(ctx, p.token); err != nil {
		return answer{}, err
	}
	return s.exchange(ctx, r, p, timeout)
}

// lost is a request without a usable answer.
type lost struct {
	sent  bool // a connection was there: the request may have been processed
	cause error
}

// Error implements error.
func (l *lost) Error() string { return "graph: no answer: " + l.cause.Error() }

// Unwrap returns the cause.
func (l *lost) Unwrap() error { return l.cause }

// exchange is one request and its whole answer, whatever the status.
func (s *session) exchange(ctx context.Context, r request, p pass, timeout time.Duration) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sent := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { sent = false }, // the transport starts over only when nothing was written
		GotConn: func(httptrace.GotConnInfo) { sent = true },
	})
	req, err := s.build(ctx, r, p)
	if err != nil {
		return answer{}, err
	}
	a := answer{at: s.cfg.Clock.Now()}
	resp, err := s.http.Do(req)
	if err != nil {
		return a, &lost{sent: sent, cause: err}
	}
	defer func() {
		if err := resp.Body.Close(); err != nil {
			s.cfg.Logger.DebugContext(ctx, "graph answer not closed", slog.Any("error", err))
		}
	}()
	a.status, a.header = resp.StatusCode, resp.Header
	a.body, err = readBody(resp.Body, s.cfg.MaxResponseBytes, s.allowance)
	s.log(ctx, r, a)
	s.observe(r, resp.Header)
	if err != nil {
		return a, &lost{sent: true, cause: err}
	}
	return a, nil
}

func (s *session) build(ctx context.Context, r request, p pass) (*http.Request, error) {
	target := r.link
	if target == nil {
		u, err := s.base.Parse(version + r.path)
		if err != nil {
			return nil, unreadable("A request could not be formed.", err)
		}
		target = u
	}
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("form request: %w", err)
	}
	req.GetBody = nil // nothing below may send a body a second time
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Accept", accept(r.full))
	req.Header.Set("client-request-id", r.clientRequestID())
	req.Header.Set("User-Agent", "tenantatlas")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.family == directoryReads {
		req.Header.Set("x-ms-throttle-priority", "low")
	}
	return req, nil
}

func accept(full bool) string {
	if full {
		return "application/json;odata.metadata=full"
	}
	return "application/json"
}

func (r request) clientRequestID() string {
	if r.id != "" {
		return r.id
	}
	return newGUID()
}

func newGUID() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // documented never to happen
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (s *session) log(ctx context.Context, r request, a answer) {
	s.cfg.Logger.DebugContext(ctx, "graph request",
		slog.String("directory_id", string(s.target.Directory)), slog.String("method", r.method), slog.String("family", string(r.family)),
		slog.Int("status", a.status), slog.Int("bytes", len(a.body)), slog.Duration("took", s.cfg.Clock.Now().Sub(a.at)),
		slog.String("request_id", a.header.Get("request-id")), slog.String("client_request_id", a.header.Get("client-request-id")))
}

// observe slows down before the service has to say so.
func (s *session) observe(r request, header http.Header) {
	used, err := strconv.ParseFloat(header.Get("x-ms-throttle-limit-percentage"), 64)
	if err == nil && used >= 0.8 {
		s.bucket(r.family).ease(s.cfg.Clock.Now().Add(time.Minute))
	}
}

// once sends a read and sorts its answer.
func (s *session) once(ctx context.Context, r request) (answer, error) {
	a, err := s.authorised(ctx, r, s.cfg.Timeouts.Read)
	if err != nil {
		return a, s.lostRead(ctx, err)
	}
	if a.status < 200 || a.status > 299 {
		return a, failure(a.status, a.header, a.body, false, s.cfg.Clock.Now())
	}
	if a.status == http.StatusNoContent {
		return a, nil
	}
	if err := checkDepth(a.body, s.cfg.MaxDepth); err != nil {
		return a, err
	}
	if !json.Valid(a.body) {
		return a, &provider.Error{Class: provider.Unreadable, Status: a.status, Code: codeBroken, Message: "Microsoft Graph gave an answer that is not JSON."}
	}
	return a, nil
}

// codeBroken marks answers that were cut or replaced on the way; reading again
// usually helps.
const codeBroken = "answer_broken"

func (s *session) lostRead(ctx context.Context, err error) error {
	l, ok := errors.AsType[*lost](err)
	if !ok {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("read from graph: %w", ctx.Err())
	}
	return lostError(l, false)
}
