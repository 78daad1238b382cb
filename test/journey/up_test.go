package journey_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/app"
)

var _ = Describe("Everything in one process", func() {
	var settings app.Settings
	BeforeEach(func() {
		var err error
		settings, err = app.ReadSettings(func(name string) (string, bool) {
			v, ok := map[string]string{"LISTEN": "127.0.0.1:0", "TIMING": "test", "LIMIT_GRAPH_PERCENT": "0", "LIMIT_WORKSPACE_RUNS": "0"}[strings.TrimPrefix(name, app.EnvPrefix)]
			return v, ok
		})
		Expect(err).NotTo(HaveOccurred())
		settings.DataDir = publicDir()
	})

	start := func(ctx context.Context, withDemo bool) *app.Up {
		GinkgoHelper()
		u, err := app.StartUp(ctx, app.UpConfig{Settings: settings, Demo: withDemo, Logger: app.NewLogger(GinkgoWriter, settings.LogLevel)})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx context.Context) error { return u.Stop(ctx) })
		return u
	}

	It("shows a demo that anybody of any role can sign in to, and keeps it", func(ctx SpecContext) {
		u := start(ctx, true)
		Expect(u.Logins.People).To(HaveLen(6))
		cookies := map[string]*http.Cookie{}
		for _, p := range u.Logins.People {
			cookies[p.Role] = signIn(ctx, u, p.Email, u.Logins.Password)
		}
		ws := list(ctx, u, cookies["owner"], "/workspaces")[0]["id"].(string)
		Expect(list(ctx, u, cookies["readonly"], "/workspaces/"+ws+"/tenants")).To(HaveLen(6))
		Eventually(ctx, func() []string {
			var ends []string
			for _, run := range list(ctx, u, cookies["owner"], "/workspaces/"+ws+"/operations") {
				ends = append(ends, run["outcome"].(string))
			}
			return ends
		}).WithTimeout(time.Minute).WithPolling(200 * time.Millisecond).Should(ConsistOf("succeeded", "succeeded", "succeeded", "succeeded", "failed"))
		Expect(u.Stop(ctx)).To(Succeed())

		again := start(ctx, true)
		Expect(again.Logins).To(Equal(u.Logins))
		Expect(list(ctx, again, signIn(ctx, again, u.Logins.People[0].Email, u.Logins.Password), "/workspaces/"+ws+"/operations")).To(HaveLen(5))
	}, SpecTimeout(3*time.Minute))

	It("starts without a demo, beside another one", func(ctx SpecContext) {
		first := start(ctx, false)
		settings.DataDir = publicDir()
		second := start(ctx, false)
		Expect(first.Logins).To(BeNil())
		Expect(first.Address()).NotTo(Equal(second.Address()))
		running, err := app.RunningDatabase(settings.DataDir)
		Expect(err).NotTo(HaveOccurred())
		Expect(running).NotTo(BeEmpty())
		_, err = app.StartUp(ctx, app.UpConfig{Settings: settings})
		Expect(err).To(MatchError(ContainSubstring("another TenantAtlas runs on")))
	}, SpecTimeout(3*time.Minute))
})

// publicDir is a folder that a database server running as somebody else can reach.
func publicDir() string {
	GinkgoHelper()
	parent, err := os.MkdirTemp("", "tenantatlas-up-")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(os.RemoveAll, parent)
	Expect(os.Chmod(parent, 0o755)).To(Succeed())
	return filepath.Join(parent, "data")
}

func signIn(ctx context.Context, u *app.Up, email, password string) *http.Cookie {
	GinkgoHelper()
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	Expect(err).NotTo(HaveOccurred())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.URL()+"/api/v1/session", strings.NewReader(string(body)))
	Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer resp.Body.Close()
	Expect(resp.StatusCode).To(Equal(http.StatusOK), email)
	Expect(resp.Cookies()).To(HaveLen(1))
	return resp.Cookies()[0]
}

func list(ctx context.Context, u *app.Up, who *http.Cookie, address string) []map[string]any {
	GinkgoHelper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.URL()+"/api/v1"+address, http.NoBody)
	Expect(err).NotTo(HaveOccurred())
	r.AddCookie(who)
	resp, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer resp.Body.Close()
	Expect(resp.StatusCode).To(Equal(http.StatusOK), address)
	var page struct{ Items []map[string]any }
	Expect(json.NewDecoder(resp.Body).Decode(&page)).To(Succeed())
	return page.Items
}
