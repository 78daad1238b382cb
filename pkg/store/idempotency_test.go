package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

var _ = Describe("An idempotent request", func() {
	var key identity.RequestKey
	BeforeEach(func() {
		key = identity.RequestKey{Principal: store.NewID(), Method: "POST", Path: "/api/v1/workspaces", Key: "k"}
	})
	answer := identity.StoredAnswer{Status: 201, Location: "/api/v1/workspaces/1", ETag: `"1"`, Body: []byte(`{"id":"1"}`)}

	It("is answered from the store when it is repeated", func(ctx context.Context) {
		db := sharedDB(ctx)
		r, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		Expect(r.Replay).To(BeNil())
		_, err = db.Reserve(ctx, key, "digest")
		Expect(err).To(haveCode(identity.CodeInProgress))
		Expect(db.Complete(ctx, r, answer)).To(Succeed())
		again, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		Expect(again.Replay).To(HaveValue(Equal(answer)))
		_, err = db.Reserve(ctx, key, "another digest")
		Expect(err).To(haveCode(identity.CodeKeyReused))
	})

	It("is nobody else's, and of no other path or method", func(ctx context.Context) {
		db := sharedDB(ctx)
		_, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		for _, other := range []identity.RequestKey{
			{Principal: store.NewID(), Method: key.Method, Path: key.Path, Key: key.Key},
			{Principal: key.Principal, Method: "PUT", Path: key.Path, Key: key.Key},
			{Principal: key.Principal, Method: key.Method, Path: "/elsewhere", Key: key.Key},
			{Principal: key.Principal, Method: key.Method, Path: key.Path, Key: "other"},
		} {
			r, err := db.Reserve(ctx, other, "other digest")
			Expect(err).NotTo(HaveOccurred())
			Expect(r.Replay).To(BeNil())
		}
	})

	It("may be repeated after it came to nothing", func(ctx context.Context) {
		db := sharedDB(ctx)
		r, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		Expect(db.Release(ctx, r)).To(Succeed())
		_, err = db.Reserve(ctx, key, "corrected body")
		Expect(err).NotTo(HaveOccurred())
	})

	It("runs once among many at the same time", func(ctx context.Context) {
		db := sharedDB(ctx)
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				defer GinkgoRecover()
				if _, err := db.Reserve(ctx, key, "digest"); err != nil {
					Expect(err).To(haveCode(identity.CodeInProgress))
					return
				}
				won.Add(1)
			})
		}
		wg.Wait()
		Expect(won.Load()).To(Equal(int32(1)))
	})

	It("is taken over when its process died, and the dead one's answer is dropped", func(ctx context.Context) {
		db := sharedDB(ctx)
		dead, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		owns(ctx, `UPDATE idempotency_keys SET reserved_at = reserved_at - interval '3 minutes' WHERE principal = $1`, key.Principal)
		_, err = db.Reserve(ctx, key, "another digest")
		Expect(err).To(haveCode(identity.CodeKeyReused))
		heir, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		Expect(heir.Replay).To(BeNil())
		Expect(db.Complete(ctx, dead, identity.StoredAnswer{Status: 200, Body: []byte("late")})).To(Succeed())
		Expect(db.Release(ctx, dead)).To(Succeed())
		Expect(db.Complete(ctx, heir, answer)).To(Succeed())
		again, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		Expect(again.Replay).To(HaveValue(Equal(answer)))
	})

	It("is forgotten after a day", func(ctx context.Context) {
		db := sharedDB(ctx)
		r, err := db.Reserve(ctx, key, "digest")
		Expect(err).NotTo(HaveOccurred())
		Expect(db.Complete(ctx, r, answer)).To(Succeed())
		owns(ctx, `UPDATE idempotency_keys SET expires_at = now() - interval '1 second' WHERE principal = $1`, key.Principal)
		fresh, err := db.Reserve(ctx, key, "another digest")
		Expect(err).NotTo(HaveOccurred())
		Expect(fresh.Replay).To(BeNil())
		owns(ctx, `UPDATE idempotency_keys SET expires_at = now() - interval '1 day' WHERE principal = $1`, key.Principal)
		n, err := db.ForgetIdempotency(ctx, time.Now().Add(-time.Hour))
		Expect(err).NotTo(HaveOccurred())
		Expect(n).To(Equal(int64(1)))
	})

	It("needs a key of a sensible length", func(ctx context.Context) {
		key.Key = ""
		_, err := sharedDB(ctx).Reserve(ctx, key, "digest")
		Expect(err).To(haveCode(fault.CodeInvalidInput))
	})
})
