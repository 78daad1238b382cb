package store_test

import (
	"context"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

var _ = Describe("A provider connection", func() {
	It("is none until it is put, unverified then, and replaced by revision", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		s := t.scope(ctx, t.owner)
		c, err := t.registry.Connection(ctx, s, t.a.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(c).To(Equal(tenancy.Connection{TenantID: t.a.ID, Status: tenancy.ConnectionNone}))
		_, err = t.registry.PutConnection(ctx, s, t.a.ID, revision(1), connectionWith("one"))
		Expect(err).To(haveCode(fault.CodePrecondition))

		first := t.connect(ctx, t.a.ID, "one", nil)
		Expect(first.Status).To(Equal(tenancy.ConnectionUnverified))
		Expect(first.Revision).To(Equal(int64(1)))
		_, err = t.registry.PutConnection(ctx, s, t.a.ID, nil, connectionWith("two"))
		Expect(err).To(haveCode("precondition_required"))
		second := t.connect(ctx, t.a.ID, "two", revision(1))
		Expect(second.Revision).To(Equal(int64(2)))
		opened, err := t.registry.OpenCredential(ctx, access.System(t.ws), t.a.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(opened.Secret.Reveal()).To(Equal("two"))
		Expect(opened.DirectoryID).To(Equal(t.a.DirectoryID))
		Expect(opened.WriteEnabled).To(BeTrue())
		Expect(opened.Revision).To(Equal(int64(2)))
	})

	It("is made once by two first PUTs at the same time", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		s := t.scope(ctx, t.owner)
		errs, wg := make([]error, 8), sync.WaitGroup{}
		for i := range errs {
			wg.Go(func() { _, errs[i] = t.registry.PutConnection(ctx, s, t.a.ID, nil, connectionWith("x")) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				Expect(err).To(haveCode("precondition_required"))
			}
		}
		Expect(won).To(Equal(1))
	})

	It("knows what its last check found, until it is replaced", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		system, at := access.System(t.ws), t.clock.now()
		t.connect(ctx, t.a.ID, "one", nil)
		found := registry.Verification{
			Revision: 1, Status: tenancy.ConnectionPermissionMissing, Granted: []string{"A.Read.All"}, Missing: []string{"B.ReadWrite.All"},
			Reason: "A permission is missing.", At: at,
		}
		recorded, err := t.registry.RecordVerification(ctx, system, t.a.ID, found)
		Expect(err).NotTo(HaveOccurred())
		Expect(recorded).To(BeTrue())
		c, err := t.registry.Connection(ctx, t.scope(ctx, t.owner), t.a.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(c.Status).To(Equal(tenancy.ConnectionPermissionMissing))
		Expect(c.GrantedPermissions).To(Equal(found.Granted))
		Expect(c.MissingPermissions).To(Equal(found.Missing))
		Expect(c.VerifiedAt).To(HaveValue(Equal(at)))

		older := found
		older.At, older.Status = at.Add(-time.Minute), tenancy.ConnectionVerified
		Expect(t.registry.RecordVerification(ctx, system, t.a.ID, older)).To(BeFalse())

		replaced := t.connect(ctx, t.a.ID, "two", revision(1))
		Expect(replaced.Status).To(Equal(tenancy.ConnectionUnverified))
		Expect(t.registry.RecordVerification(ctx, system, t.a.ID, found)).To(BeFalse())
		c, err = t.registry.Connection(ctx, t.scope(ctx, t.owner), t.a.ID)
		Expect(err).NotTo(HaveOccurred())
		Expect(c.Status).To(Equal(tenancy.ConnectionUnverified))
		Expect(c.VerifiedAt).To(BeNil())
		Expect(c.GrantedPermissions).To(BeEmpty())
	})

	It("opens for nobody but the system", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		t.connect(ctx, t.a.ID, "one", nil)
		_, err := t.registry.OpenCredential(ctx, t.scope(ctx, t.owner), t.a.ID)
		Expect(err).To(MatchError(ContainSubstring("system's scope only")))
		_, err = t.registry.RecordVerification(ctx, t.scope(ctx, t.owner), t.a.ID, registry.Verification{})
		Expect(err).To(MatchError(ContainSubstring("system's scope only")))
		_, err = t.registry.OpenCredential(ctx, access.System(t.ws), t.b.ID)
		Expect(err).To(haveCode(fault.CodeNotFound))
		twin := t.team(ctx)
		_, err = t.registry.OpenCredential(ctx, access.System(twin.ws), t.a.ID)
		Expect(err).To(haveCode(fault.CodeNotFound))
	})

	It("is kept sealed", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		t.connect(ctx, t.a.ID, "canary-99ad", nil)
		text := ask[string](ctx, `SELECT row_to_json(c)::text || encode(sealed_credential, 'escape') FROM provider_connections c WHERE tenant_id = $1`, t.a.ID)
		Expect(text).NotTo(ContainSubstring("canary-99ad"))
	})

	DescribeTable("does not open after its row was tampered with, and that is recorded",
		func(ctx context.Context, tamper func(ctx context.Context, t, twin *team)) {
			t := newWorld(ctx).team(ctx)
			twin := t.team(ctx)
			t.connect(ctx, t.a.ID, "secret of a", nil)
			t.connect(ctx, t.b.ID, "secret of b", nil)
			twin.connect(ctx, twin.a.ID, "secret of the twin", nil)
			tamper(ctx, t, twin)
			_, err := t.registry.OpenCredential(ctx, access.System(t.ws), t.a.ID)
			Expect(err).To(MatchError(registry.ErrCredentialSealed))
			Expect(err.Error()).NotTo(ContainSubstring("secret of"))
			page, err := t.db.AuditEvents(ctx, access.System(t.ws), audit.Filter{Action: audit.CredentialOpenFailed, TenantID: t.a.ID})
			Expect(err).NotTo(HaveOccurred())
			Expect(page.Items).To(HaveLen(1))
		},
		Entry("by another tenant's ciphertext", func(ctx context.Context, t, _ *team) {
			owns(ctx, `UPDATE provider_connections SET sealed_credential = (SELECT sealed_credential FROM provider_connections WHERE tenant_id = $2) WHERE tenant_id = $1`, t.a.ID, t.b.ID)
		}),
		Entry("by another tenant's ciphertext and credential id", func(ctx context.Context, t, _ *team) {
			owns(ctx, `UPDATE provider_connections SET (sealed_credential, credential_id) = (SELECT sealed_credential, credential_id FROM provider_connections WHERE tenant_id = $2) WHERE tenant_id = $1`, t.a.ID, t.b.ID)
		}),
		Entry("by another workspace's ciphertext", func(ctx context.Context, t, twin *team) {
			owns(ctx, `UPDATE provider_connections SET (sealed_credential, credential_id) = (SELECT sealed_credential, credential_id FROM provider_connections WHERE tenant_id = $2) WHERE tenant_id = $1`, t.a.ID, twin.a.ID)
		}),
		Entry("by its own older ciphertext", func(ctx context.Context, t, _ *team) {
			old := ask[[]byte](ctx, `SELECT sealed_credential FROM provider_connections WHERE tenant_id = $1`, t.a.ID)
			t.connect(ctx, t.a.ID, "a newer secret", revision(1))
			owns(ctx, `UPDATE provider_connections SET sealed_credential = $2 WHERE tenant_id = $1`, t.a.ID, old)
		}),
		Entry("by another key version", func(ctx context.Context, t, _ *team) {
			owns(ctx, `UPDATE provider_connections SET key_version = key_version - 1 WHERE tenant_id = $1`, t.a.ID)
		}),
		Entry("by one bit", func(ctx context.Context, t, _ *team) {
			owns(ctx, `UPDATE provider_connections SET sealed_credential = set_byte(sealed_credential, 20, get_byte(sealed_credential, 20) # 1) WHERE tenant_id = $1`, t.a.ID)
		}),
	)
})
