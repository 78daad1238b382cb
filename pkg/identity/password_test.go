package identity

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

var _ = Describe("A password", func() {
	quick := params{memory: 64, time: 1, threads: 1}

	It("matches its own hash and no other, whatever its text", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			a := rapid.String().Draw(t, "a")
			b := rapid.String().Filter(func(s string) bool { return s != a }).Draw(t, "b")
			hash, err := hashPassword(a, quick)
			if err != nil {
				t.Fatal(err)
			}
			same, err1 := verifyPassword(hash, a)
			other, err2 := verifyPassword(hash, b)
			if err1 != nil || err2 != nil || !same || other {
				t.Fatal(same, other, err1, err2)
			}
		})
	})

	It("is salted, and hashed with the parameters of the day", func() {
		a, err := hashPassword("correct horse", defaultParams)
		Expect(err).NotTo(HaveOccurred())
		b, err := hashPassword("correct horse", defaultParams)
		Expect(err).NotTo(HaveOccurred())
		Expect(a).To(HavePrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
		Expect(a).NotTo(Equal(b))
		Expect(a).NotTo(ContainSubstring("horse"))
	})

	DescribeTable("does not match a hash that cannot be read, nor one that asks for too much", func(hash string) {
		ok, err := verifyPassword(hash, "x")
		Expect(ok).To(BeFalse())
		Expect(err).To(MatchError(errBadHash))
	},
		Entry("nothing", ""), Entry("a word", "plain"),
		Entry("another algorithm", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
		Entry("another version", "$argon2id$v=16$m=64,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
		Entry("no lanes", "$argon2id$v=19$m=64,t=1,p=0$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
		Entry("no passes", "$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
		Entry("a terabyte", "$argon2id$v=19$m=1073741824,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
		Entry("a short key", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAA"),
	)

	It("of an unknown account costs a hash too, and never matches", func(ctx context.Context) {
		s := &Service{hashing: make(chan struct{}, 1)}
		ok, err := s.matches(ctx, "", "anything")
		Expect(err).NotTo(HaveOccurred())
		Expect(ok).To(BeFalse())
		Expect(s.hashing).To(BeEmpty())
	})

	It("waits for a free slot no longer than the caller does", func(ctx context.Context) {
		s := &Service{hashing: make(chan struct{}, 1)}
		s.hashing <- struct{}{}
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		_, err := s.matches(ctx, "", "anything")
		Expect(err).To(MatchError(context.Canceled))
	})
})

var _ = Describe("An email address", func() {
	DescribeTable("has one spelling", func(in, out string) {
		got, err := NormaliseEmail(in)
		if out == "" {
			Expect(fault.HasCode(err, fault.CodeInvalidInput)).To(BeTrue())
			return
		}
		Expect(err).NotTo(HaveOccurred())
		Expect(got).To(Equal(out))
	},
		Entry(nil, " Kim@Example.TEST ", "kim@example.test"),
		Entry(nil, "kim+tag@example.test", "kim+tag@example.test"),
		Entry(nil, "Kim <kim@example.test>", ""), Entry(nil, "kim", ""), Entry(nil, "", ""), Entry(nil, "a@b@c", ""),
		Entry(nil, "kim@example.test, eve@example.test", ""), Entry(nil, strings.Repeat("k", 250)+"@example.test", ""),
	)

	It("gives a display name", func() { Expect(DefaultName("kim@example.test")).To(Equal("kim")) })
})
