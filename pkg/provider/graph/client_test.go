package graph

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

var _ = Describe("reading", func() {
	ctx := context.Background()
	filters := func(o ...object) object { return value(o...) }

	It("follows pages to the last one", func() {
		var f *fakeGraph
		f = newFakeGraph(func(w http.ResponseWriter, r *http.Request) {
			page := r.URL.Query().Get("p")
			body := filters(object{"id": "id-" + page, "displayName": "n"})
			if page != "2" {
				next := map[string]string{"": "1", "1": "2"}[page]
				body["@odata.nextLink"] = f.URL + "/beta/deviceManagement/assignmentFilters?p=" + next
			}
			respond(w, 200, body)
		})
		got, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(err).NotTo(HaveOccurred())
		Expect(got.objects).To(HaveLen(3))
	})

	DescribeTable("never follows a next link elsewhere", func(link string) {
		f := newFakeGraph(func(w http.ResponseWriter, r *http.Request) {
			body := filters(object{"id": "a"})
			body["@odata.nextLink"] = strings.ReplaceAll(link, "HOST", r.Host)
			respond(w, 200, body)
		})
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.Unreadable))
		Expect(f.requests()).To(HaveLen(1))
	},
		Entry("another host", "https://graph.example.org/beta/x"),
		Entry("the cloud's own metadata", "https://169.254.169.254/beta/x"),
		Entry("another scheme", "http://HOST/beta/x"),
		Entry("another version", "https://HOST/v1.0/x"),
		Entry("with user information", "https://u:p@HOST/beta/x"),
		Entry("relative", "/beta/x"),
		Entry("not an address", "https://HOST:bad/beta"),
	)

	It("stops at the page cap and the object cap", func() {
		f := newFakeGraph(nil)
		var n atomic.Int64
		f.answer = func(w http.ResponseWriter, _ *http.Request) {
			body := filters(object{"id": strconv.FormatInt(n.Add(1), 10)})
			body["@odata.nextLink"] = f.URL + "/beta/deviceManagement/assignmentFilters?more"
			respond(w, 200, body)
		}
		_, err := listAll(ctx, f.reader(func(c *Config) { c.MaxPages = 7 }), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.Unreadable))
		Expect(f.requests()).To(HaveLen(7))
		_, err = listAll(ctx, f.reader(func(c *Config) { c.MaxObjects = 5 }), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.Unreadable))
		Expect(f.requests()).To(HaveLen(7 + 6))
	})

	DescribeTable("refuses answers it cannot use", func(answer func(http.ResponseWriter), requests int) {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { answer(w) })
		_, err := listAll(ctx, f.reader(func(c *Config) { c.MaxResponseBytes = 4096 }), "assignment_filters")
		Expect(provider.ClassOf(err)).To(Or(Equal(provider.Unreadable), Equal(provider.Unavailable)))
		Expect(f.requests()).To(HaveLen(requests))
	},
		Entry("too large", func(w http.ResponseWriter) { respond(w, 200, `{"value":["`+strings.Repeat("x", 5000)+`"]}`) }, 1),
		Entry("too deep", func(w http.ResponseWriter) {
			respond(w, 200, `{"value":`+strings.Repeat("[", 90)+strings.Repeat("]", 90)+`}`)
		}, 1),
		Entry("cut off", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			respond(w, 200, `{"value":[`)
		}, 1+readRetries),
		Entry("half a text", func(w http.ResponseWriter) { respond(w, 200, `{"value":[`) }, 1+readRetries),
		Entry("a web page", func(w http.ResponseWriter) { respond(w, 200, `<html>`) }, 1+readRetries),
		Entry("no list", func(w http.ResponseWriter) { respond(w, 200, `{"x":1}`) }, 1),
		Entry("a list of texts", func(w http.ResponseWriter) { respond(w, 200, `{"value":["a"]}`) }, 1),
		Entry("an object without an id", func(w http.ResponseWriter) { respond(w, 200, `{"value":[{"displayName":"x"}]}`) }, 1),
		Entry("a redirect", func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://example.org/")
			respond(w, 302, nil)
		}, 1),
	)

	It("spends the reader's byte allowance once", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			respond(w, 200, `{"value":[{"id":"a","description":"`+strings.Repeat("x", 600)+`"}]}`)
		})
		r := f.reader(func(c *Config) { c.RunBytes = 1000 })
		_, err := listAll(ctx, r, "assignment_filters")
		Expect(err).NotTo(HaveOccurred())
		_, err = listAll(ctx, r, "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.Unreadable))
	})

	It("repeats reads five times with growing jitter", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 503, nil) })
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.Unavailable))
		Expect(f.requests()).To(HaveLen(6))
		Expect(f.clock.waits).To(HaveLen(5))
		for i, d := range f.clock.waits {
			Expect(d).To(BeNumerically("<=", time.Second<<i+time.Millisecond))
		}
	})

	It("waits as long as a throttled answer says, visibly, and goes on", func() {
		var n atomic.Int64
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			if n.Add(1) <= 3 {
				w.Header().Set("Retry-After", "315.5")
				respond(w, 429, graphError("TooManyRequests", "slow"))
				return
			}
			respond(w, 200, filters(object{"id": "a"}))
		})
		var notes []time.Time
		noted := provider.OnThrottle(ctx, func(until time.Time) { notes = append(notes, until) })
		got, err := listAll(noted, f.reader(), "assignment_filters")
		Expect(err).NotTo(HaveOccurred())
		Expect(got.objects).To(HaveLen(1))
		Expect(f.clock.waited()).To(BeNumerically("~", 3*315500*time.Millisecond, time.Second))
		Expect(notes).To(HaveLen(6))
		Expect(notes[0].IsZero()).To(BeFalse())
		Expect(notes[5].IsZero()).To(BeTrue())
	})

	It("gives up throttled reads after the throttle limit", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "100000")
			respond(w, 429, nil)
		})
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.Throttled))
		Expect(f.clock.waited()).To(BeNumerically("<=", 30*time.Minute))
	})

	It("backs off Conditional Access by fixed doubling", func() {
		var n atomic.Int64
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			if n.Add(1) <= 3 {
				respond(w, 429, nil)
				return
			}
			respond(w, 200, value())
		})
		_, err := listAll(ctx, f.reader(), "named_locations")
		Expect(err).NotTo(HaveOccurred())
		Expect(f.clock.waits).To(Equal([]time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second}))
	})

	It("gets one new token when the token is refused", func() {
		f := newFakeGraph(nil)
		f.answer = func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "Bearer "+f.jwt(1) {
				respond(w, 401, graphError("InvalidAuthenticationToken", "expired"))
				return
			}
			respond(w, 200, value())
		}
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(err).NotTo(HaveOccurred())
		Expect(f.tokens).To(Equal(2))
		Expect(f.requests()).To(HaveLen(2))
	})

	It("fails after the second refusal of a token", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 401, nil) })
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.NoToken))
		Expect(f.requests()).To(HaveLen(2))
	})

	It("ends with its context", func() {
		limited, cancel := context.WithCancel(ctx)
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			cancel()
			respond(w, 503, nil)
		})
		_, err := listAll(limited, f.reader(), "assignment_filters")
		Expect(err).To(MatchError(context.Canceled))
	})

	It("sorts a refused listing as denied", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			respond(w, 403, graphError("Forbidden", "Your tenant is not licensed for this."))
		})
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.Denied))
		Expect(fault(err).Message).To(ContainSubstring("not licensed"))
	})

	It("reports a missing object as gone", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 404, graphError("ResourceNotFound", "")) })
		_, err := f.reader().Get(ctx, subject.Lookup("assignment_filters"), "x/../y")
		Expect(fault(err).Class).To(Equal(provider.Gone))
		Expect(f.requests()[0].Path).To(Equal("/beta/deviceManagement/assignmentFilters/x%2F..%2Fy"))
	})
})

var _ = Describe("the reader's guard", func() {
	DescribeTable("lets nothing through that could write", func(method, path, body string) {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 200, `{}`) })
		s, err := f.open().session(target(), true)
		Expect(err).NotTo(HaveOccurred())
		_, err = s.read(context.Background(), request{method: method, path: path, body: []byte(body), family: intuneReads})
		Expect(fault(err).Class).To(Equal(provider.Unreadable))
		Expect(f.requests()).To(BeEmpty())
	},
		Entry("POST", "POST", "/deviceManagement/assignmentFilters", `{}`),
		Entry("PATCH", "PATCH", "/deviceManagement/assignmentFilters/1", `{}`),
		Entry("DELETE", "DELETE", "/deviceManagement/assignmentFilters/1", `{}`),
		Entry("a batch with a write", "POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"/x"},{"id":"2","method":"DELETE","url":"/x"}]}`),
		Entry("a batch with a body", "POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"/x","body":{}}]}`),
		Entry("an empty batch", "POST", "/$batch", `{"requests":[]}`),
		Entry("a batch that is none", "POST", "/$batch", `x`),
		Entry("GET with a body", "GET", "/x", `{}`),
	)

	It("is no writer", func() {
		f := newFakeGraph(nil)
		_, ok := f.reader().(provider.Writer)
		Expect(ok).To(BeFalse())
	})
})
