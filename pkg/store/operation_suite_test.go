package store_test

import (
	"context"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"log/slog"

	"github.com/tenantatlas/tenantatlas/pkg/embedded"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

var (
	ownerURL string
	suiteDB  *store.DB
)

func TestStore(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Store")
}

var _ = BeforeSuite(func(ctx context.Context) {
	pg, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{Ephemeral: true})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(pg.Stop)
	Expect(pg.EnsureDatabase(ctx, "engine")).To(Succeed())
	ownerURL = pg.DSN("engine")
	Expect(store.Migrate(ctx, ownerURL, slog.New(slog.DiscardHandler))).To(Succeed())
	keys, err := store.LoadKeys(filepath.Join(GinkgoT().TempDir(), "key"))
	Expect(err).NotTo(HaveOccurred())
	suiteDB, err = store.Open(ctx, store.Config{URL: ownerURL, MaxConns: 30, Keys: keys})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(suiteDB.Close()).To(Succeed()) })
})
