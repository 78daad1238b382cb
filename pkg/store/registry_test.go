package store_test

import (
	"context"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("Workspaces", func() {
	It("belong to who made them, and are listed page by page for their members only", func(ctx context.Context) {
		w := newWorld(ctx)
		kim, lee := w.person(ctx), w.person(ctx)
		var want []string
		for _, name := range []string{"Eins", "Zwei", "Drei"} {
			ws, err := w.registry.CreateWorkspace(ctx, kim, " "+name+" ")
			Expect(err).NotTo(HaveOccurred())
			want = append(want, ws.DisplayName)
			w.clock.advance(time.Second)
		}
		Expect(want).To(Equal([]string{"Eins", "Zwei", "Drei"}))
		var have []string
		for cursor, pages := "", 0; ; pages++ {
			items, next, err := w.registry.Workspaces(ctx, kim, 2, cursor)
			Expect(err).NotTo(HaveOccurred())
			for _, ws := range items {
				have = append(have, ws.DisplayName)
			}
			if cursor = next; next == "" {
				Expect(pages).To(Equal(1))
				break
			}
		}
		Expect(have).To(Equal(want))
		items, _, err := w.registry.Workspaces(ctx, lee, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(items).To(BeEmpty())
	})

	It("change by revision, and only by an owner", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		manager, _ := t.member(ctx, tenancy.Manager)
		_, err := t.registry.RenameWorkspace(ctx, t.scope(ctx, manager), revision(1), "Other")
		Expect(err).To(haveCode(fault.CodeForbidden))
		s := t.scope(ctx, t.owner)
		_, err = t.registry.RenameWorkspace(ctx, s, nil, "Other")
		Expect(err).To(haveCode("precondition_required"))
		_, err = t.registry.RenameWorkspace(ctx, s, revision(2), "Other")
		Expect(err).To(haveCode(fault.CodePrecondition))
		ws, err := t.registry.RenameWorkspace(ctx, s, revision(1), "Other")
		Expect(err).NotTo(HaveOccurred())
		Expect(ws.Revision).To(Equal(int64(2)))
		again, err := t.registry.Workspace(ctx, s)
		Expect(err).NotTo(HaveOccurred())
		Expect(again).To(Equal(ws))
	})
})

var _ = Describe("Members", func() {
	It("are added by email; a fresh account and a known one get the same answer", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		s, email := t.scope(ctx, t.owner), store.NewID()+"@example.test"
		m, err := t.registry.AddMember(ctx, s, " "+email+" ", tenancy.Operator)
		Expect(err).NotTo(HaveOccurred())
		Expect(m.User.Email).To(Equal(email))
		Expect(m.Role).To(Equal(tenancy.Operator))
		Expect(m.Revision).To(Equal(int64(1)))
		twin := t.team(ctx)
		other, err := twin.registry.AddMember(ctx, twin.scope(ctx, twin.owner), email, tenancy.Operator)
		Expect(err).NotTo(HaveOccurred())
		Expect(other).To(Equal(m))
		_, err = t.registry.AddMember(ctx, s, email, tenancy.Manager)
		Expect(err).To(haveCode(fault.CodeConflict))
		hash, err := t.db.Identity().PasswordHash(ctx, m.User.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(hash).To(BeEmpty())
	})

	It("get and lose the role owner from owners only", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		manager, _ := t.member(ctx, tenancy.Manager)
		_, reader := t.member(ctx, tenancy.Readonly)
		s := t.scope(ctx, manager)
		_, err := t.registry.AddMember(ctx, s, store.NewID()+"@example.test", tenancy.Owner)
		Expect(err).To(haveCode(fault.CodeForbidden))
		_, err = t.registry.ChangeMemberRole(ctx, s, reader.User.ID, revision(1), tenancy.Owner)
		Expect(err).To(haveCode(fault.CodeForbidden))
		_, err = t.registry.ChangeMemberRole(ctx, s, t.owner.UserID, revision(1), tenancy.Readonly)
		Expect(err).To(haveCode(fault.CodeForbidden))
		Expect(t.registry.RemoveMember(ctx, s, t.owner.UserID, revision(1))).To(haveCode(fault.CodeForbidden))
		m, err := t.registry.ChangeMemberRole(ctx, s, reader.User.ID, revision(1), tenancy.Support)
		Expect(err).NotTo(HaveOccurred())
		Expect(m.Revision).To(Equal(int64(2)))
		_, err = t.registry.ChangeMemberRole(ctx, s, reader.User.ID, revision(1), tenancy.Operator)
		Expect(err).To(haveCode(fault.CodePrecondition))
		Expect(t.registry.RemoveMember(ctx, s, reader.User.ID, nil)).To(haveCode("precondition_required"))
	})

	It("keep the last owner", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		s := t.scope(ctx, t.owner)
		_, err := t.registry.ChangeMemberRole(ctx, s, t.owner.UserID, revision(1), tenancy.Manager)
		Expect(err).To(haveCode(fault.CodeConflict))
		Expect(t.registry.RemoveMember(ctx, s, t.owner.UserID, revision(1))).To(haveCode(fault.CodeConflict))
		_, err = t.registry.Admit(ctx, store.NewID(), t.owner.UserID, tenancy.Owner)
		Expect(err).NotTo(HaveOccurred())
	})

	It("keep exactly one owner when owners take the role from each other at once", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		const rounds = 12
		for range rounds {
			second, m := t.member(ctx, tenancy.Owner)
			first, err := t.db.Registry().Member(ctx, t.scope(ctx, t.owner), t.owner.UserID)
			Expect(err).NotTo(HaveOccurred())
			s1, s2 := t.scope(ctx, t.owner), t.scope(ctx, second)
			var wg sync.WaitGroup
			var err1, err2 error
			wg.Go(func() { err1 = t.registry.RemoveMember(ctx, s1, second.UserID, &m.Revision) })
			wg.Go(func() { err2 = t.registry.RemoveMember(ctx, s2, t.owner.UserID, &first.Revision) })
			wg.Wait()
			Expect([]bool{err1 == nil, err2 == nil}).To(ConsistOf(true, false))
			owners, err := t.db.Registry().CountOwners(ctx, access.System(t.ws))
			Expect(err).NotTo(HaveOccurred())
			Expect(owners).To(Equal(1))
			if err2 == nil {
				t.owner = second
			}
		}
	})

	It("who leave lose their tenants with the workspace", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		operator, m := t.member(ctx, tenancy.Operator)
		t.entitle(ctx, operator, t.a.ID, tenancy.TenantOperator)
		stale := t.scope(ctx, operator)
		Expect(t.registry.RemoveMember(ctx, t.scope(ctx, t.owner), operator.UserID, &m.Revision)).To(Succeed())
		_, err := t.gate.Workspace(ctx, operator, t.ws)
		Expect(err).To(haveCode(fault.CodeNotFound))
		_, err = t.registry.ChangeTenant(ctx, stale, t.a.ID, revision(1), registry.TenantChange{})
		Expect(err).To(haveCode(fault.CodeNotFound))
		members, _, err := t.registry.TenantMembers(ctx, t.scope(ctx, t.owner), t.a.ID, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(members).To(BeEmpty())
	})

	It("come from the command line too, once per workspace name", func(ctx context.Context) {
		w := newWorld(ctx)
		name := "Team " + store.NewID()
		people := make([]access.Actor, 6)
		for i := range people {
			people[i] = w.person(ctx)
		}
		ids, wg := make([]tenancy.WorkspaceID, len(people)), sync.WaitGroup{}
		for i, p := range people {
			wg.Go(func() {
				defer GinkgoRecover()
				ws, err := w.registry.Admit(ctx, name, p.UserID, tenancy.Owner)
				Expect(err).NotTo(HaveOccurred())
				ids[i] = ws.ID
			})
		}
		wg.Wait()
		for _, id := range ids {
			Expect(id).To(Equal(ids[0]))
		}
		_, err := w.registry.Admit(ctx, name, people[0].UserID, tenancy.Readonly)
		Expect(err).NotTo(HaveOccurred())
		_, err = w.registry.Admit(ctx, name, people[0].UserID, "emperor")
		Expect(err).To(haveCode(fault.CodeInvalidInput))
	})
})

var _ = Describe("Tenants", func() {
	It("are one per directory and workspace, in whatever case it is written", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		twin := t.team(ctx)
		n := registry.NewTenant{DisplayName: "Alpha again", DirectoryID: string(t.a.DirectoryID), Cloud: tenancy.CloudGlobal}
		_, err := t.registry.CreateTenant(ctx, t.scope(ctx, t.owner), n)
		Expect(err).To(haveCode(registry.CodeDirectoryRegistered))
		_, err = twin.registry.CreateTenant(ctx, twin.scope(ctx, twin.owner), n)
		Expect(err).NotTo(HaveOccurred())
	})

	It("change by revision and are archived once", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		s, name := t.scope(ctx, t.owner), "Gamma"
		_, err := t.registry.ChangeTenant(ctx, s, t.a.ID, nil, registry.TenantChange{DisplayName: &name})
		Expect(err).To(haveCode("precondition_required"))
		changed, err := t.registry.ChangeTenant(ctx, s, t.a.ID, revision(1), registry.TenantChange{DisplayName: &name})
		Expect(err).NotTo(HaveOccurred())
		Expect(changed.DisplayName).To(Equal(name))
		Expect(changed.Cloud).To(Equal(t.a.Cloud))
		_, err = t.registry.ChangeTenant(ctx, s, t.a.ID, revision(1), registry.TenantChange{DisplayName: &name})
		Expect(err).To(haveCode(fault.CodePrecondition))

		archived, err := t.registry.ArchiveTenant(ctx, s, t.a.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(archived.ArchivedAt).NotTo(BeNil())
		t.clock.advance(time.Hour)
		again, err := t.registry.ArchiveTenant(ctx, s, t.a.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(again).To(Equal(archived))
	})

	It("are listed for those entitled, page by page", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		operator, _ := t.member(ctx, tenancy.Operator)
		t.entitle(ctx, operator, t.b.ID, tenancy.TenantReader)
		items, next, err := t.registry.Tenants(ctx, t.scope(ctx, operator), 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(next).To(BeEmpty())
		Expect(items).To(Equal([]tenancy.Tenant{t.b}))
		nobody, _ := t.member(ctx, tenancy.Operator)
		items, _, err = t.registry.Tenants(ctx, t.scope(ctx, nobody), 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(items).To(BeEmpty())

		s := t.scope(ctx, t.owner)
		first, next, err := t.registry.Tenants(ctx, s, 1, "")
		Expect(err).NotTo(HaveOccurred())
		second, end, err := t.registry.Tenants(ctx, s, 1, next)
		Expect(err).NotTo(HaveOccurred())
		Expect(end).To(BeEmpty())
		Expect(append(first, second...)).To(ConsistOf(t.a, t.b))
		_, _, err = t.registry.Tenants(ctx, s, 201, "")
		Expect(err).To(haveCode(fault.CodeInvalidInput))
	})

	It("entitle members of the workspace, whose role a second POST changes", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		operator, _ := t.member(ctx, tenancy.Operator)
		s := t.scope(ctx, t.owner)
		_, err := t.registry.PutTenantMember(ctx, s, t.a.ID, t.person(ctx).UserID, tenancy.TenantReader)
		Expect(err).To(haveCode(fault.CodeNotFound))
		m, err := t.registry.PutTenantMember(ctx, s, t.a.ID, operator.UserID, tenancy.TenantReader)
		Expect(err).NotTo(HaveOccurred())
		Expect(m.Revision).To(Equal(int64(1)))
		m, err = t.registry.PutTenantMember(ctx, s, t.a.ID, operator.UserID, tenancy.TenantManager)
		Expect(err).NotTo(HaveOccurred())
		Expect(m.Role).To(Equal(tenancy.TenantManager))
		// A tenant's manager may entitle others there, and nowhere else.
		_, err = t.gate.Tenant(ctx, operator, t.ws, t.a.ID, access.TenantMembersManage)
		Expect(err).NotTo(HaveOccurred())
		_, err = t.registry.PutTenantMember(ctx, t.scope(ctx, operator), t.b.ID, operator.UserID, tenancy.TenantReader)
		Expect(err).To(haveCode(fault.CodeNotFound))
		Expect(t.registry.RemoveTenantMember(ctx, s, t.a.ID, operator.UserID, revision(1))).To(haveCode(fault.CodePrecondition))
		Expect(t.registry.RemoveTenantMember(ctx, s, t.a.ID, operator.UserID, revision(2))).To(Succeed())
		Expect(t.registry.RemoveTenantMember(ctx, s, t.a.ID, operator.UserID, revision(2))).To(haveCode(fault.CodeNotFound))
	})
})
