package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

const batchSize = 20 // Graph's limit

// result is the answer to one read of a batch.
type result struct {
	body []byte
	at   time.Time
	err  error
}

// readAll reads many paths, twenty in one request, and returns the answers in
// the order of paths. The error is set only when nothing more can be read, e.g.
// because the context ended.
func (s *session) readAll(ctx context.Context, paths []string, f family, full bool) ([]result, error) {
	out := make([]result, len(paths))
	for start := 0; start < len(paths); start += batchSize {
		end := min(start+batchSize, len(paths))
		if err := s.readSome(ctx, paths[start:end], out[start:end], f, full); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readSome fills out. One path alone, and paths whose common answer would be
// too large, are read directly.
func (s *session) readSome(ctx context.Context, paths []string, out []result, f family, full bool) error {
	if len(paths) > 1 {
		err := s.readBatch(ctx, paths, out, f, full)
		if e, ok := errors.AsType[*provider.Error](err); !ok || e.Code != codeTooLarge {
			return err
		}
	}
	for i, path := range paths {
		a, err := s.get(ctx, path, f, full)
		if ctx.Err() != nil {
			return fmt.Errorf("read from graph: %w", ctx.Err())
		}
		out[i] = result{a.body, a.at, err}
	}
	return nil
}

type batchItem struct {
	ID      string            `json:"id"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

type batchAnswer struct {
	ID      string          `json:"id"`
	Status  int             `json:"status"`
	Headers map[string]any  `json:"headers"`
	Body    json.RawMessage `json:"body"`
}

// readBatch sends the batch, then again what was throttled or unavailable.
func (s *session) readBatch(ctx context.Context, paths []string, out []result, f family, full bool) error {
	open := make([]int, len(paths))
	for i := range open {
		open[i] = i
	}
	var throttled time.Duration
	for tries, holds := 0, 0; len(open) > 0; {
		worst, err := s.batchRound(ctx, paths, open, out, f, full)
		if err != nil {
			return err
		}
		again := repeatable(open, out)
		if len(again) == 0 || (worst == nil && tries == readRetries) {
			return nil
		}
		wait := pause(min(tries, readRetries))
		if worst != nil {
			wait = holdFor(worst, f, holds)
			if throttled += wait; throttled > s.cfg.Timeouts.Throttle {
				return nil
			}
			holds++
			s.throttled(ctx, f, wait)
		} else {
			tries++
			if err := s.cfg.Clock.Wait(ctx, wait); err != nil {
				return fmt.Errorf("wait to read again: %w", err)
			}
		}
		open = again
	}
	return nil
}

// repeatable are the open items whose error may pass.
func repeatable(open []int, out []result) []int {
	var again []int
	for _, i := range open {
		e, ok := errors.AsType[*provider.Error](out[i].err)
		if ok && (e.Class == provider.Throttled || worthRepeating(e)) {
			again = append(again, i)
		}
	}
	return again
}

// batchRound sends one batch and stores its answers. worst is the throttled
// answer that asks for the longest wait, if any.
func (s *session) batchRound(ctx context.Context, paths []string, open []int, out []result, f family, full bool) (worst *provider.Error, err error) {
	body, err := batchBody(paths, open, full)
	if err != nil {
		return nil, err
	}
	a, err := s.read(ctx, request{method: http.MethodPost, path: "/$batch", family: f, body: body, weight: len(open)})
	if err != nil {
		return nil, err
	}
	var answers struct {
		Responses []batchAnswer `json:"responses"`
	}
	if err := json.Unmarshal(a.body, &answers); err != nil {
		return nil, unreadable("Microsoft Graph gave a batch answer that cannot be read.", err)
	}
	for _, i := range open {
		out[i] = result{at: a.at, err: unreadable("Microsoft Graph left out an answer of a batch.", nil)}
	}
	for _, r := range answers.Responses {
		i, err := strconv.Atoi(r.ID)
		if err != nil || i < 0 || i >= len(out) {
			continue // an id we never sent answers nothing
		}
		out[i] = r.result(a.at, s.cfg.Clock.Now())
		if e, ok := errors.AsType[*provider.Error](out[i].err); ok && e.Class == provider.Throttled && (worst == nil || e.RetryAfter > worst.RetryAfter) {
			worst = e
		}
	}
	return worst, nil
}

func (r batchAnswer) result(at, now time.Time) result {
	if r.Status >= 200 && r.Status <= 299 {
		return result{body: r.Body, at: at}
	}
	header := http.Header{}
	for k, v := range r.Headers {
		header.Set(k, fmt.Sprint(v))
	}
	return result{at: at, err: failure(r.Status, header, r.Body, false, now)}
}

func batchBody(paths []string, open []int, full bool) ([]byte, error) {
	list := make([]batchItem, len(open))
	for n, i := range open {
		list[n] = batchItem{strconv.Itoa(i), http.MethodGet, paths[i], map[string]string{"Accept": accept(full)}}
	}
	return encode(map[string][]batchItem{"requests": list})
}
