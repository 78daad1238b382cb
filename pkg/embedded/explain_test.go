package embedded

import (
	"errors"
	"log/slog"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("A server that did not start", func() {
	cause := errors.New("exit status 1")

	DescribeTable("is explained by what it said",
		func(said string, want error, sentence string) {
			err := explain("PostgreSQL", said, cause)
			Expect(err).To(MatchError(want))
			Expect(err).To(MatchError(ContainSubstring(sentence)))
			Expect(err.Error()).NotTo(ContainSubstring("\n"))
		},
		Entry("a full disk", "FATAL: could not write file: No space left on device\n", ErrDiskFull, "free some space"),
		Entry("a port taken meanwhile", "LOG: could not bind IPv4 address: Address already in use\n", ErrPortTaken, "choose another port"),
		Entry("anything else in its last words", "one\ntwo\nthree\nFATAL: broken\n", cause, "two / three / FATAL: broken"),
		Entry("silence by how it ended", "", cause, "PostgreSQL did not start: exit status 1"),
	)

	It("is remembered by the end of its output only", func() {
		tail := &outputTail{logger: slog.New(slog.DiscardHandler), server: "spec"}
		for range 100 {
			written, err := tail.Write([]byte(strings.Repeat("x", 1000)))
			Expect(err).NotTo(HaveOccurred())
			Expect(written).To(Equal(1000))
		}
		Expect(tail.Write([]byte("the end\n"))).To(Equal(8))
		Expect(tail.String()).To(HaveLen(tailSize))
		Expect(tail.String()).To(HaveSuffix("the end\n"))
	})
})

var _ = Describe("The binaries of a system", func() {
	DescribeTable("are ordered by the version in their path",
		func(path string, want int) { Expect(majorInPath(path)).To(Equal(want)) },
		Entry("Debian", "/usr/lib/postgresql/17/bin", 17),
		Entry("Red Hat", "/usr/pgsql-16/bin", 16),
		Entry("Homebrew", "/opt/homebrew/opt/postgresql@18/bin", 18),
		Entry("none", "/usr/bin", 0),
	)

	DescribeTable("are refused with the way out",
		func(major, wanted int, sentence string) {
			err := checkMajor(binaries{dir: "/pg/bin", major: major}, wanted)
			if sentence == "" {
				Expect(err).NotTo(HaveOccurred())
				return
			}
			Expect(err).To(MatchError(ContainSubstring(sentence)))
		},
		Entry("new enough", 15, 0, ""),
		Entry("the data's version", 16, 16, ""),
		Entry("too old", 14, 0, "older than 15"),
		Entry("older than the data", 15, 16, "install 16, or move the directory away"),
		Entry("newer than the data", 18, 17, "install 17, or move the directory away"),
	)
})
