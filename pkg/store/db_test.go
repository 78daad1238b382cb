package store_test

import (
	"context"
	"errors"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("A transaction", func() {
	It("is joined by what is called inside it, and undone as a whole", func(ctx context.Context) {
		w := newWorld(ctx)
		name, email := "Team "+store.NewID(), store.NewID()+"@example.test"
		undo := errors.New("undo")
		provision := func(result error) error {
			return w.db.InTx(ctx, func(ctx context.Context) error {
				u, err := w.identity.CreateUser(ctx, identity.NewUser{Email: email})
				if err != nil {
					return err
				}
				if _, err := w.registry.Admit(ctx, name, u.ID, tenancy.Owner); err != nil {
					return err
				}
				return result
			})
		}
		count := func() int64 {
			return ask[int64](ctx, `SELECT (SELECT count(*) FROM users WHERE email = $1) + (SELECT count(*) FROM workspaces WHERE display_name = $2)`, email, name)
		}
		Expect(provision(undo)).To(MatchError(undo))
		Expect(count()).To(BeZero())
		Expect(provision(nil)).To(Succeed())
		Expect(provision(nil)).To(Succeed())
		Expect(count()).To(Equal(int64(2)))
	})

	It("lets one of several changes of the same revision through", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		s, errs, wg := t.scope(ctx, t.owner), make([]error, 8), sync.WaitGroup{}
		for i := range errs {
			wg.Go(func() {
				name := store.NewID()
				_, errs[i] = t.registry.ChangeTenant(ctx, s, t.a.ID, revision(1), registry.TenantChange{DisplayName: &name})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			Expect(err).To(haveCode(fault.CodePrecondition))
		}
		Expect(won).To(Equal(1))
	})

	It("at REPEATABLE READ says so when a concurrent change won", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		s, name := t.scope(ctx, t.owner), "Inside"
		err := t.db.InSnapshot(ctx, func(inside context.Context) error {
			if _, err := t.registry.Tenant(inside, s, t.a.ID); err != nil {
				return err
			}
			other := "Outside"
			if _, err := t.registry.ChangeTenant(ctx, s, t.a.ID, revision(1), registry.TenantChange{DisplayName: &other}); err != nil {
				return err
			}
			_, err := t.registry.ChangeTenant(inside, s, t.a.ID, revision(1), registry.TenantChange{DisplayName: &name})
			return err
		})
		Expect(err).To(MatchError(store.ErrSerialization))
	})
})

var _ = Describe("What the database says", func() {
	It("reaches the rooms as faults, without its words", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		system := access.System(t.ws)
		_, err := t.db.Registry().CreateTenant(ctx, system, tenancy.Tenant{DisplayName: "x\x00y", DirectoryID: "6f1c2b1e-0000-4000-8000-00000000000a", Cloud: tenancy.CloudGlobal})
		Expect(err).To(haveCode(fault.CodeInvalidInput))
		_, err = t.db.Registry().CreateTenant(ctx, system, tenancy.Tenant{DisplayName: "x", DirectoryID: "6f1c2b1e-0000-4000-8000-00000000000a", Cloud: "moon"})
		Expect(err).To(haveCode(fault.CodeConflict))
		Expect(fault.As(err).Message).NotTo(ContainSubstring("tenants_cloud_check"))
		err = t.db.Identity().CreateSession(ctx, identity.SessionRecord{Digest: []byte(t.ws), UserID: t.owner.UserID})
		Expect(err).NotTo(HaveOccurred())
		err = t.db.Identity().CreateSession(ctx, identity.SessionRecord{Digest: []byte(t.ws), UserID: t.owner.UserID})
		Expect(err).To(MatchError(&store.DuplicateError{Constraint: "sessions_pkey"}))
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		_, err = t.registry.Workspace(cancelled, system)
		Expect(err).To(MatchError(context.Canceled))
	})

	It("is that it is away, once the server is gone, and nothing is decided then", func(ctx context.Context) {
		cluster, err := storetest.Start(ctx)
		Expect(err).NotTo(HaveOccurred())
		db, err := cluster.New(ctx)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(db.Close)
		gate, err := access.NewGate(db.Memberships())
		Expect(err).NotTo(HaveOccurred())
		Expect(db.Ping(ctx)).To(Succeed())
		Expect(cluster.Stop(ctx)).To(Succeed())
		Expect(db.Ping(ctx)).To(haveCode(fault.CodeUnavailable))
		Expect(store.MigrationsCurrent(ctx, db)).To(haveCode(fault.CodeUnavailable))
		_, err = gate.Workspace(ctx, access.Actor{UserID: tenancy.UserID(store.NewID())}, tenancy.WorkspaceID(store.NewID()))
		Expect(err).To(haveCode(fault.CodeUnavailable))
		err = db.InTx(ctx, func(context.Context) error { return nil })
		Expect(err).To(haveCode(fault.CodeUnavailable))
	})
})
