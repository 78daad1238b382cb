package embedded_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/embedded"
)

// childVariable makes the test binary a program that starts a server on the
// named folder and waits to be killed.
const childVariable = "TENANTATLAS_TEST_EMBEDDED_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		os.Exit(runChild(dir))
	}
	os.Exit(m.Run())
}

func runChild(dir string) int {
	server, err := embedded.StartPostgres(context.Background(), embedded.PostgresConfig{DataDir: dir})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println(server.DSN("postgres"))
	<-server.Done()
	return 0
}

func TestEmbedded(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Embedded servers")
}

var _ = BeforeEach(func() {
	SetDefaultEventuallyTimeout(20 * time.Second)
})

// openFolder is a temporary folder that every user may walk to; Ginkgo's own
// is closed to others.
func openFolder() string {
	GinkgoHelper()
	dir, err := os.MkdirTemp("", "embedded-spec-")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(os.RemoveAll, dir)
	Expect(os.Chmod(dir, 0o755)).To(Succeed())
	return dir
}

func startPostgres(ctx context.Context, config embedded.PostgresConfig) *embedded.Postgres {
	GinkgoHelper()
	server, err := embedded.StartPostgres(ctx, config)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) { Expect(server.Stop(ctx)).To(Succeed()) })
	return server
}

// query runs one statement and returns its only value as text.
func query(ctx context.Context, dsn, statement string) (string, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var value string
	err = conn.QueryRow(ctx, statement).Scan(&value)
	return value, err
}

func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
