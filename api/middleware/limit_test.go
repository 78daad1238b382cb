package middleware_test

import (
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/api/middleware"
)

var _ = Describe("A rate limiter", func() {
	begin := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

	It("counts each key on its own and says when to come back", func() {
		l := middleware.NewLimiter(60)
		for range 60 {
			Expect(l.Take("a", begin).Wait).To(BeZero())
		}
		refused := l.Take("a", begin)
		Expect(refused.Wait).To(BeNumerically("~", time.Second, time.Millisecond))
		Expect(refused.Remaining).To(BeZero())
		Expect(l.Take("b", begin).Wait).To(BeZero())
		Expect(l.Take("a", begin.Add(refused.Wait)).Wait).To(BeZero())
	})

	It("never allows more than the limit in any minute beyond one burst", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			perMinute := rapid.IntRange(1, 50).Draw(t, "limit")
			l, now, allowed := middleware.NewLimiter(perMinute), begin, 0
			for range rapid.IntRange(1, 400).Draw(t, "requests") {
				now = now.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "gap")) * time.Millisecond)
				if l.Take("k", now).Wait == 0 {
					allowed++
				}
			}
			ceiling := float64(perMinute)*(1+now.Sub(begin).Minutes()) + 1
			if float64(allowed) > ceiling {
				t.Fatalf("%d allowed, at most %.1f expected", allowed, ceiling)
			}
		})
	})

	It("forgets instead of growing without bound", func() {
		l := middleware.NewLimiter(1)
		for i := range 60_000 {
			Expect(l.Take(strconv.Itoa(i), begin).Wait).To(BeZero())
		}
	})
})
