package identity

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("Who is a customer only", func() {
	me := func(roles ...tenancy.WorkspaceRole) Me {
		var m Me
		for _, r := range roles {
			m.Memberships = append(m.Memberships, Membership{Role: r})
		}
		return m
	}
	It("is somebody with customer memberships and no other", func() {
		Expect(me(tenancy.Customer, tenancy.Customer).CustomerOnly()).To(BeTrue())
		Expect(me(tenancy.Customer, tenancy.Readonly).CustomerOnly()).To(BeFalse())
		Expect(me().CustomerOnly()).To(BeFalse())
	})
})
