package problem

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// FieldError points at one field of the request; it never repeats the value.
type FieldError struct {
	Location string `json:"location" doc:"Where the trouble is: path, query, header or body, then the name." example:"body.display_name"`
	Message  string `json:"message" doc:"What is expected there." example:"expected length >= 1"`
}

// Problem is the answer to every refused request.
type Problem struct { //nolint:errname // the description's schema is named after the type
	Type      string       `json:"type" format:"uri-reference" doc:"Address of a page about this kind of problem." example:"/problems/invalid-input"`
	Title     string       `json:"title" doc:"Short name of the kind of problem; always the same for a code." example:"Invalid input"`
	Status    int          `json:"status" doc:"The HTTP status of this answer." example:"422"`
	Detail    string       `json:"detail" doc:"What happened this time, and the way out." example:"Correct the marked fields and send the request again."`
	Code      string       `json:"code" doc:"Stable code to switch on." example:"invalid_input"`
	RequestID string       `json:"request_id" doc:"Names this request in our logs; tell it to support." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
	Errors    []FieldError `json:"errors" doc:"The fields to correct; empty when the problem is not about fields."`

	members    map[string]any // the named members of the code
	cause      error          // for the log only
	retryAfter time.Duration
	challenge  bool
}

// MarshalJSON writes the fields and the named members side by side.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	base, err := json.Marshal((*plain)(p))
	if err != nil || len(p.members) == 0 {
		return base, err
	}
	extra, err := json.Marshal(p.members)
	if err != nil {
		return nil, fmt.Errorf("write the members of problem %s: %w", p.Code, err)
	}
	return append(append(base[:len(base)-1], ','), extra[1:]...), nil
}

// TransformSchema makes the code an enum and lists the named members, which are
// optional: each belongs to the codes its description names.
func (p *Problem) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	codes := Codes()
	enum := make([]any, len(codes))
	for i, c := range codes {
		enum[i] = c
	}
	s.Properties["code"].Enum = enum
	maps.Copy(s.Properties, memberSchemas(r))
	return s
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return ContentType }

// ContentType is the media type of every problem.
const ContentType = "application/problem+json"

// GetHeaders implements huma.HeadersError: what the status obliges us to say.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	if p.challenge {
		h.Set("WWW-Authenticate", `Bearer realm="tenantatlas"`)
	}
	return h
}

// Write answers w with the problem. HEAD gets the headers only.
func (p *Problem) Write(w http.ResponseWriter, r *http.Request) error {
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write problem %s: %w", p.Code, err)
	}
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", ContentType)
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := w.Write(append(body, '\n')); err != nil {
		return fmt.Errorf("send problem %s: %w", p.Code, err)
	}
	return nil
}
