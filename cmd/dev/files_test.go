package main

import (
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func write(path, content string) {
	GinkgoHelper()
	Expect(os.MkdirAll(filepath.Dir(path), 0o750)).To(Succeed())
	Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
}

var _ = Describe("The digest of the front end's sources", func() {
	It("moves with sources and a lost result, and with nothing else", func() {
		dir := GinkgoT().TempDir()
		write(filepath.Join(dir, "src", "main.tsx"), "one")
		write(filepath.Join(dir, "dist", "assets", "main.js"), "built")
		before, err := digestOfSources(dir)
		Expect(err).NotTo(HaveOccurred())

		write(filepath.Join(dir, "node_modules", "react", "index.js"), "installed")
		write(filepath.Join(dir, "dist", "assets", "main.js"), "built again")
		Expect(digestOfSources(dir)).To(Equal(before))

		write(filepath.Join(dir, "src", "main.tsx"), "two")
		Expect(digestOfSources(dir)).NotTo(Equal(before))
		write(filepath.Join(dir, "src", "main.tsx"), "one")
		Expect(os.RemoveAll(filepath.Join(dir, "dist", "assets"))).To(Succeed())
		Expect(digestOfSources(dir)).NotTo(Equal(before))
	})
})

var _ = Describe("Links between pages", func() {
	It("must lead to a file when they are relative", func() {
		dir := GinkgoT().TempDir()
		write(filepath.Join(dir, "there.md"), "see [here](#part) and [out](https://example.org/x)")
		write(filepath.Join(dir, "page.md"), "see [it](there.md#part) and [gone](gone.md)")
		Expect(lintLinks(dir)).To(MatchError(SatisfyAll(
			ContainSubstring("page.md links to gone.md"),
			Not(ContainSubstring("there.md links")),
		)))
	})
})

var _ = Describe("A subprocess", func() {
	It("fails in one sentence, with the way out when it is missing", func(ctx SpecContext) {
		missing := program{args: []string{"no-such-program"}, help: "; install it"}
		Expect(missing.run(ctx)).To(MatchError("no-such-program is not installed; install it"))
		Expect(program{args: []string{"go", "no-such-word"}}.run(ctx)).To(MatchError("'go no-such-word' failed: exit status 2"))
	})
})
