package graph

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

var _ = Describe("errors of the service", func() {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

	DescribeTable("are sorted once", func(status int, class provider.Class, ambiguous bool) {
		e := failure(status, http.Header{}, nil, true, now)
		Expect(e.Class).To(Equal(class))
		Expect(e.Ambiguous).To(Equal(ambiguous))
		Expect(e.Message).NotTo(BeEmpty())
		Expect(failure(status, http.Header{}, nil, false, now).Ambiguous).To(BeFalse())
	},
		Entry("", 302, provider.Unreadable, false), Entry("", 400, provider.Invalid, false), Entry("", 401, provider.NoToken, false),
		Entry("", 403, provider.Denied, false), Entry("", 404, provider.Gone, false), Entry("", 405, provider.Invalid, false),
		Entry("", 408, provider.Unavailable, true), Entry("", 409, provider.Conflict, false), Entry("", 410, provider.Gone, false),
		Entry("", 412, provider.Conflict, false), Entry("", 413, provider.Invalid, false), Entry("", 422, provider.Invalid, false),
		Entry("", 423, provider.Conflict, false), Entry("", 418, provider.Invalid, false), Entry("", 429, provider.Throttled, false),
		Entry("", 500, provider.Unavailable, true), Entry("", 501, provider.Invalid, false), Entry("", 502, provider.Unavailable, true),
		Entry("", 503, provider.Unavailable, true), Entry("", 504, provider.Unavailable, true), Entry("", 507, provider.Denied, false),
		Entry("", 599, provider.Unavailable, true),
	)

	It("say the human part of Intune's text in a text", func() {
		text, err := json.Marshal(object{
			"_version": 3, "CustomApiErrorPhrase": "ScopeTagMissing",
			"Message": "Scope Tags validation failed : Filters 0b1d2a9e-1111-4222-8333-abcdefabcdef - Operation ID (for customer support): 11111111-2222-3333-4444-555555555555 - Activity ID: 6 - Url: https://x.example/y",
		})
		Expect(err).NotTo(HaveOccurred())
		e := failure(400, http.Header{"Request-Id": {"r1"}}, raw(graphError("BadRequest", string(text))), true, now)
		Expect(e.Message).To(Equal("Scope Tags validation failed : Filters [id]"))
		Expect(e.Code).To(Equal("ScopeTagMissing"))
		Expect(e.RequestID).To(Equal("r1"))
	})

	DescribeTable("find Conditional Access's useful text in either spelling", func(key string) {
		e := failure(400, http.Header{}, raw(object{"error": object{"code": "BadRequest", "message": "generic", key: object{"message": "1040: location unknown", "request-id": "r2"}}}), true, now)
		Expect(e.Message).To(Equal("1040: location unknown"))
		Expect(e.RequestID).To(Equal("r2"))
	}, Entry("innerError", "innerError"), Entry("innererror", "innererror"))

	DescribeTable("recognise Multi Admin Approval", func(status int, header http.Header, message string) {
		e := failure(status, header, raw(graphError("Forbidden", message)), true, now)
		Expect(e.Approval).To(BeTrue())
		Expect(e.Class).To(Equal(provider.Denied))
		Expect(e.Ambiguous).To(BeFalse())
	},
		Entry("by the missing header", 403, http.Header{}, "The header x-msft-approval-justification is required"),
		Entry("by the code", 400, http.Header{"X-Msft-Approval-Code": {"abc"}}, ""),
		Entry("by an open request", 409, http.Header{}, "An active Approval Request already exists"),
	)

	DescribeTable("read Retry-After", func(value string, want time.Duration) {
		Expect(retryAfter(value, now)).To(Equal(want))
	},
		Entry("seconds", "7", 7*time.Second), Entry("decimal", "2.128", 2128*time.Millisecond), Entry("long", "9999", maxRetryAfter),
		Entry("infinite", "Inf", maxRetryAfter), Entry("no number", "NaN", time.Duration(0)), Entry("negative", "-3", time.Duration(0)),
		Entry("absent", "", time.Duration(0)), Entry("words", "soon", time.Duration(0)),
		Entry("a date", "Fri, 02 Jan 2026 03:04:35 GMT", 30*time.Second), Entry("a past date", "Fri, 02 Jan 2026 03:00:00 GMT", time.Duration(0)),
	)

	It("never show addresses or ids, whatever they say", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			before := rapid.String().Draw(t, "before")
			hidden := rapid.SampledFrom([]string{"https://fef.example.com/a?b=c", "0b1d2a9e-1111-4222-8333-abcdefabcdef", "HTTP://X.example"}).Draw(t, "hidden")
			after := rapid.String().Draw(t, "after")
			got := human(before + " " + hidden + " " + after)
			if strings.Contains(got, hidden) || len([]rune(got)) > maxMessage+1 {
				t.Fatalf("shown: %q", got)
			}
		})
	})

	It("survive any body", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
			e := failure(rapid.IntRange(300, 599).Draw(t, "status"), http.Header{}, body, true, now)
			if e.Message == "" || e.Class == "" {
				t.Fatalf("no sentence for %q", body)
			}
		})
	})
})

var _ = Describe("depth", func() {
	It("is counted as a decoder would", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			n := rapid.IntRange(1, 80).Draw(t, "n")
			v := any(rapid.String().Draw(t, "text"))
			for range n {
				v = []any{v}
			}
			data, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if got := checkDepth(data, 64) != nil; got != (n > 64) {
				t.Fatalf("depth %d refused: %v", n, got)
			}
		})
	})
})

var _ = Describe("budgets", func() {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

	It("never let more through than rate and burst, even in batches", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			b := newBudgets(Limits{IntuneReads: 40}).of(bucketKey{family: intuneReads})
			now, sent := start, 0
			for range rapid.IntRange(1, 60).Draw(t, "calls") {
				n := rapid.IntRange(1, batchSize).Draw(t, "n")
				now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "gap")) * time.Millisecond)
				now = now.Add(b.take(now, n))
				sent += n
				if allowed := now.Sub(start).Seconds()*40 + 100; float64(sent) > allowed+0.001 {
					t.Fatalf("%d requests after %s", sent, now.Sub(start))
				}
			}
		})
	})

	It("hold everything back while blocked and halve when near the limit", func() {
		b := newBudgets(Limits{Access: 0.8}).of(bucketKey{family: access})
		Expect(b.take(start, 1)).To(BeZero())
		Expect(b.take(start, 1)).To(Equal(1250 * time.Millisecond))
		b.giveBack(1)
		b.ease(start.Add(time.Minute))
		Expect(b.take(start, 1)).To(Equal(2500 * time.Millisecond))
		b.block(start.Add(5 * time.Second))
		b.block(start.Add(2 * time.Second))
		Expect(b.held(start)).To(Equal(5 * time.Second))
	})

	It("are kept per client, directory and family", func() {
		all := newBudgets(Limits{})
		Expect(all.of(bucketKey{"c", "d", access})).To(BeIdenticalTo(all.of(bucketKey{"c", "d", access})))
		Expect(all.of(bucketKey{"c", "d", access})).NotTo(BeIdenticalTo(all.of(bucketKey{"c", "e", access})))
	})
})
