package api_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/api/problem"
)

func nothing(context.Context, *struct{}) (*api.None, error) { return &api.None{}, nil }

type streamInput struct {
	api.LastEventID
	Refuse bool `query:"refuse" doc:"Refuse instead." example:"false"`
}

var _ = Describe("A stream of events", func() {
	var (
		p      *product
		owner  *client
		done   chan struct{}
		server *httptest.Server
		ended  chan struct{}
	)

	BeforeEach(func(ctx SpecContext) {
		done, ended = make(chan struct{}), make(chan struct{}, 1)
		p = boot(ctx, func(d *api.Deps) { d.Done = done })
		owner = p.person(ctx, "owner@example.com")
		op := api.Operation{
			Method: http.MethodGet, Path: "/spec-events", ID: "spec-events", Tag: api.TagOperations,
			Summary: "x", Description: "x", Authz: api.Authz{Reach: api.ReachSelf, ReadOnly: true},
		}
		api.RegisterStream(p.API, op, map[string]any{"spec.moved": api.NoFields{}},
			func(_ context.Context, in *streamInput) (api.Stream, error) {
				if in.Refuse {
					return nil, problem.Field("query.refuse", "expected false")
				}
				return func(ctx context.Context, send func(api.Event) error) error {
					defer func() { ended <- struct{}{} }()
					if err := send(api.Event{ID: in.LastEventID.LastEventID + 1, Name: "spec.moved", Data: map[string]int{"n": 1}}); err != nil {
						return err
					}
					<-ctx.Done()
					return ctx.Err()
				}, nil
			})
		server = httptest.NewServer(p)
		DeferCleanup(server.Close)
	})

	open := func(ctx context.Context, method, query string) *http.Response {
		GinkgoHelper()
		r, err := http.NewRequestWithContext(ctx, method, server.URL+api.BasePath+"/spec-events"+query, nil)
		Expect(err).NotTo(HaveOccurred())
		r.Header = owner.header.Clone()
		r.Header.Set("Last-Event-ID", "41")
		answer, err := server.Client().Do(r)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(answer.Body.Close)
		return answer
	}

	It("arrives at once, resumes after the last id, and ends with its client", func(ctx SpecContext) {
		reading, stop := context.WithCancel(ctx)
		answer := open(reading, http.MethodGet, "")
		Expect(answer.Header.Get("Content-Type")).To(Equal("text/event-stream"))
		Expect(answer.Header.Get("Cache-Control")).To(Equal("no-store"))
		Expect(answer.Header.Get("X-Accel-Buffering")).To(Equal("no"))
		lines := bufio.NewScanner(answer.Body)
		var seen []string
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "data:") {
			seen = append(seen, lines.Text())
		}
		Expect(seen).To(ContainElements("retry: 2000", "id: 42", "event: spec.moved"))
		Expect(lines.Text()).To(Equal(`data: {"n":1}`))
		stop()
		Eventually(ended).WithTimeout(5 * time.Second).Should(Receive())
	}, SpecTimeout(20*time.Second))

	It("ends when the server drains", func(ctx SpecContext) {
		open(ctx, http.MethodGet, "")
		close(done)
		Eventually(ended).WithTimeout(5 * time.Second).Should(Receive())
	}, SpecTimeout(20*time.Second))

	It("is refused like anything else before it begins, and does not begin for HEAD", func(ctx SpecContext) {
		Expect(open(ctx, http.MethodGet, "?refuse=true").StatusCode).To(Equal(http.StatusUnprocessableEntity))
		Expect(open(ctx, http.MethodHead, "").Header.Get("Content-Type")).To(Equal("text/event-stream"))
	}, SpecTimeout(20*time.Second))
})
