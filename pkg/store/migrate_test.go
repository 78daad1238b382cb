package store_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
)

// schema describes tables, columns, constraints, indexes and rights as text, so
// that two states of a schema can be compared.
const schema = `
SELECT coalesce(string_agg(line, E'\n' ORDER BY line), '') FROM (
	SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
	FROM information_schema.columns WHERE table_schema = 'public'
	UNION ALL
	SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
	FROM pg_constraint WHERE connamespace = 'public'::regnamespace
	UNION ALL
	SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
	UNION ALL
	SELECT format('right %s %s', relname, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) a))
	FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
	UNION ALL
	SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) lines`

func askAt(ctx context.Context, dsn, query string) string {
	GinkgoHelper()
	conn, err := pgx.Connect(ctx, dsn)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
	var text string
	Expect(conn.QueryRow(ctx, query).Scan(&text)).To(Succeed())
	return text
}

func emptyDatabase(ctx context.Context) string {
	GinkgoHelper()
	cluster, err := storetest.Shared(ctx)
	Expect(err).NotTo(HaveOccurred())
	dsn, err := cluster.EmptyDSN(ctx)
	Expect(err).NotTo(HaveOccurred())
	return dsn
}

var _ = Describe("Migrations", func() {
	quiet := slog.New(slog.DiscardHandler)

	It("go up, down and up again to the same schema, and leave nothing below", func(ctx context.Context) {
		dsn := emptyDatabase(ctx)
		Expect(store.Migrate(ctx, dsn, quiet)).To(Succeed())
		first := askAt(ctx, dsn, schema)
		Expect(first).To(ContainSubstring("tenants_workspace_directory_key"))
		Expect(store.MigrateDownTo(ctx, dsn, 0)).To(Succeed())
		for line := range strings.Lines(askAt(ctx, dsn, schema)) {
			Expect(line).To(ContainSubstring("goose_db_version"))
		}
		Expect(store.Migrate(ctx, dsn, quiet)).To(Succeed())
		Expect(askAt(ctx, dsn, schema)).To(Equal(first))
	})

	It("wait for one another when several processes start at once, and are harmless to repeat", func(ctx context.Context) {
		dsn := emptyDatabase(ctx)
		errs, wg := make([]error, 4), sync.WaitGroup{}
		for i := range errs {
			wg.Go(func() { errs[i] = store.Migrate(ctx, dsn, quiet) })
		}
		wg.Wait()
		Expect(errors.Join(errs...)).To(Succeed())
		Expect(store.Migrate(ctx, dsn, quiet)).To(Succeed())
	})

	It("tell readiness when they are behind", func(ctx context.Context) {
		dsn := emptyDatabase(ctx)
		Expect(store.Migrate(ctx, dsn, quiet)).To(Succeed())
		keys, err := store.EphemeralKeys()
		Expect(err).NotTo(HaveOccurred())
		db, err := store.Open(ctx, store.Config{URL: dsn, MaxConns: 2, Keys: keys})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(db.Close)
		Expect(store.MigrationsCurrent(ctx, db)).To(Succeed())
		Expect(store.MigrateDownTo(ctx, dsn, 1)).To(Succeed())
		Expect(store.MigrationsCurrent(ctx, db)).To(haveCode(fault.CodeUnavailable))
		Expect(store.MigrateDownTo(ctx, dsn, 0)).To(Succeed())
		Expect(store.MigrationsCurrent(ctx, db)).NotTo(Succeed())
	})

	It("give the application's role rows and no schema", func(ctx context.Context) {
		dsn := emptyDatabase(ctx)
		Expect(store.Migrate(ctx, dsn, quiet)).To(Succeed())
		Expect(askAt(ctx, dsn, `SELECT string_agg(DISTINCT table_name || ':' || privilege_type, ' ' ORDER BY table_name || ':' || privilege_type)
			FROM information_schema.role_table_grants WHERE grantee = 'tenantatlas_app' AND table_name IN ('audit_events', 'goose_db_version', 'tenants')`)).To(Equal(
			"audit_events:INSERT audit_events:SELECT goose_db_version:SELECT tenants:DELETE tenants:INSERT tenants:SELECT tenants:UPDATE"))
		Expect(askAt(ctx, dsn, `SELECT concat(rolsuper, rolcanlogin, rolcreatedb, rolcreaterole, rolbypassrls) FROM pg_roles WHERE rolname = 'tenantatlas_app'`)).To(Equal("fffff"))
	})

	DescribeTable("work for an owner who is no superuser", func(ctx context.Context, grant string) {
		admin := emptyDatabase(ctx)
		name := "owner_" + strings.ReplaceAll(store.NewID(), "-", "")
		conn, err := pgx.Connect(ctx, admin)
		Expect(err).NotTo(HaveOccurred())
		defer func() { Expect(conn.Close(ctx)).To(Succeed()) }()
		for _, statement := range []string{
			"CREATE ROLE " + name + " LOGIN CREATEROLE PASSWORD 'spec'", "GRANT ALL ON SCHEMA public TO " + name,
			"GRANT tenantatlas_app TO " + name + grant,
		} {
			_, err := conn.Exec(ctx, statement)
			Expect(err).NotTo(HaveOccurred())
		}
		config, err := pgx.ParseConfig(admin)
		Expect(err).NotTo(HaveOccurred())
		dsn := strings.Replace(admin, config.User+":"+config.Password+"@", name+":spec@", 1)
		Expect(store.Migrate(ctx, dsn, quiet)).To(Succeed())
		keys, err := store.EphemeralKeys()
		Expect(err).NotTo(HaveOccurred())
		db, err := store.Open(ctx, store.Config{URL: dsn, MaxConns: 2, Keys: keys})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(db.Close)
		_, err = db.Registry().Workspace(ctx, access.System("6f1c2b1e-0000-4000-8000-00000000000a"))
		Expect(err).To(haveCode(fault.CodeNotFound))
	},
		Entry("and may grant the role", " WITH ADMIN OPTION"),
		Entry("and has been granted the role", ""),
	)
})
