package graph

import (
	"context"
	"net"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

var _ = Describe("sending a step", func() {
	ctx := context.Background()
	create := provider.Step{Kind: provider.StepCreate, Label: "create", Method: "POST", Path: "/deviceManagement/assignmentFilters", Body: raw(object{"a": 1})}
	replace := provider.Step{Kind: provider.StepReplace, Label: "update", Method: "PATCH", Path: "/deviceManagement/assignmentFilters/{id}", Body: raw(object{"a": 1})}

	It("returns the id of what was made, with the caller's request id on the wire", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 201, object{"id": "new"}) })
		sent, err := f.writer().Send(ctx, create, "", "11111111-1111-4111-8111-111111111111")
		Expect(err).NotTo(HaveOccurred())
		Expect(sent.ObjectID).To(Equal("new"))
		Expect(sent.At).To(Equal(f.clock.Now()))
		Expect(f.requests()[0].Header.Get("client-request-id")).To(Equal("11111111-1111-4111-8111-111111111111"))
		Expect(f.requests()[0].Body).To(MatchJSON(`{"a":1}`))
	})

	It("puts the id into the path as one segment", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 204, nil) })
		sent, err := f.writer().Send(ctx, replace, "a/b?c", "")
		Expect(err).NotTo(HaveOccurred())
		Expect(sent.Status).To(Equal(204))
		Expect(f.requests()[0].Path).To(Equal("/beta/deviceManagement/assignmentFilters/a%2Fb%3Fc"))
	})

	hang := func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // returning would still answer
	}
	reset := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		Expect(err).NotTo(HaveOccurred())
		if tcp, ok := conn.(interface{ NetConn() net.Conn }); ok {
			_ = tcp.NetConn().(*net.TCPConn).SetLinger(0) // a reset instead of a close
		}
		_ = conn.Close()
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { respond(w, code, nil) }
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		respond(w, 201, `{"id":`)
	}
	DescribeTable("goes out once and says what is known", func(step provider.Step, answer http.HandlerFunc, class provider.Class, ambiguous bool) {
		f := newFakeGraph(answer)
		_, err := f.writer(func(c *Config) { c.Timeouts.Write = time.Second }).Send(ctx, step, "x", "")
		Expect(fault(err).Class).To(Equal(class))
		Expect(fault(err).Ambiguous).To(Equal(ambiguous))
		Expect(f.requests()).To(HaveLen(1))
	},
		Entry("create, no answer", create, http.HandlerFunc(hang), provider.Unavailable, true),
		Entry("create, reset", create, http.HandlerFunc(reset), provider.Unavailable, true),
		Entry("create, 500", create, status(500), provider.Unavailable, true),
		Entry("create, 502", create, status(502), provider.Unavailable, true),
		Entry("create, 503", create, status(503), provider.Unavailable, true),
		Entry("create, 504", create, status(504), provider.Unavailable, true),
		Entry("create, answer cut off", create, http.HandlerFunc(cut), provider.Unavailable, true),
		Entry("create, answer without id", create, status(201), provider.Unreadable, true),
		Entry("create, throttled", create, status(429), provider.Throttled, false),
		Entry("create, refused", create, status(400), provider.Invalid, false),
		Entry("create, denied", create, status(403), provider.Denied, false),
		Entry("create, redirected", create, status(302), provider.Unreadable, false),
		Entry("replace, no answer", replace, http.HandlerFunc(hang), provider.Unavailable, true),
		Entry("replace, reset", replace, http.HandlerFunc(reset), provider.Unavailable, true),
		Entry("replace, 503", replace, status(503), provider.Unavailable, true),
		Entry("replace, throttled", replace, status(429), provider.Throttled, false),
		Entry("replace, gone", replace, status(404), provider.Gone, false),
		Entry("replace, conflict", replace, status(409), provider.Conflict, false),
	)

	It("is not ambiguous when no connection was there", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 200, value()) })
		p := f.open()
		w, err := p.Writer(ctx, target())
		Expect(err).NotTo(HaveOccurred())
		_, err = listAll(ctx, w, "assignment_filters") // gets the token
		Expect(err).NotTo(HaveOccurred())
		f.Close()
		p.Close()
		_, err = w.Send(ctx, create, "", "")
		Expect(fault(err).Class).To(Equal(provider.Unavailable))
		Expect(fault(err).Ambiguous).To(BeFalse())
	})

	It("takes a lost answer's body for done when the status said so and no id is needed", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			respond(w, 200, `{"x":`)
		})
		sent, err := f.writer().Send(ctx, replace, "x", "")
		Expect(err).NotTo(HaveOccurred())
		Expect(sent.Status).To(Equal(200))
	})

	It("is sent again with a new token when the token was refused", func() {
		f := newFakeGraph(nil)
		f.answer = func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "Bearer "+f.jwt(1) {
				respond(w, 401, nil)
				return
			}
			respond(w, 201, object{"id": "new"})
		}
		sent, err := f.writer().Send(ctx, create, "", "")
		Expect(err).NotTo(HaveOccurred())
		Expect(sent.ObjectID).To(Equal("new"))
	})

	It("says when to come again instead of waiting long under a lease", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "40")
			respond(w, 429, nil)
		})
		w := f.writer(func(c *Config) { c.Limits.Off = false })
		_, err := w.Send(ctx, create, "", "")
		Expect(fault(err).RetryAfter).To(Equal(40 * time.Second))
		_, err = w.Send(ctx, create, "", "")
		Expect(fault(err).Class).To(Equal(provider.Throttled))
		Expect(fault(err).RetryAfter).To(BeNumerically("~", 40*time.Second, time.Second))
		Expect(f.requests()).To(HaveLen(1))
		Expect(f.clock.waits).To(BeEmpty())
	})

	It("paces Conditional Access below one request a second", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 204, nil) })
		w := f.writer(func(c *Config) { c.Limits.Off = false })
		step := provider.Step{Kind: provider.StepReplace, Method: "PATCH", Path: "/identity/conditionalAccess/policies/{id}"}
		for range 5 {
			_, err := w.Send(ctx, step, "x", "")
			Expect(err).NotTo(HaveOccurred())
		}
		Expect(f.clock.waited()).To(BeNumerically("~", 5*time.Second, 10*time.Millisecond))
	})

	DescribeTable("refuses steps that are none", func(step provider.Step, id string) {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 204, nil) })
		_, err := f.writer().Send(ctx, step, id, "")
		Expect(fault(err).Class).To(Equal(provider.Invalid))
		Expect(f.requests()).To(BeEmpty())
	},
		Entry("a read", provider.Step{Method: "GET", Path: "/x"}, ""),
		Entry("without an id", replace, ""),
		Entry("with a query", provider.Step{Method: "POST", Path: "/x?y"}, ""),
		Entry("leaving its path", provider.Step{Method: "POST", Path: "/../v1.0/x"}, ""),
		Entry("another host", provider.Step{Method: "POST", Path: "//example.org/x"}, ""),
	)
})
