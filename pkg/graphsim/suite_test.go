package graphsim_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestGraphsim(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "graphsim")
}
