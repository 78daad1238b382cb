package promotion_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestPromotion(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Promotion")
}
