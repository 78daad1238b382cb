package graph

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

const (
	maxRetryAfter = 600 * time.Second
	maxMessage    = 300 // characters of a message that is shown
)

// verdict is what a status means for a read or a write.
type verdict struct {
	class provider.Class
	// transient answers are tried again when reading; a mutating request that
	// got one may have taken effect.
	transient bool
	message   string // shown when the service says nothing usable
}

var verdicts = map[int]verdict{
	http.StatusBadRequest:            {provider.Invalid, false, "Microsoft Graph refused the request."},
	http.StatusUnauthorized:          {provider.NoToken, false, "Microsoft Graph did not accept the token."},
	http.StatusForbidden:             {provider.Denied, false, "The application may not do this in the directory, or a licence is missing."},
	http.StatusNotFound:              {provider.Gone, false, "Microsoft Graph knows no such object."},
	http.StatusMethodNotAllowed:      {provider.Invalid, false, "Microsoft Graph does not offer this operation."},
	http.StatusNotAcceptable:         {provider.Invalid, false, "Microsoft Graph refused the form of the request."},
	http.StatusRequestTimeout:        {provider.Unavailable, true, "Microsoft Graph did not wait for the request."},
	http.StatusConflict:              {provider.Conflict, false, "The request conflicts with the present state."},
	http.StatusGone:                  {provider.Gone, false, "Microsoft Graph no longer offers this."},
	http.StatusPreconditionFailed:    {provider.Conflict, false, "The object has changed meanwhile."},
	http.StatusRequestEntityTooLarge: {provider.Invalid, false, "The content is too large for Microsoft Graph."},
	http.StatusUnsupportedMediaType:  {provider.Invalid, false, "Microsoft Graph refused the form of the request."},
	http.StatusUnprocessableEntity:   {provider.Invalid, false, "Microsoft Graph refused the content."},
	http.StatusLocked:                {provider.Conflict, false, "The object is locked at the moment."},
	http.StatusFailedDependency:      {provider.Unavailable, true, "A request this one depends on failed."},
	http.StatusTooManyRequests:       {provider.Throttled, false, "Microsoft Graph asks to slow down."},
	http.StatusNotImplemented:        {provider.Invalid, false, "Microsoft Graph does not offer this operation."},
	http.StatusHTTPVersionNotSupported: {
		provider.Invalid, false,
		"Microsoft Graph refused the form of the request.",
	},
	http.StatusInsufficientStorage: {provider.Denied, false, "A quota of the directory is used up."},
}

func verdictOf(status int) verdict {
	if v, ok := verdicts[status]; ok {
		return v
	}
	switch {
	case status >= 500:
		return verdict{provider.Unavailable, true, "Microsoft Graph is not available at the moment."}
	case status >= 400:
		return verdict{provider.Invalid, false, "Microsoft Graph refused the request."}
	}
	return verdict{provider.Unreadable, false, "Microsoft Graph gave an answer that cannot be used."}
}

// failure turns an answer without success into the port's error. mutating says
// that the request could have changed something.
func failure(status int, header http.Header, body []byte, mutating bool, now time.Time) *provider.Error {
	v := verdictOf(status)
	e := &provider.Error{
		Class: v.class, Status: status, Message: v.message,
		RetryAfter: retryAfter(header.Get("Retry-After"), now),
		Ambiguous:  mutating && v.transient,
		RequestID:  header.Get("request-id"),
	}
	env := parseEnvelope(body)
	if env.code != "" {
		e.Code = env.code
	}
	if env.message != "" {
		e.Message = env.message
	}
	if e.RequestID == "" {
		e.RequestID = env.requestID
	}
	if needsApproval(header, env.raw) {
		e.Class, e.Approval, e.Ambiguous = provider.Denied, true, false
		e.Message = "A Multi Admin Approval policy of the directory protects this type."
	}
	return e
}

// needsApproval recognises a write that another administrator has to approve.
func needsApproval(header http.Header, message string) bool {
	if header.Get("x-msft-approval-code") != "" {
		return true
	}
	m := strings.ToLower(message)
	return strings.Contains(m, "x-msft-approval-justification") || strings.Contains(m, "active approval request")
}

type envelope struct {
	code, message, requestID string
	raw                      string // everything said, for recognising, never shown
}

// parseEnvelope reads Graph's error body in its several spellings. What is not
// JSON gives the zero value.
func parseEnvelope(body []byte) envelope {
	var e struct {
		Error struct {
			Code       string `json:"code"`
			Message    string `json:"message"`
			InnerError struct {
				Message   string `json:"message"`
				RequestID string `json:"request-id"`
			} `json:"innerError"` // matches innererror, too
		} `json:"error"`
	}
	if json.Unmarshal(body, &e) != nil {
		return envelope{}
	}
	out := envelope{code: safeCode(e.Error.Code), requestID: e.Error.InnerError.RequestID, raw: e.Error.Message + " " + e.Error.InnerError.Message}
	message, phrase := intuneMessage(e.Error.Message)
	if inner := e.Error.InnerError.Message; inner != "" {
		message = inner // Conditional Access says the useful thing only here
	}
	if p := safeCode(phrase); p != "" {
		out.code = p
	}
	out.message = human(message)
	return out
}

// intuneMessage unpacks Intune's habit of putting a JSON text into the message.
func intuneMessage(message string) (plain, phrase string) {
	if !strings.HasPrefix(strings.TrimSpace(message), "{") {
		return message, ""
	}
	var m struct {
		Message string `json:"Message"`
		Phrase  string `json:"CustomApiErrorPhrase"`
	}
	if json.Unmarshal([]byte(message), &m) != nil {
		return "", ""
	}
	return m.Message, m.Phrase
}

var (
	tail    = regexp.MustCompile(`(?s)\s*-?\s*(Operation ID|Activity ID|Url:|CustomApiErrorPhrase).*$`)
	address = regexp.MustCompile(`(?i)\b(https?|wss?)://\S+`)
	guid    = regexp.MustCompile(`(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}`)
	control = regexp.MustCompile(`[\x00-\x1f\x7f]+`)
	codeish = regexp.MustCompile(`^[A-Za-z0-9_.\-]{1,80}$`)
)

// human keeps the part of a message that a person can use and that names no
// object of the directory.
func human(message string) string {
	m := tail.ReplaceAllString(message, "")
	m = address.ReplaceAllString(m, "[address]")
	m = guid.ReplaceAllString(m, "[id]")
	m = strings.TrimSpace(control.ReplaceAllString(m, " "))
	if r := []rune(m); len(r) > maxMessage {
		m = string(r[:maxMessage]) + "…"
	}
	return m
}

func safeCode(code string) string {
	if !codeish.MatchString(code) || guid.MatchString(code) {
		return ""
	}
	return code
}

// retryAfter reads seconds, decimal seconds or a date; 0 when there is nothing
// usable. It never exceeds ten minutes.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(value, 64); err == nil {
		if !(s > 0) { // NaN, too
			return 0
		}
		if s >= maxRetryAfter.Seconds() {
			return maxRetryAfter
		}
		return time.Duration(s * float64(time.Second))
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
