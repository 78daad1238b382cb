package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// typed runs one command line and returns what came of it.
func typed(ctx context.Context, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(ctx, &call{args, strings.NewReader(""), &o, &e})
	return code, o.String(), e.String()
}

var _ = Describe("The command line", func() {
	DescribeTable("says what it did not understand, in one line", func(ctx SpecContext, told string, args ...string) {
		code, _, errs := typed(ctx, args...)
		Expect(code).To(Equal(exitUsage))
		Expect(errs).To(ContainSubstring(told))
	},
		Entry("no command", "usage: tenantatlas", nil),
		Entry("an unknown one", "usage: tenantatlas", "fly"),
		Entry("half of one", "usage: tenantatlas", "user"),
		Entry("an unknown flag", "not defined: -wings", "serve", "--wings"),
		Entry("something left over", `"later" is not understood`, "migrate", "later"),
		Entry("a missing flag", "--workspace is missing", "user", "create", "--email", "a@b.example", "--role", "owner"),
		Entry("an unknown operation type", "there is no operation type", "control", "pause", "promotion.undo"),
		Entry("no operation type", "name the operation type first", "control", "resume"),
		Entry("a setting that cannot be meant", "--limit-export is not a whole number", "worker", "--limit-export", "x"),
	)

	It("helps with every command and every setting", func(ctx SpecContext) {
		code, out, _ := typed(ctx, "help")
		Expect(code).To(BeZero())
		Expect(out).To(And(ContainSubstring("control pause"), ContainSubstring("TENANTATLAS_EXTRA_CA_FILE")))
	})

	It("says that nothing runs where nothing runs", func(ctx SpecContext) {
		code, out, errs := typed(ctx, "token", "create", "--data-dir", GinkgoT().TempDir(), "--email", "a@b.example", "--name", "x")
		Expect(code).To(Equal(exitFailed))
		Expect(out).To(BeEmpty())
		Expect(errs).To(ContainSubstring("no TenantAtlas runs on"))
		Expect(strings.Count(errs, "\n")).To(Equal(1))
	})

	It("says that an address is taken before it starts anything", func(ctx SpecContext) {
		taken, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(taken.Close)
		dir := filepath.Join(GinkgoT().TempDir(), "data")
		code, _, errs := typed(ctx, "up", "--data-dir", dir, "--listen", taken.Addr().String())
		Expect(code).To(Equal(exitFailed))
		Expect(errs).To(ContainSubstring("is in use by another program"))
		Expect(dir).NotTo(BeAnExistingFile())
	})

	It("writes the same description every time", func(ctx SpecContext) {
		var texts [2]string
		for i := range texts {
			dir := GinkgoT().TempDir()
			code, _, errs := typed(ctx, "openapi", "--out", dir)
			Expect(code).To(BeZero(), errs)
			text, err := os.ReadFile(filepath.Join(dir, "openapi.yaml"))
			Expect(err).NotTo(HaveOccurred())
			texts[i] = string(text)
		}
		Expect(texts[0]).To(Equal(texts[1]))
		Expect(texts[0]).To(ContainSubstring("openapi: 3.1.0"))
	})
})
