package identity

import (
	"context"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

var _ = Describe("A token's text", func() {
	It("is well formed as it is drawn, and carries its lookup id", func() {
		seen := map[string]bool{}
		for range 200 {
			secret := newTokenSecret()
			Expect(secret).To(MatchRegexp(`^ta_pat_[0-9A-Za-z]{36}$`))
			Expect(WellFormedToken(secret)).To(BeTrue())
			Expect(secret[len(TokenPrefix):]).To(HavePrefix(lookupOf(secret)))
			Expect(seen).NotTo(HaveKey(secret))
			seen[secret] = true
		}
	})

	It("is refused after any single change", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			secret := []byte(newTokenSecret())
			at := rapid.IntRange(0, len(secret)-1).Draw(t, "at")
			was := secret[at]
			secret[at] = rapid.Byte().Filter(func(b byte) bool { return b != was }).Draw(t, "to")
			if WellFormedToken(string(secret)) {
				t.Fatalf("%q passes", secret)
			}
		})
	})

	It("is refused when two neighbours change places", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			secret := []byte(newTokenSecret())
			at := rapid.IntRange(0, len(secret)-2).Draw(t, "at")
			if secret[at] == secret[at+1] {
				return
			}
			secret[at], secret[at+1] = secret[at+1], secret[at]
			if WellFormedToken(string(secret)) {
				t.Fatalf("%q passes", secret)
			}
		})
	})

	It("is refused without a question to the store when it is mistyped", func(ctx context.Context) {
		s := &Service{pepper: make([]byte, 32), now: time.Now} // a store that is nil would panic if asked
		for _, text := range []string{"", "ta_pat_", strings.Repeat("a", tokenLength), newTokenSecret() + "x", newTokenSecret()[1:]} {
			_, err := s.Token(ctx, text)
			Expect(fault.HasCode(err, fault.CodeUnauthenticated)).To(BeTrue(), text)
		}
	})

	It("digests differently under another pepper", func() {
		secret := newTokenSecret()
		a, b := &Service{pepper: make([]byte, 32)}, &Service{pepper: []byte(strings.Repeat("p", 32))}
		Expect(a.tokenDigest(secret)).NotTo(Equal(b.tokenDigest(secret)))
		Expect(a.tokenDigest(secret)).To(Equal(a.tokenDigest(secret)))
	})
})

var _ = Describe("A new token", func() {
	now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	s := &Service{settings: Settings{}.withDefaults()}
	at := func(d time.Duration) *time.Time { t := now.Add(d); return &t }

	DescribeTable("lives as long as allowed", func(n NewToken, life time.Duration) {
		t, err := s.newToken(n, now)
		if life == 0 {
			Expect(fault.HasCode(err, fault.CodeInvalidInput)).To(BeTrue())
			return
		}
		Expect(err).NotTo(HaveOccurred())
		Expect(t.ExpiresAt).To(Equal(now.Add(life)))
	},
		Entry("90 days by default", NewToken{Name: "ci"}, 90*24*time.Hour),
		Entry("shorter on demand", NewToken{Name: "ci", ExpiresAt: at(time.Hour)}, time.Hour),
		Entry("not longer", NewToken{Name: "ci", ExpiresAt: at(91 * 24 * time.Hour)}, time.Duration(0)),
		Entry("not in the past", NewToken{Name: "ci", ExpiresAt: at(-time.Second)}, time.Duration(0)),
		Entry("not without a name", NewToken{Name: "  "}, time.Duration(0)),
		Entry("not with an endless name", NewToken{Name: strings.Repeat("n", 101)}, time.Duration(0)),
	)
})

// FuzzWellFormedToken looks for a text that makes the parser panic, or that
// passes without being what the parser says a token is.
func FuzzWellFormedToken(f *testing.F) {
	f.Add(newTokenSecret())
	f.Add("ta_pat_")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if !WellFormedToken(text) {
			return
		}
		if len(text) != tokenLength || checksum(text[:tokenLength-checksumLength]) != text[tokenLength-checksumLength:] {
			t.Fatalf("%q passes", text)
		}
		if len(lookupOf(text)) != lookupLength {
			t.Fatalf("%q has no lookup id", text)
		}
	})
}
