package store_test

import (
	"context"
	"errors"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// actions lists the recorded actions of a workspace, newest first.
func actions(ctx context.Context, t *team) []audit.Action {
	GinkgoHelper()
	page, err := t.db.AuditEvents(ctx, access.System(t.ws), audit.Filter{Limit: 200})
	Expect(err).NotTo(HaveOccurred())
	list := []audit.Action{}
	for _, e := range page.Items {
		list = append(list, e.Action)
	}
	return list
}

var _ = Describe("The audit trail", func() {
	It("records every change of the registry, newest first, with who and what and by which request", func(ctx context.Context) {
		ctx = audit.WithRequest(ctx, "req-17")
		t := newWorld(ctx).team(ctx)
		s := t.scope(ctx, t.owner)
		operator, m := t.member(ctx, tenancy.Readonly)
		_, err := t.registry.ChangeMemberRole(ctx, s, operator.UserID, &m.Revision, tenancy.Operator)
		Expect(err).NotTo(HaveOccurred())
		t.entitle(ctx, operator, t.a.ID, tenancy.TenantReader)
		t.entitle(ctx, operator, t.a.ID, tenancy.TenantOperator)
		Expect(t.registry.RemoveTenantMember(ctx, s, t.a.ID, operator.UserID, revision(2))).To(Succeed())
		t.connect(ctx, t.a.ID, "canary-8c1f", nil)
		_, err = t.registry.ArchiveTenant(ctx, s, t.a.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(t.registry.RemoveMember(ctx, s, operator.UserID, revision(2))).To(Succeed())

		Expect(actions(ctx, t)).To(Equal([]audit.Action{
			audit.MemberRemoved, audit.TenantArchived, audit.ConnectionStored, audit.TenantMemberRemoved, audit.TenantMemberRoleChanged,
			audit.TenantMemberAdded, audit.MemberRoleChanged, audit.MemberAdded, audit.TenantCreated, audit.TenantCreated,
			audit.MemberAdded, audit.WorkspaceCreated,
		}))
		page, err := t.db.AuditEvents(ctx, s, audit.Filter{Action: audit.ConnectionStored})
		Expect(err).NotTo(HaveOccurred())
		Expect(page.Items).To(HaveLen(1))
		e := page.Items[0]
		Expect(e.ActorID).To(Equal(t.owner.UserID))
		Expect(e.ActorName).To(Equal("Kim"))
		Expect(e.ActorVia).To(Equal("session"))
		Expect(e.Tenant).To(Equal(t.a.ID))
		Expect(e.RequestID).To(Equal("req-17"))
		Expect(e.At).To(BeTemporally("~", time.Now(), time.Minute))
		Expect(e.Details).To(HaveKeyWithValue("write_enabled", true))
		Expect(ask[int64](ctx, `SELECT count(*) FROM audit_events e WHERE row_to_json(e)::text LIKE '%canary-8c1f%'`)).To(BeZero())
	})

	It("records nothing of what was rolled back or refused", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		before := actions(ctx, t)
		undo := errors.New("undo")
		err := t.db.InTx(ctx, func(ctx context.Context) error {
			if _, err := t.registry.ArchiveTenant(ctx, t.scope(ctx, t.owner), t.a.ID); err != nil {
				return err
			}
			return undo
		})
		Expect(err).To(MatchError(undo))
		_, err = t.registry.RenameWorkspace(ctx, t.scope(ctx, t.owner), revision(9), "Other")
		Expect(err).To(HaveOccurred())
		Expect(actions(ctx, t)).To(Equal(before))
		Expect(t.registry.Tenant(ctx, t.scope(ctx, t.owner), t.a.ID)).To(Equal(t.a))
	})

	It("refuses an action that is not in the catalogue", func(ctx context.Context) {
		Expect(sharedDB(ctx).Record(ctx, audit.Event{Action: "tenant.exploded"}.By("", "x", "system"))).To(MatchError(ContainSubstring("catalogue")))
	})

	DescribeTable("cannot be rewritten by the application's role", func(ctx context.Context, statement string) {
		t := newWorld(ctx).team(ctx)
		db := store.SQLForSpecs(t.db)
		_, err := db.ExecContext(ctx, statement)
		Expect(err).To(MatchError(MatchRegexp("permission denied|must be owner")))
	},
		Entry("update", `UPDATE audit_events SET actor_name = 'nobody'`),
		Entry("delete", `DELETE FROM audit_events`),
		Entry("truncate", `TRUNCATE audit_events`),
		Entry("alter", `ALTER TABLE audit_events ADD COLUMN x int`),
		Entry("drop", `DROP TABLE audit_events`),
		Entry("insert over what is there", `INSERT INTO audit_events (id, at, action, actor_via)
			SELECT id, at, action, actor_via FROM audit_events LIMIT 1 ON CONFLICT (id) DO UPDATE SET at = now()`),
	)

	It("narrows by action, actor, tenant, operation and time, and pages without gaps", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		run, base := store.NewID(), t.clock.now()
		for range 5 {
			e := audit.Event{Action: audit.Queued("inventory.sync"), Workspace: t.ws, Tenant: t.a.ID, OperationID: run}
			Expect(t.db.Record(ctx, e.By(t.owner.UserID, "Kim", "token"))).To(Succeed())
		}
		s := t.scope(ctx, t.owner)
		count := func(f audit.Filter) int {
			GinkgoHelper()
			page, err := t.db.AuditEvents(ctx, s, f)
			Expect(err).NotTo(HaveOccurred())
			return len(page.Items)
		}
		Expect(count(audit.Filter{OperationID: run})).To(Equal(5))
		Expect(count(audit.Filter{TenantID: t.a.ID})).To(Equal(6))
		Expect(count(audit.Filter{Action: audit.Queued("inventory.sync"), TenantID: t.b.ID})).To(BeZero())
		Expect(count(audit.Filter{ActorID: t.owner.UserID})).To(Equal(9))
		Expect(count(audit.Filter{ActorID: tenancy.UserID(store.NewID())})).To(BeZero())
		Expect(count(audit.Filter{Since: base.Add(time.Hour)})).To(BeZero())
		Expect(count(audit.Filter{Since: base.Add(-time.Hour)})).To(Equal(9))
		for _, f := range []audit.Filter{{ActorID: "x"}, {TenantID: "x"}, {OperationID: "x"}, {Cursor: "x"}, {Limit: -1}} {
			_, err := t.db.AuditEvents(ctx, s, f)
			Expect(err).To(haveCode(fault.CodeInvalidInput))
		}

		var paged, exported []int64
		for f := (audit.Filter{Limit: 2}); ; {
			page, err := t.db.AuditEvents(ctx, s, f)
			Expect(err).NotTo(HaveOccurred())
			for _, e := range page.Items {
				paged = append(paged, e.Seq)
			}
			if f.Cursor = page.NextCursor; f.Cursor == "" {
				break
			}
		}
		Expect(t.db.ExportAudit(ctx, s, audit.Filter{}, func(e audit.Event) error {
			exported = append(exported, e.Seq)
			return nil
		})).To(Succeed())
		Expect(paged).To(HaveLen(9))
		Expect(exported).To(Equal(paged))
	})

	It("exports more than one reading holds, and ends when the reader does", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		owns(ctx, `INSERT INTO audit_events (id, at, workspace_id, action, actor_via)
			SELECT gen_random_uuid(), now(), $1, 'control.paused', 'system' FROM generate_series(1, 1200)`, t.ws)
		s, n := t.scope(ctx, t.owner), 0
		Expect(t.db.ExportAudit(ctx, s, audit.Filter{Action: audit.ControlPaused}, func(audit.Event) error { n++; return nil })).To(Succeed())
		Expect(n).To(Equal(1200))
		gone := errors.New("the reader is gone")
		Expect(t.db.ExportAudit(ctx, s, audit.Filter{}, func(audit.Event) error { return gone })).To(MatchError(gone))
	})

	It("leaves out the events of tenants the reader is not entitled to", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		operator, _ := t.member(ctx, tenancy.Operator)
		t.entitle(ctx, operator, t.b.ID, tenancy.TenantReader)
		page, err := t.db.AuditEvents(ctx, t.scope(ctx, operator), audit.Filter{Limit: 200})
		Expect(err).NotTo(HaveOccurred())
		for _, e := range page.Items {
			Expect(e.Tenant).To(BeElementOf(tenancy.TenantID(""), t.b.ID))
		}
		Expect(page.Items).NotTo(BeEmpty())
	})

	It("keeps no change whose event cannot be written", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		broken, err := registry.New(registry.Parts{Store: t.db.Registry(), Audit: refuser{}, Gate: t.gate, Now: t.clock.now})
		Expect(err).NotTo(HaveOccurred())
		_, err = broken.ArchiveTenant(ctx, t.scope(ctx, t.owner), t.a.ID)
		Expect(err).To(MatchError(ContainSubstring("no room")))
		Expect(t.registry.Tenant(ctx, t.scope(ctx, t.owner), t.a.ID)).To(Equal(t.a))
	})
})

// refuser records nothing.
type refuser struct{}

func (refuser) Record(context.Context, audit.Event) error { return errors.New("no room") }
