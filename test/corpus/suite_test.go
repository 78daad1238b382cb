// Package corpus_test runs the product on real exports written by others, where
// they are: they lie beside the checkout and are not part of it.
package corpus_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/stack"
)

// folder is where the exports lie, seen from here.
const folder = "../../../shared/corpus"

func TestCorpus(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Corpus")
}

var _ = AfterSuite(func(ctx SpecContext) { stack.Stop(ctx) })

// manifest is the reading of the data that its collectors made.
type manifest struct {
	Sets  []struct{ Set string }
	Pairs []pair
}

type pair struct {
	Source, Target             string
	ByExactName                figures
	ByNameWithoutVersionSuffix figures
}

type figures struct{ Matched, ContentDiffers, AssignmentsDiffer, OnlyInSource, OnlyInTarget int }

// readManifest skips the spec, visibly, when the exports are not there.
func readManifest() manifest {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join(folder, "MANIFEST.json"))
	if os.IsNotExist(err) {
		Skip("the corpus of real exports is not beside this checkout")
	}
	Expect(err).NotTo(HaveOccurred())
	var m manifest
	Expect(json.Unmarshal(text, &m)).To(Succeed())
	Expect(m.Pairs).NotTo(BeEmpty())
	return m
}
