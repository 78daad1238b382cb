package app

import (
	"flag"
	"io"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
)

// env answers for a process with these variables.
func env(pairs map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := pairs[strings.TrimPrefix(name, EnvPrefix)]
		return v, ok && strings.HasPrefix(name, EnvPrefix)
	}
}

var _ = Describe("Settings", func() {
	It("have defaults that suit one machine", func() {
		s, err := ReadSettings(env(nil))
		Expect(err).NotTo(HaveOccurred())
		Expect(s.Listen).To(Equal("127.0.0.1:8080"))
		Expect(s.CaptureAge).To(Equal(promotion.DefaultMaxAge))
		Expect(s.Timing).To(Equal(operation.ProductionTiming()))
		Expect(s.Seam).To(Equal(promotion.ProductionTiming()))
		Expect(s.GraphPercent).To(Equal(80))
	})

	It("are flags first, then the environment", func() {
		flags := flag.NewFlagSet("x", flag.ContinueOnError)
		read := Flags(flags, env(map[string]string{"LISTEN": "127.0.0.1:1", "DATA_DIR": "/a", "LIMIT_CAPTURE_AGE": "1h"}))
		Expect(flags.Parse([]string{"--listen", "127.0.0.1:2"})).To(Succeed())
		s, err := read()
		Expect(err).NotTo(HaveOccurred())
		Expect(s.Listen).To(Equal("127.0.0.1:2"))
		Expect(s.DataDir).To(Equal("/a"))
		Expect(s.CaptureAge).To(Equal(time.Hour))
	})

	It("migrate the database they use unless another account is named", func() {
		s, err := ReadSettings(env(map[string]string{"DATABASE_URL": "postgres://app"}))
		Expect(err).NotTo(HaveOccurred())
		Expect(s.MigrateDatabaseURL).To(Equal("postgres://app"))
	})

	DescribeTable("refuse what cannot be meant, without repeating it", func(pairs map[string]string, told string) {
		_, err := ReadSettings(env(pairs))
		Expect(err).To(MatchError(ContainSubstring(told)))
		for _, v := range pairs {
			Expect(err.Error()).NotTo(ContainSubstring(v))
		}
	},
		Entry("a number that is none", map[string]string{"LIMIT_EXPORT": "zwölf"}, "TENANTATLAS_LIMIT_EXPORT is not a whole number"),
		Entry("an age that is none", map[string]string{"LIMIT_CAPTURE_AGE": "-3h"}, "is not a duration"),
		Entry("an address with a path", map[string]string{"PUBLIC_URL": "https://canary.example/path"}, "TENANTATLAS_PUBLIC_URL is not an address"),
		Entry("one half of Graph's addresses", map[string]string{"GRAPH_URL": "https://127.0.0.1:9999"}, "together"),
		Entry("an unknown level", map[string]string{"LOG_LEVEL": "canary-level"}, "debug, info, warn, error"),
		Entry("an unknown scale of time", map[string]string{"TIMING": "canary-scale"}, "neither production nor test"),
	)

	It("each have a flag, a sentence and a row of the page", func() {
		flags := flag.NewFlagSet("x", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		Flags(flags, env(nil))
		page := TableMarkdown()
		for _, row := range Table() {
			Expect(flags.Lookup(row.Flag())).NotTo(BeNil(), row.Name)
			Expect(row.Sentence).To(HaveSuffix("."), row.Name)
			Expect(page).To(ContainSubstring("`" + EnvPrefix + row.Name + "`"))
		}
	})
})
