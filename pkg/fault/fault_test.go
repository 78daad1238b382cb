package fault_test

import (
	"errors"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

var _ = Describe("A fault", func() {
	cause := errors.New("disk on fire")

	It("is found inside whatever wraps it, with its code", func() {
		err := fmt.Errorf("load the tenant: %w", fault.Missing().Because(cause))
		Expect(fault.As(err).Kind).To(Equal(fault.NotFound))
		Expect(fault.HasCode(err, fault.CodeNotFound)).To(BeTrue())
		Expect(err).To(MatchError(cause))
		Expect(fault.As(cause)).To(BeNil()) //nolint:ginkgolinter // whether there is a fault, not whether something succeeds
		Expect(fault.HasCode(cause, fault.CodeNotFound)).To(BeFalse())
	})

	It("never changes when something is added to it", func() {
		plain := fault.InvalidInput("Look again.")
		a, b := plain.With("counts", 1), plain.At("body.name", "too long")
		both := a.With("more", 2).At("body.x", "wrong").At("body.y", "wrong")
		Expect(plain.Members).To(BeEmpty())
		Expect(plain.Details).To(BeEmpty())
		Expect(a.Members).To(Equal(map[string]any{"counts": 1}))
		Expect(b.Details).To(HaveLen(1))
		Expect(both.Members).To(HaveLen(2))
		Expect(both.Details).To(HaveLen(2))
	})

	It("says the same for everything that is not to be found", func() {
		Expect(fault.Missing()).To(Equal(fault.Missing()))
		Expect(fault.Missing().Message).NotTo(BeEmpty())
	})

	It("names the capability that is lacking", func() {
		Expect(fault.Denied("tenant.manage").Message).To(ContainSubstring("tenant.manage"))
	})
})
