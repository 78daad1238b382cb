package problem_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// published are the codes of the HTTP contract, written down a second time so
// that none can be dropped or renamed by accident.
var published = strings.Fields(`unauthenticated not_found forbidden invalid_input method_not_allowed
	unsupported_media_type body_too_large rate_limited precondition_required precondition_failed conflict
	idempotency_key_reused idempotency_in_progress secret_already_shown cursor_stale directory_already_registered
	same_tenant scope_busy operation_blocked preflight_stale confirmation_mismatch confirmation_required
	no_ready_subjects operation_completed composition_not_current publication_blocked readiness_changed
	step_not_current step_not_startable unavailable internal`)

var _ = Describe("The catalogue", func() {
	It("holds exactly the published codes", func() {
		Expect(problem.Codes()).To(ConsistOf(published))
	})

	It("explains every code in full", func() {
		titles := map[string]bool{}
		for _, e := range problem.Catalogue() {
			Expect([]string{e.Title, e.Meaning, e.Next, e.Example}).NotTo(ContainElement(""), e.Code)
			Expect(e.Meaning + e.Next + e.Example).NotTo(ContainSubstring("  "))
			Expect(titles).NotTo(HaveKey(e.Title))
			titles[e.Title] = true
			Expect(e.Status).To(BeNumerically(">=", 400), e.Code)
		}
	})
})

var _ = DescribeTable("A fault becomes one status and keeps its code",
	func(f *fault.Error, status int, code string) {
		p := problem.Of(context.Background(), fmt.Errorf("load x: %w", f))
		Expect(p.Status).To(Equal(status))
		Expect(p.Code).To(Equal(code))
		Expect(p.Type).To(Equal("/problems/" + strings.ReplaceAll(code, "_", "-")))
	},
	Entry("nobody signed in", problem.Unauthenticated(), 401, "unauthenticated"),
	Entry("absent or hidden", fault.Missing(), 404, "not_found"),
	Entry("lacking a capability", fault.Denied("tenant.sync"), 403, "forbidden"),
	Entry("no JSON", problem.Malformed(), 400, "invalid_input"),
	Entry("wrong field", problem.Field("body.x", "expected y"), 422, "invalid_input"),
	Entry("another state", fault.New(fault.Conflict, "conflict", "No."), 409, "conflict"),
	Entry("another revision", fault.Stale(), 412, "precondition_failed"),
	Entry("no revision", fault.New(fault.PreconditionRequired, "precondition_required", "No."), 428, "precondition_required"),
	Entry("too often", problem.Throttled(), 429, "rate_limited"),
	Entry("wrong media type", problem.WrongMedia(), 415, "unsupported_media_type"),
	Entry("too large", problem.TooLarge(), 413, "body_too_large"),
	Entry("wrong method", problem.NotAllowed(), 405, "method_not_allowed"),
	Entry("a part is away", fault.Away(errors.New("refused")), 503, "unavailable"),
	Entry("a code nobody published", fault.New(fault.Conflict, "made_up", "Secret sentence."), 500, "internal"),
)

var _ = Describe("A problem", func() {
	It("never carries the cause, and 503 and 429 say when to come back", func() {
		away := problem.Of(context.Background(), fault.Away(errors.New("password=hunter2")))
		text, err := json.Marshal(away)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).NotTo(ContainSubstring("hunter2"))
		Expect(away.GetHeaders().Get("Retry-After")).To(Equal("5"))
		slow := problem.Of(context.Background(), problem.Throttled()).RetryAfter(1500 * time.Millisecond)
		Expect(slow.GetHeaders().Get("Retry-After")).To(Equal("2"))
	})

	It("turns an unknown error into one opaque answer", func() {
		p := problem.Of(audit.WithRequest(context.Background(), "r-1"), errors.New("pq: password=hunter2"))
		text, err := json.Marshal(p)
		Expect(err).NotTo(HaveOccurred())
		Expect(p.Status).To(Equal(500))
		Expect(p.RequestID).To(Equal("r-1"))
		Expect(string(text)).NotTo(ContainSubstring("hunter2"))
	})

	It("blames no one when the request ran out of time", func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		Expect(problem.Of(ctx, ctx.Err()).Code).To(Equal("unavailable"))
	})

	It("writes named members beside the fields, null ones too", func() {
		f := fault.New(fault.Conflict, "scope_busy", "Busy.").With("operation", nil)
		text, err := json.Marshal(problem.Of(context.Background(), f))
		Expect(err).NotTo(HaveOccurred())
		Expect(text).To(MatchJSON(`{"type":"/problems/scope-busy","title":"Target is busy","status":409,"detail":"Busy.",
			"code":"scope_busy","request_id":"","errors":[],"operation":null}`))
	})
})

var _ = Describe("The framework's refusals", func() {
	refuse := func(status int, details ...error) *problem.Problem {
		p, ok := problem.FromFramework(nil, status, "validation failed: canary", details...).(*problem.Problem)
		Expect(ok).To(BeTrue())
		return p
	}

	DescribeTable("lose every value",
		func(location, message, wantLocation, wantMessage string) {
			p := refuse(422, &huma.ErrorDetail{Location: location, Message: message, Value: "canary"})
			Expect(p.Errors).To(HaveExactElements(problem.FieldError{Location: wantLocation, Message: wantMessage}))
		},
		Entry("a length", "body.name", "expected length >= 1", "body.name", "expected length >= 1"),
		Entry("a parser's words", "query.id", "expected string to be RFC 4122 uuid: invalid canary", "query.id", "expected string to be RFC 4122 uuid"),
		Entry("an unknown property", "body.extra", "unexpected property", "body.extra", "unexpected property"),
		Entry("a property with a strange name", "body.a canary<b>", "unexpected property", "body", "unexpected property"),
		Entry("an item", "body.ids[3]", "expected string", "body.ids[3]", "expected string"),
		Entry("a decoder's words", "body", "json: cannot unmarshal canary", "body", "expected another kind of value"),
	)

	It("keep their class and nothing else", func() {
		Expect(refuse(400, errors.New("canary")).Code).To(Equal("invalid_input"))
		Expect(refuse(413).Code).To(Equal("body_too_large"))
		Expect(refuse(415).Code).To(Equal("unsupported_media_type"))
		odd := refuse(406, errors.New("canary"))
		Expect(odd.Code).To(Equal("internal"))
		Expect(odd.Detail).NotTo(ContainSubstring("canary"))
	})
})

var _ = Describe("The page of a problem type", func() {
	serve := func(slug, accept string) (*httptest.ResponseRecorder, error) {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/problems/"+slug, nil)
		r.Header.Set("Accept", accept)
		return w, problem.ServePage(w, r, slug)
	}

	It("explains every code to people and programs", func() {
		for _, e := range problem.Catalogue() {
			page, err := serve(e.Slug(), "text/html")
			Expect(err).NotTo(HaveOccurred())
			Expect(page.Body.String()).To(ContainSubstring(e.Title))
			data, err := serve(e.Slug(), "*/*")
			Expect(err).NotTo(HaveOccurred())
			Expect(data.Body.String()).To(ContainSubstring(`"next_step"`))
		}
	})

	It("knows only published codes in their one spelling", func() {
		for _, slug := range []string{"made-up", "not_found", "Not-Found", ""} {
			_, err := serve(slug, "*/*")
			Expect(fault.HasCode(err, "not_found")).To(BeTrue(), slug)
		}
	})
})
