package subject_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// directory is the directory id of every tenant these specs read from.
const directory = "7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44"

// parsed reads an object that must be understood.
func parsed(typ subject.TypeKey, raw string) *subject.Subject {
	GinkgoHelper()
	s, err := subject.Parse(subject.Lookup(typ), []byte(raw), directory)
	Expect(err).NotTo(HaveOccurred())
	return s
}

// content is the canonical text of an object's content.
func content(typ subject.TypeKey, raw string) string {
	GinkgoHelper()
	return string(subject.NodeText(parsed(typ, raw).Content))
}

// nobody knows no name.
func nobody(subject.Reference) (string, bool) { return "", false }
