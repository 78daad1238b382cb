package main

import (
	"io/fs"
	"testing/fstest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("The pages of the program", func() {
	placeholder := &fstest.MapFile{Data: []byte("not built")}

	It("say that they are not built where they are not", func() {
		files := withPlaceholder{fstest.MapFS{"placeholder.html": placeholder}}
		Expect(fs.ReadFile(files, "index.html")).To(BeEquivalentTo("not built"))
		_, err := fs.ReadFile(files, "assets/index.js")
		Expect(err).To(MatchError(fs.ErrNotExist))
	})

	It("begin with their own start page once they are", func() {
		files := withPlaceholder{fstest.MapFS{"placeholder.html": placeholder, "index.html": {Data: []byte("built")}}}
		Expect(fs.ReadFile(files, "index.html")).To(BeEquivalentTo("built"))
	})

	It("are always part of it", func() {
		Expect(fs.ReadFile(pages(), "index.html")).NotTo(BeEmpty())
	})
})
