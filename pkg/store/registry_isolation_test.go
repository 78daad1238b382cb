package store_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// victim is everything of one team that another team might name.
type victim struct {
	tenant tenancy.TenantID
	user   tenancy.UserID
}

// trespass is one verb aimed at ids that are the victim's.
type trespass struct {
	name string
	try  func(ctx context.Context, t *team, s access.Scope, v victim) error
}

var trespasses = []trespass{
	{"read a tenant", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.Tenant(ctx, s, v.tenant)
		return err
	}},
	{"change a tenant", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		name := "Mine"
		_, err := t.registry.ChangeTenant(ctx, s, v.tenant, revision(1), registry.TenantChange{DisplayName: &name})
		return err
	}},
	{"archive a tenant", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.ArchiveTenant(ctx, s, v.tenant)
		return err
	}},
	{"list a tenant's members", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, _, err := t.registry.TenantMembers(ctx, s, v.tenant, 0, "")
		return err
	}},
	{"entitle oneself to a tenant", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.PutTenantMember(ctx, s, v.tenant, t.owner.UserID, tenancy.TenantManager)
		return err
	}},
	{"entitle a stranger to a tenant of one's own", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.PutTenantMember(ctx, s, t.a.ID, v.user, tenancy.TenantReader)
		return err
	}},
	{"take a tenant member away", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		return t.registry.RemoveTenantMember(ctx, s, v.tenant, v.user, revision(1))
	}},
	{"read a connection", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.Connection(ctx, s, v.tenant)
		return err
	}},
	{"put a connection", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.PutConnection(ctx, s, v.tenant, revision(1), connectionWith("mine"))
		return err
	}},
	{"change a member's role", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.ChangeMemberRole(ctx, s, v.user, revision(1), tenancy.Customer)
		return err
	}},
	{"remove a member", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		return t.registry.RemoveMember(ctx, s, v.user, revision(1))
	}},
	{"pass the gate to a tenant", func(ctx context.Context, t *team, _ access.Scope, v victim) error {
		_, err := t.gate.Tenant(ctx, t.owner, t.ws, v.tenant)
		return err
	}},
	{"name a tenant in a body", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.gate.Again(ctx, s, v.tenant, access.TenantView)
		return err
	}},
	{"read a tenant with the system's scope of one's own workspace", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.Tenant(ctx, access.System(s.Workspace()), v.tenant)
		return err
	}},
	{"read a connection's row with the system's scope of one's own workspace", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.db.Registry().Connection(ctx, access.System(s.Workspace()), v.tenant, false)
		return err
	}},
	{"record a verification with the system's scope of one's own workspace", func(ctx context.Context, t *team, s access.Scope, v victim) error {
		_, err := t.registry.RecordVerification(ctx, access.System(s.Workspace()), v.tenant, registry.Verification{Revision: 1, Status: tenancy.ConnectionVerified})
		return err
	}},
}

var _ = Describe("Another workspace", func() {
	for _, a := range trespasses {
		It("is not found when somebody tries to "+a.name+", with the same answer as for nothing at all", func(ctx context.Context) {
			t := newWorld(ctx).team(ctx)
			twin := t.team(ctx)
			operator, _ := twin.member(ctx, tenancy.Operator)
			twin.entitle(ctx, operator, twin.a.ID, tenancy.TenantOperator)
			twin.connect(ctx, twin.a.ID, "theirs", nil)
			before := everything(ctx, twin.ws)

			s := t.scope(ctx, t.owner)
			for _, v := range []victim{
				{twin.a.ID, operator.UserID},
				{tenancy.TenantID(store.NewID()), tenancy.UserID(store.NewID())},
				{"not-an-id", "' OR 1=1 --"},
				{"", ""},
			} {
				err := a.try(ctx, t, s, v)
				Expect(err).To(haveCode(fault.CodeNotFound))
				Expect(fault.As(err)).To(Equal(fault.Missing()))
			}
			Expect(everything(ctx, twin.ws)).To(Equal(before))
		})
	}

	It("does not open for a zero scope, through any listing", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		r, none := t.registry, access.Scope{}
		_, _, err := r.Tenants(ctx, none, 0, "")
		Expect(err).To(haveCode(fault.CodeNotFound))
		_, _, err = r.Members(ctx, none, 0, "")
		Expect(err).To(haveCode(fault.CodeNotFound))
		_, _, err = r.TenantMembers(ctx, none, t.a.ID, 0, "")
		Expect(err).To(haveCode(fault.CodeNotFound))
		_, err = r.Workspace(ctx, none)
		Expect(err).To(haveCode(fault.CodeNotFound))
		_, err = t.db.AuditEvents(ctx, none, audit.Filter{})
		Expect(err).To(haveCode(fault.CodeNotFound))
	})

	It("never shows in a list, and its cursors are refused", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		twin := t.team(ctx)
		s, theirs := t.scope(ctx, t.owner), twin.scope(ctx, twin.owner)
		tenants, _, err := t.registry.Tenants(ctx, s, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(tenants).To(ConsistOf(t.a, t.b))
		members, _, err := t.registry.Members(ctx, s, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(members).To(HaveLen(1))
		events, err := t.db.AuditEvents(ctx, s, audit.Filter{Limit: 200})
		Expect(err).NotTo(HaveOccurred())
		for _, e := range events.Items {
			Expect(e.Workspace).To(Equal(t.ws))
		}
		_, cursor, err := twin.registry.Tenants(ctx, theirs, 1, "")
		Expect(err).NotTo(HaveOccurred())
		_, _, err = t.registry.Tenants(ctx, s, 1, cursor)
		Expect(err).To(haveCode(fault.CodeInvalidInput))
	})

	It("is closed to its customers but for their own plane", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		customer, _ := t.member(ctx, tenancy.Customer)
		t.entitle(ctx, customer, t.a.ID, tenancy.TenantManager)
		_, err := t.gate.Workspace(ctx, customer, t.ws)
		Expect(err).To(haveCode(fault.CodeNotFound))
		_, err = t.gate.Tenant(ctx, customer, t.ws, t.a.ID)
		Expect(err).To(haveCode(fault.CodeNotFound))
		items, _, err := t.registry.Workspaces(ctx, customer, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(items).To(BeEmpty())
		s, err := t.gate.Customer(ctx, customer, t.ws)
		Expect(err).NotTo(HaveOccurred())
		Expect(s.ViewsReviews(t.a.ID)).To(BeTrue())
		Expect(s.ViewsReviews(t.b.ID)).To(BeFalse())
		_, err = t.registry.ChangeTenant(ctx, s, t.a.ID, revision(1), registry.TenantChange{})
		Expect(err).To(haveCode(fault.CodeNotFound))
	})
})

// everything is what the database holds of a workspace, as text.
func everything(ctx context.Context, ws tenancy.WorkspaceID) string {
	GinkgoHelper()
	return ask[string](ctx, `SELECT jsonb_build_object(
		'workspace', (SELECT to_jsonb(w) FROM workspaces w WHERE id = $1),
		'members', (SELECT jsonb_agg(m ORDER BY user_id) FROM workspace_members m WHERE workspace_id = $1),
		'tenants', (SELECT jsonb_agg(t ORDER BY id) FROM tenants t WHERE workspace_id = $1),
		'tenant_members', (SELECT jsonb_agg(t ORDER BY tenant_id, user_id) FROM tenant_members t WHERE workspace_id = $1),
		'connections', (SELECT jsonb_agg(c ORDER BY tenant_id) FROM provider_connections c WHERE workspace_id = $1),
		'events', (SELECT count(*) FROM audit_events WHERE workspace_id = $1))::text`, ws)
}
