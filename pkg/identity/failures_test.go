package identity

import (
	"errors"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

var _ = Describe("Refused sign-ins", func() {
	now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	account := quota{"account:kim", 3}

	It("are counted in advance, given back on success, and forgotten after a minute", func() {
		f := newFailures()
		for range 3 {
			_, err := f.take(now, account)
			Expect(err).NotTo(HaveOccurred())
		}
		_, err := f.take(now.Add(20*time.Second), account)
		Expect(fault.HasCode(err, "rate_limited")).To(BeTrue())
		wait, is := errors.AsType[*Throttle](err)
		Expect(is).To(BeTrue())
		Expect(wait.RetryAfter).To(Equal(40 * time.Second))

		refund, err := f.take(now.Add(window), account)
		Expect(err).NotTo(HaveOccurred())
		refund()
		refund() // once is once
		for range 3 {
			_, err := f.take(now.Add(window), account)
			Expect(err).NotTo(HaveOccurred())
		}
	})

	It("of one account do not count for another, and a used-up quota counts nothing", func() {
		f := newFailures()
		address := quota{"address:1", 1}
		_, err := f.take(now, account, address)
		Expect(err).NotTo(HaveOccurred())
		for range 5 {
			_, err = f.take(now, quota{"account:lee", 1}, address)
			Expect(err).To(HaveOccurred())
		}
		_, err = f.take(now, quota{"account:lee", 1}, quota{"address:2", 1})
		Expect(err).NotTo(HaveOccurred())
	})

	It("have no limit when it is negative", func() {
		f := newFailures()
		for range 50 {
			_, err := f.take(now, quota{"account:kim", -1})
			Expect(err).NotTo(HaveOccurred())
		}
	})

	It("never let more through than the quota, in any order of tries and successes", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			f, at := newFailures(), now
			var failed []time.Time
			for range rapid.IntRange(1, 40).Draw(t, "tries") {
				at = at.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "pause")) * time.Second)
				refund, err := f.take(at, account)
				if err != nil {
					continue
				}
				if rapid.Bool().Draw(t, "succeeds") {
					refund()
					continue
				}
				failed = append(failed, at)
				recent := 0
				for _, when := range failed {
					if at.Sub(when) < window {
						recent++
					}
				}
				if recent > account.limit {
					t.Fatalf("%d refused tries within a minute", recent)
				}
			}
		})
	})
})
