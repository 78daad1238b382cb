package bench

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
)

const (
	sourceDirectory = "be000000-0000-4000-8000-000000000001"
	targetDirectory = "be000000-0000-4000-8000-000000000002"
)

// BenchmarkRun carries policies from one tenant to an empty one. Without pacing
// the ceiling is concurrency ÷ (round trips × latency), with the round trips
// counted by the simulated service. With pacing it is the limiter's rate: one
// write a policy at 80 % of the documented limit.
func BenchmarkRun(b *testing.B) {
	const latency, writesPerSecond = 50 * time.Millisecond, 4.0
	parallel := float64(promotion.ProductionTiming().Parallel)
	b.Run("without_budgets/ceiling=concurrency÷(trips×latency)", func(b *testing.B) {
		var rate, trips float64
		for b.Loop() {
			rate, trips = itemsPerSecond(b, 200, sim{latency: latency})
		}
		b.ReportMetric(trips, "trips/item")
		ofCeiling(b, rate, parallel/(trips*latency.Seconds()))
	})
	b.Run("with_budgets/ceiling=the_limiter", func(b *testing.B) {
		var rate float64
		for b.Loop() {
			rate, _ = itemsPerSecond(b, 60, sim{latency: latency, percent: 80})
		}
		ofCeiling(b, rate, writesPerSecond)
	})
}

func ofCeiling(b *testing.B, rate, ceiling float64) {
	b.Helper()
	b.ReportMetric(rate, "items/s")
	b.ReportMetric(ceiling, "ceiling-items/s")
	b.ReportMetric(rate/ceiling, "×ceiling")
}

func itemsPerSecond(b *testing.B, items int, s sim) (rate, trips float64) {
	b.Helper()
	var objects []graphsim.Object
	for i := range items {
		var o graphsim.Object
		must(b, json.Unmarshal(policy(i+1, i, "none"), &o))
		delete(o, "assignments")
		objects = append(objects, o)
	}
	s.tenants = []graphsim.Tenant{
		{Directory: sourceDirectory, Objects: map[string][]graphsim.Object{"configurationPolicies": objects}}, {Directory: targetDirectory},
	}
	p := newProduct(b, s)
	sel := map[string]any{"source_tenant_id": p.tenant(sourceDirectory), "target_tenant_id": p.tenant(targetDirectory)}
	var pre struct {
		Fingerprint string
		Counts      struct {
			Ready, Blocked int
			Manual         int `json:"manual_mapping_required"`
		}
	}
	p.call(http.MethodPost, p.workspace+"/cross-tenant-compare/preflight", sel, &pre)
	if pre.Counts.Ready != items {
		b.Fatalf("%d of %d are ready", pre.Counts.Ready, items)
	}
	before := len(p.graph.Journal(0))
	var started run
	p.call(http.MethodPost, p.workspace+"/cross-tenant-compare/promotions", map[string]any{
		"selection": sel, "preflight_fingerprint": pre.Fingerprint,
		"confirmation": map[string]any{
			"source_tenant_id": sel["source_tenant_id"], "target_tenant_id": sel["target_tenant_id"],
			"ready": pre.Counts.Ready, "excluded": pre.Counts.Blocked + pre.Counts.Manual,
		},
	}, &started)
	took := p.await(started.Operation.ID)
	return float64(items) / took.Seconds(), float64(len(p.graph.Journal(0))-before) / float64(items)
}
