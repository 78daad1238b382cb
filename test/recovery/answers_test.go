package recovery_test

import (
	"maps"
	"net/http"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/test/stack"
)

// The routes of what the specs below write.
const (
	policies = "/deviceManagement/configurationPolicies"
	scripts  = "/deviceManagement/deviceManagementScripts"
	classic  = "/deviceManagement/deviceConfigurations"
)

var _ = Describe("An answer that does not say what happened", func() {
	DescribeTable("is cleared up by reading: nothing twice, nothing missing",
		func(ctx SpecContext, f graphsim.Fault) {
			var met instants
			w := product(ctx, stack.Options{Hook: met.hook})
			f.Times = 1
			at := func(method, path string) graphsim.Fault {
				g := f
				g.Method, g.PathPrefix = method, path
				return g
			}
			By("a create, a full update and a partial one")
			t := prepare(w, only(w, "Catalog nested", "Catalog different", "Custom settings"))
			t.faults(at("POST", policies), at("PUT", policies), at("PATCH", classic))
			t.start()
			t.succeeds(ctx)
			By("the assignments of an object that was just made")
			t = prepare(w, only(w, "Tidy up"))
			met.at(promotion.PointRequestSettled, 1, func() { t.faults(at("POST", scripts)) })
			t.start()
			t.succeeds(ctx)
			Expect(t.writeCount()).To(BeNumerically(">=", 2))
		},
		Entry("none at all, though it was done", graphsim.Fault{Mode: graphsim.TimeoutAfterExecute}, long),
		Entry("a reset connection, though it was done", graphsim.Fault{Mode: graphsim.ResetAfterExecute}, long),
		Entry("500, though it was done", graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Status: 500}, long),
		Entry("502, though it was done", graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Status: 502}, long),
		Entry("503, though it was done", graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Status: 503}, long),
		Entry("504, though it was done", graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Status: 504}, long),
		Entry("500, and nothing was done", graphsim.Fault{Mode: graphsim.ErrorBeforeExecute, Status: 500}, long),
		Entry("503, and nothing was done", graphsim.Fault{Mode: graphsim.ErrorBeforeExecute, Status: 503}, long),
		Entry("half an answer", graphsim.Fault{Mode: graphsim.Truncated}, long),
	)

	It("is no obstacle to a target that shows its writes late or has stale replicas", func(ctx SpecContext) {
		w := product(ctx, stack.Options{})
		t := prepare(w, everything)
		t.faults(
			graphsim.Fault{Mode: graphsim.Lag, DelayMS: 400},
			graphsim.Fault{Mode: graphsim.StaleRead, Method: "GET", PathPrefix: policies, Times: 4},
			graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Status: 504, Method: "POST", PathPrefix: policies, Times: 1},
			graphsim.Fault{Mode: graphsim.ResetAfterExecute, Method: "POST", PathPrefix: classic, Times: 1},
		)
		t.start()
		t.succeeds(ctx)
	}, long)

	It("is given the whole quarantine even when the request had been throttled for longer before", func(ctx SpecContext) {
		w := product(ctx, stack.Options{})
		t := prepare(w, justOne)
		quarantine := promotion.TestTiming().Reconcile
		t.faults(
			graphsim.Fault{Mode: graphsim.Throttle, Method: "POST", PathPrefix: policies, Times: 1, RetryAfter: "3"},
			graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Method: "POST", PathPrefix: policies, Times: 1},
			graphsim.Fault{Mode: graphsim.Lag, Method: "POST", PathPrefix: policies, DelayMS: int(quarantine[1].Milliseconds()) - 500},
		)
		t.start()
		t.succeeds(ctx)
	}, long)
})

var _ = Describe("A target that asks to slow down", func() {
	It("is waited for as it asks, in every way it may say so, and Monitoring tells why", func(ctx SpecContext) {
		w := product(ctx, stack.Options{})
		t := prepare(w, justOne)
		throttle := graphsim.Fault{Mode: graphsim.Throttle, Method: "POST", PathPrefix: policies, Times: 1}
		var storm []graphsim.Fault
		for _, after := range []string{"1", "1.5", time.Now().Add(4 * time.Second).UTC().Format(http.TimeFormat), ""} {
			f := throttle
			f.RetryAfter = graphsim.HeaderValue(after)
			storm = append(storm, f)
		}
		t.faults(storm...)
		t.start()
		Eventually(ctx, func() string {
			var r stack.Run
			t.Operator.Get(t.Path("operations", t.id)).Expect(http.StatusOK).Into(&r)
			if r.Waiting == nil {
				return ""
			}
			return r.Waiting.Kind
		}).Should(Equal("throttle"))
		t.succeeds(ctx)
	}, long)

	It("gets every item nevertheless", func(ctx SpecContext) {
		w := product(ctx, stack.Options{Graph: graphsim.Config{Seed: 7}})
		t := prepare(w, everything)
		t.faults(graphsim.Fault{Mode: graphsim.Throttle, Probability: 0.4, RetryAfter: "0.1"})
		t.start()
		t.succeeds(ctx)
	}, long)
})

var _ = Describe("A second, equal object from somebody else", func() {
	// twin copies the object that the run has just made.
	twin := func(t *trial, name string) graphsim.Object {
		GinkgoHelper()
		made := t.Named(t.Target, "configurationPolicies", name)
		Expect(made).To(HaveLen(1))
		copied := maps.Clone(made[0])
		delete(copied, "id")
		stored, err := t.Sim.UpsertObject(t.Target.Directory, "configurationPolicies", copied)
		Expect(err).NotTo(HaveOccurred())
		return stored
	}
	DescribeTable("is reported with both ids, and neither is deleted",
		func(ctx SpecContext, p operation.Point) {
			var met instants
			w := product(ctx, stack.Options{Hook: met.hook})
			t := prepare(w, justOne)
			t.faults(graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Status: 504, Method: "POST", PathPrefix: policies, Times: 1})
			met.at(p, 1, func() { t.outside[twin(t, "Catalog nested")["id"].(string)] = true })
			t.start()
			run := t.ended(ctx)
			Expect(run.Outcome).To(Equal("failed"))
			Expect(reason(t.item("Catalog nested"))).To(Equal(operation.ReasonDuplicateInTarget))
			var ids []any
			for _, o := range t.Named(t.Target, "configurationPolicies", "Catalog nested") {
				ids = append(ids, o["id"])
				Expect(t.message("Catalog nested")).To(ContainSubstring(o["id"].(string)))
			}
			Expect(ids).To(HaveLen(2))
			found := t.audited("promotion.duplicate_found")
			Expect(found).To(HaveLen(1))
			Expect(found[0].Details).To(HaveKeyWithValue("object_ids", ConsistOf(ids...)))
		},
		Entry("that appears before the answer is looked for", promotion.PointRequestAnswered, long),
		Entry("that appears before it is read back", promotion.PointReadBack, long),
	)
})

var _ = Describe("A target that says no", func() {
	DescribeTable("fails the item, with a sentence for people, and only the item",
		func(ctx SpecContext, status int, method, path, name string) {
			w := product(ctx, stack.Options{})
			t := prepare(w, everything)
			t.faults(graphsim.Fault{Mode: graphsim.Status, Status: status, Method: method, PathPrefix: path, Times: 1})
			t.start()
			run := t.ended(ctx)
			Expect(run.Outcome).To(Equal("partially_succeeded"), "%+v", t.items())
			Expect(reason(t.item(name))).To(Equal(operation.ReasonTargetRefused))
			Expect(t.message(name)).To(MatchRegexp(`^[A-Z][^{}<>]+\.$`))
			Expect(run.Counts.Failed).To(Equal(1))
			Expect(run.Counts.Succeeded).To(Equal(t.before.Counts.Ready - 1))
		},
		Entry("because the content is wrong", 400, "POST", scripts, "Tidy up", long),
		Entry("because the application may not", 403, "PATCH", classic, "Custom settings", long),
	)

	It("by silently keeping something else, fails the item as well", func(ctx SpecContext) {
		var met instants
		w := product(ctx, stack.Options{Hook: met.hook})
		t := prepare(w, justOne)
		met.at(promotion.PointReadBack, 1, func() {
			made := t.Named(t.Target, "configurationPolicies", "Catalog nested")
			Expect(made).To(HaveLen(1))
			made[0]["description"] = "as somebody else wants it"
			_, err := t.Sim.UpsertObject(t.Target.Directory, "configurationPolicies", made[0])
			Expect(err).NotTo(HaveOccurred())
		})
		t.start()
		Expect(t.ended(ctx).Outcome).To(Equal("failed"))
		Expect(reason(t.item("Catalog nested"))).To(Equal(operation.ReasonReadbackUnequal))
	}, long)

	It("about what others need, leaves the others out", func(ctx SpecContext) {
		w := product(ctx, stack.Options{})
		t := prepare(w, everything)
		t.faults(graphsim.Fault{Mode: graphsim.Status, Status: 400, Method: "POST", PathPrefix: "/deviceManagement/roleScopeTags"})
		t.start()
		Expect(t.ended(ctx).Outcome).To(Equal("partially_succeeded"))
		Expect(reason(t.item("South"))).To(Equal(operation.ReasonTargetRefused))
		Expect(reason(t.item("Catalog tagged south"))).To(Equal(operation.ReasonDependencyFailed))
	}, long)
})

var _ = Describe("A target that changed after the preflight", func() {
	// meddles changes what would be updated and makes what would be created.
	meddles := func(t *trial) {
		GinkgoHelper()
		upsert := func(collection string, o graphsim.Object) {
			stored, err := t.Sim.UpsertObject(t.Target.Directory, collection, o)
			Expect(err).NotTo(HaveOccurred())
			t.outside[stored["id"].(string)] = true
		}
		there := t.Named(t.Target, "deviceConfigurations", "Custom settings")
		Expect(there).To(HaveLen(1))
		there[0]["description"] = "meanwhile"
		upsert("deviceConfigurations", there[0])
		here := t.Named(t.Source, "configurationPolicies", "Catalog nested")
		Expect(here).To(HaveLen(1))
		made := maps.Clone(here[0])
		maps.DeleteFunc(made, func(k string, _ any) bool { return slices.Contains([]string{"id", "assignments"}, k) })
		upsert("configurationPolicies", made)
	}
	changed := func(t *trial) {
		GinkgoHelper()
		for _, name := range []string{"Custom settings", "Catalog nested"} {
			Expect(t.item(name).Status).To(Equal("skipped"))
			Expect(reason(t.item(name))).To(Equal(operation.ReasonTargetChanged))
		}
	}

	It("is not written where it changed", func(ctx SpecContext) {
		w := product(ctx, stack.Options{})
		t := prepare(w, everything)
		meddles(t)
		t.start()
		run := t.ended(ctx)
		Expect(run.Outcome).To(Equal("partially_succeeded"))
		Expect(run.Counts.Skipped).To(Equal(2), "%+v", t.items())
		changed(t)
	}, long)

	It("is not written at all when nothing is left to write: the run was blocked", func(ctx SpecContext) {
		w := product(ctx, stack.Options{})
		t := prepare(w, only(w, "Custom settings", "Catalog nested"))
		meddles(t)
		t.start()
		Expect(t.ended(ctx).Outcome).To(Equal("blocked"))
		changed(t)
		Expect(t.writes()).To(BeEmpty())
	}, long)
})

// message is what the item says to people.
func (t *trial) message(name string) string {
	GinkgoHelper()
	var page struct {
		Items []struct{ Label, Message string }
	}
	t.Owner.Get(t.Path("operations", t.id, "items") + "?limit=200").Expect(http.StatusOK).Into(&page)
	for _, i := range page.Items {
		if i.Label == name {
			return i.Message
		}
	}
	return ""
}
