package problem

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// retryDelay is what Retry-After says when a part of the service is away.
const retryDelay = 5 * time.Second

// statusOf is the status of each kind. The catalogue decides for a published
// code; this decides between the statuses one code may have, and for the codes
// that nobody published.
var statusOf = map[fault.Kind]int{
	fault.Unauthenticated:      http.StatusUnauthorized,
	fault.NotFound:             http.StatusNotFound,
	fault.Forbidden:            http.StatusForbidden,
	fault.Malformed:            http.StatusBadRequest,
	fault.Invalid:              http.StatusUnprocessableEntity,
	fault.Conflict:             http.StatusConflict,
	fault.PreconditionFailed:   http.StatusPreconditionFailed,
	fault.PreconditionRequired: http.StatusPreconditionRequired,
	fault.Throttled:            http.StatusTooManyRequests,
	fault.Unavailable:          http.StatusServiceUnavailable,
	fault.Internal:             http.StatusInternalServerError,
}

// Of turns any error into a problem. A fault keeps its code and sentence;
// everything else becomes one opaque 500. The cause stays for Report.
func Of(ctx context.Context, err error) *Problem {
	if p, ok := err.(*Problem); ok { //nolint:errorlint // a finished answer is never wrapped
		return p
	}
	f := fault.As(err)
	if f == nil {
		f = unknown(ctx, err)
	}
	p := fromFault(f)
	p.RequestID, p.cause = audit.RequestOf(ctx), err
	return p
}

// Report logs the cause of a 5xx, once for each problem.
func (p *Problem) Report(ctx context.Context, log *slog.Logger) {
	if p.Status >= http.StatusInternalServerError && p.cause != nil {
		log.ErrorContext(ctx, "request failed", "code", p.Code, "request_id", p.RequestID, "cause", p.cause)
		p.cause = nil
	}
}

// unknown sorts the errors that no room has named: a request that ran out of
// time may be repeated, all others are ours.
func unknown(ctx context.Context, err error) *fault.Error {
	if ctx.Err() != nil {
		return fault.Away(err)
	}
	return internal(err)
}

func internal(cause error) *fault.Error {
	return fault.New(fault.Internal, fault.CodeInternal, byCode[fault.CodeInternal].Example).Because(cause)
}

func fromFault(f *fault.Error) *Problem {
	e, published := byCode[f.Code]
	if !published {
		e = byCode[fault.CodeInternal]
		f = internal(f)
	}
	p := &Problem{
		Type: e.Type(), Title: e.Title, Status: e.Status, Detail: f.Message, Code: e.Code,
		Errors: make([]FieldError, 0, len(f.Details)), members: f.Members,
	}
	if f.Kind == fault.Malformed {
		p.Status = statusOf[f.Kind]
	}
	for _, d := range f.Details {
		p.Errors = append(p.Errors, FieldError(d))
	}
	p.challenge = p.Status == http.StatusUnauthorized
	switch p.Status {
	case http.StatusServiceUnavailable:
		p.retryAfter = retryDelay
	case http.StatusTooManyRequests:
		p.retryAfter = time.Second
	}
	return p
}

// RetryAfter says when a throttled request may be repeated; whole seconds,
// rounded up, at least one.
func (p *Problem) RetryAfter(d time.Duration) *Problem {
	p.retryAfter = max(d, time.Second)
	return p
}

// Unauthenticated is the answer to a missing or worthless credential.
func Unauthenticated() *fault.Error {
	return fault.New(fault.Unauthenticated, fault.CodeUnauthenticated, byCode[fault.CodeUnauthenticated].Example)
}

// NotAllowed is the answer to a method that an address does not know.
func NotAllowed() *fault.Error {
	return fault.New(fault.Invalid, codeMethodNotAllowed, byCode[codeMethodNotAllowed].Example)
}

// WrongMedia is the answer to a body that is not sent as JSON.
func WrongMedia() *fault.Error {
	return fault.New(fault.Invalid, codeUnsupportedMedia, byCode[codeUnsupportedMedia].Example)
}

// TooLarge is the answer to a body over the limit.
func TooLarge() *fault.Error {
	return fault.New(fault.Invalid, codeBodyTooLarge, byCode[codeBodyTooLarge].Example)
}

// Throttled is the answer to a request over a rate limit.
func Throttled() *fault.Error {
	return fault.New(fault.Throttled, codeRateLimited, byCode[codeRateLimited].Example)
}

// SecretShown is the answer to a repeated request whose first answer showed a
// secret.
func SecretShown() *fault.Error {
	return fault.New(fault.Conflict, codeSecretShown, byCode[codeSecretShown].Example)
}

// Malformed is the answer to a body that is no JSON at all.
func Malformed() *fault.Error {
	return fault.New(fault.Malformed, fault.CodeInvalidInput, "The body is not valid JSON.")
}

// Field is the answer to one wrong field.
func Field(location, message string) *fault.Error {
	return fault.InvalidInput(byCode[fault.CodeInvalidInput].Example).At(location, message)
}
