package graph

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

const (
	readRetries  = 5
	longestPause = 32 * time.Second // between reads
	longestHold  = 64 * time.Second // when throttled without being told how long
)

// read sends a request that changes nothing until it is answered, refused, or
// not worth another try. Throttling does not count as a try.
func (s *session) read(ctx context.Context, r request) (answer, error) {
	var throttled time.Duration
	for tries, holds := 0, 0; ; {
		if err := s.pace(ctx, r); err != nil {
			return answer{}, err
		}
		a, err := s.once(ctx, r)
		if err == nil {
			return a, nil
		}
		e, ok := errors.AsType[*provider.Error](err)
		switch {
		case !ok:
			return a, err
		case e.Class == provider.Throttled:
			wait := holdFor(e, r.family, holds)
			if throttled += wait; throttled > s.cfg.Timeouts.Throttle {
				return a, err
			}
			holds++
			s.throttled(ctx, r.family, wait)
		case worthRepeating(e) && tries < readRetries:
			if err := s.cfg.Clock.Wait(ctx, pause(tries)); err != nil {
				return a, err
			}
			tries++
		default:
			return a, err
		}
	}
}

// throttled holds the whole family back for the directory.
func (s *session) throttled(ctx context.Context, f family, wait time.Duration) {
	s.bucket(f).block(s.cfg.Clock.Now().Add(wait))
	s.cfg.Logger.InfoContext(ctx, "graph throttled", slog.String("directory_id", string(s.target.Directory)),
		slog.String("family", string(f)), slog.Duration("wait", wait))
}

// worthRepeating says whether the same read may succeed in a moment.
func worthRepeating(e *provider.Error) bool {
	if errors.As(e.Cause, new(*tls.CertificateVerificationError)) {
		return false
	}
	return e.Class == provider.Unavailable || e.Code == codeBroken
}

// pause is full jitter below a doubling bound of 1 to 32 seconds.
func pause(tries int) time.Duration { return jitter(min(time.Second<<tries, longestPause)) }

// holdFor is what a throttled answer asks for. Conditional Access never says;
// its fixed doubling starts at two seconds.
func holdFor(e *provider.Error, f family, holds int) time.Duration {
	if e.RetryAfter > 0 {
		return min(e.RetryAfter, maxRetryAfter)
	}
	bound := min(2*time.Second<<min(holds, 5), longestHold)
	if f == access {
		return bound
	}
	return jitter(bound)
}

func jitter(bound time.Duration) time.Duration {
	return rand.N(bound) + time.Millisecond //nolint:gosec // it spreads retries, it guards nothing
}

// lostError sorts a request that got no usable answer. A mutating one that had
// a connection may have taken effect.
func lostError(l *lost, mutating bool) *provider.Error {
	e := &provider.Error{Class: provider.Unavailable, Message: "Microsoft Graph did not answer.", Ambiguous: mutating && l.sent, Cause: l.cause}
	switch {
	case errors.As(l.cause, new(refusal)):
		e.Class, e.Message, e.Ambiguous = provider.Unreadable, "A request outside of what is allowed was not sent.", false
	case errors.Is(l.cause, errTooLarge):
		e.Class, e.Code, e.Message = provider.Unreadable, codeTooLarge, "The answer of Microsoft Graph is too large."
	}
	return e
}

// codeTooLarge marks answers over the size limit.
const codeTooLarge = "answer_too_large"
