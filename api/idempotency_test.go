package api_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("A request with an Idempotency-Key", func() {
	var (
		p     *product
		owner *client
		keyed *client
	)

	BeforeEach(func(ctx SpecContext) {
		p = boot(ctx)
		owner = p.person(ctx, "owner@example.com")
		keyed = owner.with("Idempotency-Key", "key-1")
	})

	It("is done once and answered alike", func() {
		first := keyed.post("~/workspaces", object{"display_name": "Contoso"})
		again := keyed.post("~/workspaces", object{"display_name": "Contoso"})
		Expect(again.Status).To(Equal(http.StatusCreated))
		Expect(again.Raw).To(Equal(first.Raw))
		Expect(again.Header.Get("ETag")).To(Equal(first.Header.Get("ETag")))
		Expect(again.Header.Get("Content-Type")).To(Equal("application/json"))
		Expect(again.Header.Get("Idempotent-Replayed")).To(Equal("true"))
		Expect(owner.get("~/workspaces").JSON["items"]).To(HaveLen(1))
	})

	It("refuses the key for another body, and keeps it apart by person and address", func(ctx SpecContext) {
		keyed.post("~/workspaces", object{"display_name": "Contoso"})
		Expect(keyed.post("~/workspaces", object{"display_name": "Other"}).code()).To(Equal("idempotency_key_reused"))
		other := p.person(ctx, "other@example.com").with("Idempotency-Key", "key-1")
		Expect(other.post("~/workspaces", object{"display_name": "Other"}).Status).To(Equal(http.StatusCreated))
		Expect(keyed.post("~/me/tokens", object{"name": "a"}).Status).To(Equal(http.StatusCreated))
	})

	It("keeps no refusal", func() {
		Expect(keyed.post("~/workspaces", object{"display_name": ""}).Status).To(Equal(http.StatusUnprocessableEntity))
		Expect(keyed.post("~/workspaces", object{"display_name": "Contoso"}).Status).To(Equal(http.StatusCreated))
	})

	It("never shows a secret twice", func() {
		first := keyed.post("~/me/tokens", object{"name": "a"})
		Expect(first.text("secret")).To(HavePrefix("ta_pat_"))
		again := keyed.post("~/me/tokens", object{"name": "a"})
		Expect(again.code()).To(Equal("secret_already_shown"))
		Expect(again.Status).To(Equal(http.StatusConflict))
	})

	It("does one thing for many at once", func() {
		var created, waiting atomic.Int32
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				defer GinkgoRecover()
				switch a := keyed.post("~/workspaces", object{"display_name": "Contoso"}); {
				case a.Status == http.StatusCreated:
					created.Add(1)
				case a.code() == "idempotency_in_progress":
					waiting.Add(1)
				default:
					Fail(a.Raw)
				}
			})
		}
		all.Wait()
		Expect(created.Load() + waiting.Load()).To(BeEquivalentTo(12))
		Expect(owner.get("~/workspaces").JSON["items"]).To(HaveLen(1))
	})

	DescribeTable("refuses a key that is none",
		func(key string) {
			a := owner.with("Idempotency-Key", key).post("~/workspaces", object{"display_name": "a"})
			Expect(a.Status).To(Equal(http.StatusUnprocessableEntity))
		},
		Entry("with a space", "a b"),
		Entry("too long", strings.Repeat("k", 129)),
		Entry("not ASCII", "schlüssel"),
	)
})
