package access_test

import (
	"context"
	"errors"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("The gate", func() {
	ctx := context.Background()
	person := access.Actor{UserID: "u", DisplayName: "Kim", Via: access.ViaSession}

	gateOf := func(f fake) *access.Gate {
		GinkgoHelper()
		g, err := access.NewGate(f)
		Expect(err).NotTo(HaveOccurred())
		return g
	}
	code := func(err error) string {
		if f := fault.As(err); f != nil {
			return f.Code
		}
		return ""
	}

	DescribeTable("says the same to whoever is not there",
		func(f fake, a access.Actor, ws tenancy.WorkspaceID, t tenancy.TenantID) {
			g := gateOf(f)
			_, err := g.Tenant(ctx, a, ws, t, access.TenantView)
			Expect(err).To(Equal(error(fault.Missing())))
		},
		Entry("nobody", fake{role: tenancy.Owner}, access.Actor{}, tenancy.WorkspaceID("ws"), tenancy.TenantID("t1")),
		Entry("a stranger", fake{role: tenancy.Owner}, access.Actor{UserID: "x"}, tenancy.WorkspaceID("ws"), tenancy.TenantID("t1")),
		Entry("an owner of another workspace", fake{role: tenancy.Owner, all: []tenancy.TenantID{"t1"}}, person, tenancy.WorkspaceID("other"), tenancy.TenantID("t1")),
		Entry("an owner who names another workspace's tenant", fake{role: tenancy.Owner, all: []tenancy.TenantID{"t1"}}, person, tenancy.WorkspaceID("ws"), tenancy.TenantID("t2")),
		Entry("an operator without a tenant membership", fake{role: tenancy.Operator, all: []tenancy.TenantID{"t1"}}, person, tenancy.WorkspaceID("ws"), tenancy.TenantID("t1")),
		Entry("a customer with a tenant membership", fake{role: tenancy.Customer, held: map[tenancy.TenantID]tenancy.TenantRole{"t1": tenancy.TenantManager}}, person, tenancy.WorkspaceID("ws"), tenancy.TenantID("t1")),
		Entry("a role that does not exist", fake{role: "emperor", all: []tenancy.TenantID{"t1"}}, person, tenancy.WorkspaceID("ws"), tenancy.TenantID("t1")),
		Entry("a user id that looks like a subject", fake{role: tenancy.Readonly}, access.Actor{UserID: "workspace:owner"}, tenancy.WorkspaceID("ws"), tenancy.TenantID("t1")),
	)

	It("tells a member which capability is lacking", func() {
		g := gateOf(fake{role: tenancy.Operator, held: map[tenancy.TenantID]tenancy.TenantRole{"t1": tenancy.TenantReader}})
		_, err := g.Workspace(ctx, person, "ws", access.WorkspaceView, access.WorkspaceMembersManage)
		Expect(code(err)).To(Equal(fault.CodeForbidden))
		Expect(err.Error()).To(ContainSubstring("workspace.members.manage"))
		_, err = g.Tenant(ctx, person, "ws", "t1", access.WorkspaceBaselinesManage, access.TenantSync)
		Expect(err.Error()).To(ContainSubstring("tenant.sync"))
	})

	It("decides about ids found in bodies: unseen is missing, seen without the capability is denied", func() {
		g := gateOf(fake{role: tenancy.Operator, held: map[tenancy.TenantID]tenancy.TenantRole{"t1": tenancy.TenantReader}})
		s, err := g.Workspace(ctx, person, "ws")
		Expect(err).NotTo(HaveOccurred())
		ask := func(s access.Scope, t tenancy.TenantID, c access.Capability) error {
			_, err := g.Again(ctx, s, t, c)
			return err
		}
		Expect(ask(s, "t1", access.TenantView)).To(Succeed())
		Expect(code(ask(s, "t1", access.TenantSync))).To(Equal(fault.CodeForbidden))
		Expect(code(ask(s, "t2", access.TenantView))).To(Equal(fault.CodeNotFound))
		Expect(code(ask(access.Scope{}, "t1", access.TenantView))).To(Equal(fault.CodeNotFound))
	})

	It("never opens a door when the memberships cannot be read", func() {
		g := gateOf(fake{err: errors.New("away")})
		s, err := g.Workspace(ctx, person, "ws")
		Expect(err).To(MatchError(ContainSubstring("away")))
		Expect(s.Valid()).To(BeFalse())
		Expect(s.Can(access.WorkspaceView, "")).To(BeFalse())
	})

	It("reads the rights again, so that one that was lost no longer counts", func() {
		owner := gateOf(fake{role: tenancy.Owner, all: []tenancy.TenantID{"t1"}})
		s, err := owner.Tenant(ctx, person, "ws", "t1", access.TenantManage)
		Expect(err).NotTo(HaveOccurred())
		later := gateOf(fake{role: tenancy.Readonly, held: map[tenancy.TenantID]tenancy.TenantRole{"t1": tenancy.TenantReader}})
		_, err = later.Again(ctx, s, "t1", access.TenantManage)
		Expect(code(err)).To(Equal(fault.CodeForbidden))
		gone := gateOf(fake{})
		_, err = gone.Again(ctx, s, "t1", access.TenantManage)
		Expect(code(err)).To(Equal(fault.CodeNotFound))
		_, err = gone.Again(ctx, access.Scope{}, "")
		Expect(code(err)).To(Equal(fault.CodeNotFound))
		_, err = owner.Again(ctx, s, "", access.TenantManage)
		Expect(code(err)).To(Equal(fault.CodeNotFound))
	})

	It("lets the system's scope pass and reach one workspace only", func() {
		s, err := gateOf(fake{}).Again(ctx, access.System("ws"), "t9", access.TenantManage)
		Expect(err).NotTo(HaveOccurred())
		Expect(s.IsSystem()).To(BeTrue())
		Expect(s.Workspace()).To(Equal(tenancy.WorkspaceID("ws")))
		Expect(access.System("").Valid()).To(BeFalse())
	})

	It("admits customers to their own plane, for the tenants they have", func() {
		g := gateOf(fake{role: tenancy.Customer, all: []tenancy.TenantID{"t1", "t2"}, held: map[tenancy.TenantID]tenancy.TenantRole{"t1": tenancy.TenantReader}})
		s, err := g.Customer(ctx, person, "ws")
		Expect(err).NotTo(HaveOccurred())
		Expect(s.ViewsReviews("t1")).To(BeTrue())
		Expect(s.ViewsReviews("t2")).To(BeFalse())
		Expect(s.Capabilities("")).To(BeEmpty())
		Expect(s.Capabilities("t1")).To(ConsistOf(access.CustomerReviewsView))
	})

	It("gives no more rights with fewer memberships, whatever the roles", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			role := rapid.SampledFrom(tenancy.WorkspaceRoles()).Draw(t, "role")
			held := rapid.SampledFrom(tenancy.TenantRoles()).Draw(t, "tenant role")
			c := rapid.SampledFrom(access.All()).Draw(t, "capability")
			with := fake{role: role, all: []tenancy.TenantID{"t1"}, held: map[tenancy.TenantID]tenancy.TenantRole{"t1": held}}
			without := fake{role: role, all: with.all}
			a, err1 := gateOf(with).Customer(ctx, person, "ws")
			b, err2 := gateOf(without).Customer(ctx, person, "ws")
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if b.Can(c, "t1") && !a.Can(c, "t1") {
				t.Fatalf("%s loses %s by becoming tenant %s", role, c, held)
			}
			if c != access.CustomerReviewsView && a.Can(c, "t1") && !a.Can(access.WorkspaceView, "") {
				t.Fatalf("%s may %s without seeing the workspace", role, c)
			}
		})
	})
})
