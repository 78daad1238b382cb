// Package recovery_test breaks the product while it promotes – its processes, its
// servers, the tenant it writes to, the people's minds – and holds what is left
// against the promises of the write seam: exactly one run, no duplicate object,
// no lost item, counts equal to what the target shows.
//
// Begin with trial_test.go (one promotion that something happens to) and
// invariants_test.go (what must be true afterwards, whatever happened).
package recovery_test

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/stack"
)

func TestRecovery(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Recovery")
}

var _ = BeforeSuite(func() {
	SetDefaultEventuallyTimeout(time.Minute)
	EnforceDefaultTimeoutsWhenUsingContexts()
	SetDefaultEventuallyPollingInterval(20 * time.Millisecond)
})

var _ = AfterSuite(func(ctx SpecContext) { stack.Stop(ctx) })

// long is how long a spec may take on a busy machine before it is given up.
const long = SpecTimeout(5 * time.Minute)
