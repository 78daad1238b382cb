package contract_test

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/contract/surface"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// read says that a request of the journal cannot change a tenant.
func read(e graphsim.Entry) bool {
	switch {
	case e.Method == http.MethodGet:
		return true
	case e.Method != http.MethodPost:
		return false
	}
	// The requests inside a batch stand in the journal by themselves.
	return strings.HasSuffix(e.Path, "/oauth2/v2.0/token") || strings.HasSuffix(e.Path, "/$batch")
}

var _ = Describe("A running product", func() {
	It("only ever reads a tenant while it verifies, syncs, compares and preflights", func(ctx SpecContext) {
		w := world.Start(ctx, stack.Options{})
		w.Sync(ctx, w.Side, w.Source, w.Target)
		for _, t := range []world.Tenant{w.Source, w.Target} {
			run := world.RunOf(w.Owner.Post(w.Path("tenants", t.ID, "connection", "verify"), nil).Expect(202))
			Expect(w.AwaitRun(ctx, w.Owner, w.Workspace, run).Outcome).To(Equal("succeeded"))
		}
		asked := w.Sim.Journal(0)
		Expect(len(asked)).To(BeNumerically(">", 100))
		for _, e := range asked {
			Expect(read(e)).To(BeTrue(), "%s %s", e.Method, e.Path)
		}

		for _, sel := range []map[string]any{w.Selection(), w.Selection(map[string]any{"match_rule": "ignore_version_suffix", "assignments": "exclude"})} {
			preview := w.Preview(w.Readonly, sel)
			w.Preflight(w.Readonly, sel)
			for _, item := range preview.Items {
				sel["subject_key"] = item.Key
				w.Readonly.Post(w.Path("cross-tenant-compare", "diff"), sel)
			}
		}
		Expect(w.Sim.Journal(int64(len(asked)))).To(BeEmpty(), "comparing asks no tenant at all")

		ready := w.Preflight(w.Operator, w.Selection())
		w.AwaitRun(ctx, w.Operator, w.Workspace, world.RunOf(w.Execute(w.Operator, w.Selection(), ready).Expect(202)))
		wrote := false
		for _, e := range w.Sim.Journal(int64(len(asked))) {
			Expect(read(e) || e.Directory == w.Target.Directory).To(BeTrue(), "%s %s in %s", e.Method, e.Path, e.Directory)
			wrote = wrote || !read(e)
		}
		Expect(wrote).To(BeTrue(), "this spec can tell a write from a read")
	})

	It("serves its description as it prints it, a page per problem, and answers every misuse with one", func(ctx SpecContext) {
		s := stack.Start(ctx, stack.Options{})
		at := s.APIs[0].Address()
		printed, err := api.New(api.Deps{Version: "spec"}).DocumentYAML()
		Expect(err).NotTo(HaveOccurred())
		_, yaml := fetch(at, "/openapi.yaml")
		Expect(yaml).To(BeIdenticalTo(string(printed)), "%s", firstDifference(yaml, string(printed)))
		Expect(surface.Served(at).Operations).To(HaveLen(len(promisedOperations)))

		for _, code := range promisedCodes {
			status, page := fetch(at, "/problems/"+strings.ReplaceAll(code, "_", "-"))
			Expect(status).To(Equal(http.StatusOK), code)
			Expect(page).To(ContainSubstring(code))
		}
		status, _ := fetch(at, "/problems/no-such-problem")
		Expect(status).To(Equal(http.StatusNotFound))

		owner := s.Client(ctx, "owner")
		for name, misuse := range map[string]struct {
			answer stack.Answer
			status int
			code   string
		}{
			"another verb":        {owner.Do("DELETE", "/me", nil), 405, "method_not_allowed"},
			"another path":        {owner.Get("/nowhere"), 404, "not_found"},
			"another media type":  {owner.With("Content-Type", "text/plain").Post("/workspaces", "{}"), 415, "unsupported_media_type"},
			"no JSON":             {owner.Post("/workspaces", "{"), 400, "invalid_input"},
			"two values":          {owner.Post("/workspaces", "{} {}"), 400, "invalid_input"},
			"a name twice":        {owner.Post("/workspaces", `{"display_name":"a","display_name":"b"}`), 422, "invalid_input"},
			"U+0000":              {owner.Post("/workspaces", `{"display_name":"\u0000"}`), 422, "invalid_input"},
			"another property":    {owner.Post("/workspaces", `{"display_name":"a","x":1}`), 422, "invalid_input"},
			"another spelling":    {owner.Post("/workspaces", `{"Display_Name":"a"}`), 422, "invalid_input"},
			"more than a MiB":     {owner.Post("/workspaces", `{"display_name":"`+strings.Repeat("a", 1<<20)+`"}`), 413, "body_too_large"},
			"another parameter":   {owner.Get("/me?verbose=1"), 422, "invalid_input"},
			"a limit of nothing":  {owner.Get("/workspaces?limit=0"), 422, "invalid_input"},
			"a limit of too much": {owner.Get("/workspaces?limit=201"), 422, "invalid_input"},
			"no credential":       {s.Anonymous().Get("/me"), 401, "unauthenticated"},
		} {
			Expect(misuse.answer.Status).To(Equal(misuse.status), "%s: %s", name, misuse.answer.Raw)
			Expect(misuse.answer.Code()).To(Equal(misuse.code), name)
			Expect(misuse.answer.Header.Get("Content-Type")).To(HavePrefix("application/problem+json"), name)
			Expect(misuse.answer.Text("type")).To(Equal("/problems/"+strings.ReplaceAll(misuse.code, "_", "-")), name)
		}
	})
})
