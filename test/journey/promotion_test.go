package journey_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

var _ = Describe("A promotion, from two connected tenants to Monitoring", func() {
	variants := func(o stack.Options) func(ctx SpecContext) {
		return func(ctx SpecContext) {
			w := world.Start(ctx, o)
			w.Sync(ctx, w.Side, w.Source, w.Target)

			preview := w.Preview(w.Readonly, w.Selection())
			Expect(preview.Counts).To(HaveKeyWithValue("ambiguous", 1))
			Expect(preview.Counts).To(HaveKeyWithValue("only_in_target", BeNumerically(">=", 1)))

			before := w.Preflight(w.Operator, w.Selection())
			Expect(before.Executable).To(BeTrue())
			Expect(before.Find("Catalog nested").Bucket).To(Equal("ready"))
			Expect(before.Find("Catalog for the trial circle").Codes()).To(ContainElement("group_not_found"))
			Expect(w.Writes(w.Target)).To(BeEmpty(), "comparing writes nothing")

			start := w.Execute(w.Operator, w.Selection(), before).Expect(202)
			run := w.AwaitRun(ctx, w.Operator, w.Workspace, world.RunOf(start))
			items := w.Items(w.Operator, w.Workspace, run.ID)
			Expect(run.Outcome).To(Equal("succeeded"), "%+v\n%+v", run, items)
			Expect(run.Counts.Succeeded).To(Equal(before.Counts.Ready))
			Expect(items).To(HaveLen(before.Counts.Ready))

			created := w.Named(w.Target, "configurationPolicies", "Catalog nested")
			Expect(created).To(HaveLen(1))
			group := w.Named(w.Target, "groups", "Laptops")[0]["id"]
			Expect(created[0]["assignments"]).To(ContainElement(HaveKeyWithValue("target", HaveKeyWithValue("groupId", group))))
			Expect(w.Named(w.Target, "configurationPolicies", "Catalog for the trial circle")).To(BeEmpty())
			Expect(w.Writes(w.Source)).To(BeEmpty(), "the source is never written")

			after := w.Preflight(w.Operator, w.Selection())
			Expect(after.Counts.Ready).To(BeZero(), "%+v", after.Items)
			Expect(after.Counts.Aligned).To(Equal(before.Counts.Aligned + before.Counts.Ready))
		}
	}
	It("carries the ready subjects over and says so truthfully", variants(stack.Options{}), SpecTimeout(2*time.Minute))
	It("does the same with the in-process queue", variants(stack.Options{MemoryQueue: true}), SpecTimeout(2*time.Minute))
	It("does the same as separate programs, two APIs and two workers", variants(stack.Options{Separate: true, APIs: 2, Workers: 2}), SpecTimeout(3*time.Minute))

	It("survives workers that are killed while they write", func(ctx SpecContext) {
		w := world.Start(ctx, stack.Options{Separate: true, APIs: 1, Workers: 1})
		w.Sync(ctx, w.Side, w.Source, w.Target)
		worker := w.Workers[0]
		worker.Stop(ctx)
		worker.DieAt("request.answered:3")
		worker.Start(ctx)
		before := w.Preflight(w.Operator, w.Selection())
		start := w.Execute(w.Operator, w.Selection(), before).Expect(202)
		Eventually(ctx, worker.Exited()).WithTimeout(30 * time.Second).Should(BeClosed())
		worker.Start(ctx)
		run := w.AwaitRun(ctx, w.Operator, w.Workspace, world.RunOf(start))
		Expect(run.Outcome).To(Equal("succeeded"), "%+v\n%+v", run, w.Items(w.Operator, w.Workspace, run.ID))
		for _, item := range before.Items {
			if item.Bucket == "ready" && item.Type == "configuration_policies" {
				Expect(w.Named(w.Target, "configurationPolicies", item.Name)).To(HaveLen(1), item.Name)
			}
		}
	}, SpecTimeout(3*time.Minute))
})
