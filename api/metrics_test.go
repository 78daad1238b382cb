package api_test

import (
	"net/http"
	"net/http/httptest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
)

var _ = Describe("The figures", func() {
	It("count by route template and outcome, on a listener of their own", func(ctx SpecContext) {
		metrics := api.NewMetrics()
		p := boot(ctx, func(d *api.Deps) { d.Metrics = metrics })
		owner := p.person(ctx, "owner@example.com")
		ws := owner.workspace("Contoso")
		owner.get("~/workspaces/" + ws)
		owner.get("~/workspaces/no-such")
		metrics.OperationCompleted("inventory.sync", "succeeded")

		w := httptest.NewRecorder()
		metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		Expect(w.Body.String()).To(And(
			ContainSubstring(`tenantatlas_http_requests_total{method="GET",route="/api/v1/workspaces/:workspace_id",status="200"} 1`),
			ContainSubstring(`route="/api/v1/workspaces/:workspace_id",status="404"} 1`),
			ContainSubstring(`tenantatlas_operations_completed_total{outcome="succeeded",type="inventory.sync"} 1`),
			Not(ContainSubstring(ws))))
		Expect(owner.get("/metrics").Status).To(Equal(http.StatusNotFound))
	})
})
