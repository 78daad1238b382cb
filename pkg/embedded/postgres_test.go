package embedded_test

import (
	"bufio"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/embedded"
)

var _ = Describe("PostgreSQL", func() {
	It("serves its owner over an authenticated connection and leaves nothing behind", func(ctx SpecContext) {
		server, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{Ephemeral: true})
		Expect(err).NotTo(HaveOccurred())
		folder, err := query(ctx, server.DSN("postgres"), "show data_directory")
		Expect(err).NotTo(HaveOccurred())
		Expect(query(ctx, server.DSN("postgres"), "select rolsuper::text from pg_roles where rolname = current_user")).To(Equal("true"))
		Expect(server.Major()).To(BeNumerically(">=", 15))

		wrong, err := url.Parse(server.DSN("postgres"))
		Expect(err).NotTo(HaveOccurred())
		wrong.User = url.UserPassword(wrong.User.Username(), "guess")
		_, err = query(ctx, wrong.String(), "select 'in'")
		Expect(err).To(MatchError(ContainSubstring("password authentication failed")))

		Expect(server.Stop(ctx)).To(Succeed())
		Expect(server.Done()).To(BeClosed())
		Expect(server.Err()).NotTo(HaveOccurred())
		Expect(filepath.Dir(folder)).NotTo(BeAnExistingFile())
		Expect(server.Stop(ctx)).To(Succeed(), "stopping twice")
	})

	It("sorts by bytes, knows every letter's case and has the extensions at hand", func(ctx SpecContext) {
		server := startPostgres(ctx, embedded.PostgresConfig{Ephemeral: true})
		Expect(query(ctx, server.DSN("postgres"), "select lower('ÄÖÅ')")).To(Equal("äöå"))
		Expect(query(ctx, server.DSN("postgres"), "select ('Z' < 'a')::text")).To(Equal("true"))
		Expect(query(ctx, server.DSN("postgres"), "select current_setting('timezone')")).To(Equal("UTC"))
		Expect(server.EnsureDatabase(ctx, "spec")).To(Succeed())
		Expect(server.EnsureDatabase(ctx, "spec")).To(Succeed(), "repeated")
		Expect(query(ctx, server.DSN("spec"), "select current_database()")).To(Equal("spec"))
	})

	It("keeps its data and its password over a restart, on whatever port", func(ctx SpecContext) {
		dir := openFolder()
		first := startPostgres(ctx, embedded.PostgresConfig{DataDir: dir})
		Expect(execute(ctx, first.DSN("postgres"), "create table kept as select 'there' as value")).To(Succeed())
		Expect(first.Stop(ctx)).To(Succeed())

		second := startPostgres(ctx, embedded.PostgresConfig{DataDir: dir})
		Expect(query(ctx, second.DSN("postgres"), "select value from kept")).To(Equal("there"))
		info, err := os.Stat(filepath.Join(dir, "postgres.password"))
		Expect(err).NotTo(HaveOccurred())
		Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
		Expect(filepath.Join(dir, "pg"+strconv.Itoa(second.Major()))).To(BeADirectory())
	})

	It("works below a folder that only the caller may enter", func(ctx SpecContext) {
		dir := openFolder()
		Expect(os.Chmod(dir, 0o700)).To(Succeed())
		server := startPostgres(ctx, embedded.PostgresConfig{DataDir: filepath.Join(dir, "data"), Ephemeral: true})
		Expect(query(ctx, server.DSN("postgres"), "select 'up'")).To(Equal("up"))
	})

	It("runs beside another one and refuses a folder in use", func(ctx SpecContext) {
		dir := openFolder()
		one := startPostgres(ctx, embedded.PostgresConfig{DataDir: dir, Ephemeral: true})
		other := startPostgres(ctx, embedded.PostgresConfig{Ephemeral: true})
		Expect(other.Port()).NotTo(Equal(one.Port()))
		Expect(query(ctx, one.DSN("postgres"), "select 'one'")).To(Equal("one"))
		Expect(query(ctx, other.DSN("postgres"), "select 'other'")).To(Equal("other"))

		_, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{DataDir: dir})
		Expect(err).To(MatchError(embedded.ErrInUse))
		Expect(query(ctx, one.DSN("postgres"), "select 'still one'")).To(Equal("still one"))
	})

	It("tells another process how to connect while it runs", func(ctx SpecContext) {
		dir := openFolder()
		_, err := embedded.RunningDSN(dir, "postgres")
		Expect(err).To(MatchError(ContainSubstring("no TenantAtlas runs on")))
		server := startPostgres(ctx, embedded.PostgresConfig{DataDir: dir, Ephemeral: true})
		Expect(embedded.RunningDSN(dir, "postgres")).To(Equal(server.DSN("postgres")))
		Expect(server.Stop(ctx)).To(Succeed())
		_, err = embedded.RunningDSN(dir, "postgres")
		Expect(err).To(HaveOccurred())
	})

	It("names a taken port", func(ctx SpecContext) {
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		port := listener.Addr().(*net.TCPAddr).Port
		_, err = embedded.StartPostgres(ctx, embedded.PostgresConfig{Ephemeral: true, Port: port})
		Expect(err).To(MatchError(embedded.ErrPortTaken))
		Expect(err).To(MatchError(ContainSubstring(strconv.Itoa(port))))
		Expect(err.Error()).NotTo(ContainSubstring("\n"))
	})

	DescribeTable("refuses a cluster of another version and leaves it untouched",
		func(ctx SpecContext, folder, version, says string) {
			dir := openFolder()
			file := filepath.Join(dir, folder, "PG_VERSION")
			Expect(os.Mkdir(filepath.Dir(file), 0o700)).To(Succeed())
			Expect(os.WriteFile(file, []byte(version), 0o600)).To(Succeed())
			_, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{DataDir: dir})
			Expect(err).To(MatchError(embedded.ErrWrongVersion))
			Expect(err).To(MatchError(ContainSubstring(says)))
			Expect(os.ReadFile(file)).To(BeEquivalentTo(version))
			Expect(filepath.Glob(filepath.Join(dir, "pg*"))).To(HaveLen(1))
		},
		Entry("one that nothing installed can read", "pg99", "99\n", "written by PostgreSQL 99"),
		Entry("one that does not fit its folder", "pg18", "14\n", `says "14"`),
		Entry("one whose version is not a number", "pg18", "9.6\n", `says "9.6"`),
	)

	It("says what is wrong with an explicit folder instead of looking elsewhere", func(ctx SpecContext) {
		_, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{Ephemeral: true, BinDir: openFolder()})
		Expect(err).To(MatchError(ContainSubstring("initdb")))
	})

	It("starts from an explicit folder, even one that the server's user cannot reach", func(ctx SpecContext) {
		server := startPostgres(ctx, embedded.PostgresConfig{Ephemeral: true})
		library, err := query(ctx, server.DSN("postgres"), "select setting from pg_config() where name = 'BINDIR'")
		if err != nil || strings.HasPrefix(library, "/usr") {
			Skip("these binaries belong to the system and are not for copying")
		}
		closed := openFolder()
		Expect(os.CopyFS(filepath.Join(closed, "pg"), os.DirFS(filepath.Dir(library)))).To(Succeed())
		Expect(os.Chmod(closed, 0o700)).To(Succeed())
		copied := startPostgres(ctx, embedded.PostgresConfig{Ephemeral: true, BinDir: filepath.Join(closed, "pg", "bin")})
		Expect(query(ctx, copied.DSN("postgres"), "select 'copied'")).To(Equal("copied"))
	})

	It("needs a folder when it is to keep its data", func(ctx SpecContext) {
		_, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{})
		Expect(err).To(MatchError(ContainSubstring("needs a data directory")))
	})

	When("the process that started it is killed", func() {
		It("ends too, and the next start finds the data", func(ctx SpecContext) {
			if runtime.GOOS != "linux" {
				Skip("only Linux has a parent-death signal")
			}
			dir := openFolder()
			child := exec.CommandContext(ctx, os.Args[0])
			child.Env = append(os.Environ(), childVariable+"="+dir)
			output, err := child.StdoutPipe()
			Expect(err).NotTo(HaveOccurred())
			Expect(child.Start()).To(Succeed())
			dsn, err := bufio.NewReader(output).ReadString('\n')
			Expect(err).NotTo(HaveOccurred())
			dsn = strings.TrimSpace(dsn)
			Expect(execute(ctx, dsn, "create table survives as select 'yes' as value")).To(Succeed())

			Expect(child.Process.Kill()).To(Succeed())
			Expect(child.Wait()).NotTo(Succeed())
			Eventually(func() error { return execute(ctx, dsn, "select 1") }).WithContext(ctx).Should(MatchError(ContainSubstring("refused")))

			again := startPostgres(ctx, embedded.PostgresConfig{DataDir: dir})
			Expect(query(ctx, again.DSN("postgres"), "select value from survives")).To(Equal("yes"))
		})

		It("starts although the old pid file names a program that lives", func(ctx SpecContext) {
			dir := openFolder()
			server := startPostgres(ctx, embedded.PostgresConfig{DataDir: dir, Ephemeral: true})
			Expect(server.Stop(ctx)).To(Succeed())
			stale := filepath.Join(dir, "pg"+strconv.Itoa(server.Major()), "postmaster.pid")
			Expect(os.WriteFile(stale, []byte(strconv.Itoa(os.Getppid())+"\n"), 0o600)).To(Succeed())
			again := startPostgres(ctx, embedded.PostgresConfig{DataDir: dir, Ephemeral: true})
			Expect(query(ctx, again.DSN("postgres"), "select 'again'")).To(Equal("again"))
		})
	})
})
