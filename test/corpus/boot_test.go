package corpus_test

import (
	"context"
	"fmt"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

// empty names a tenant that starts with nothing.
const empty = ""

// boot starts a product with one synchronised tenant per named set.
func boot(ctx context.Context, sets ...string) (*world.World, []world.Tenant) {
	GinkgoHelper()
	var o stack.Options
	for n, set := range sets {
		t := graphsim.Tenant{Directory: directory(n)}
		if set != empty {
			t.Folder = filepath.Join(folder, set)
		}
		o.Graph.Tenants = append(o.Graph.Tenants, t)
	}
	w := world.Start(ctx, o)
	tenants := make([]world.Tenant, len(sets))
	for n, set := range sets {
		tenants[n] = w.Register(fmt.Sprintf("%s #%d", set, n), directory(n))
	}
	w.Sync(ctx, w.Side, tenants...)
	return w, tenants
}

func directory(n int) string { return fmt.Sprintf("c0ffee00-0000-4000-8000-%012d", n) }

func selection(source, target world.Tenant, rule, assignments string) map[string]any {
	return map[string]any{"source_tenant_id": source.ID, "target_tenant_id": target.ID, "match_rule": rule, "assignments": assignments}
}

// carryOver executes everything that is ready and proves that it is then aligned.
func carryOver(ctx context.Context, w *world.World, sel map[string]any) {
	GinkgoHelper()
	before := w.Preflight(w.Owner, sel)
	report("  preflight %+v", before.Counts)
	for _, i := range before.Items {
		if i.Bucket == "blocked" || i.Bucket == "manual_mapping_required" {
			report("    %s: %s %q %v", i.Bucket, i.Type, i.Name, i.Codes())
		}
	}
	if before.Counts.Ready == 0 {
		return
	}
	run := w.AwaitRun(ctx, w.Owner, w.Workspace, world.RunOf(w.Execute(w.Owner, sel, before).Expect(202)))
	for _, i := range w.Items(w.Owner, w.Workspace, run.ID) {
		Expect(i.Status).To(Equal("succeeded"), "%+v", i)
	}
	Expect(run.Outcome).To(Equal("succeeded"))
	Expect(run.Counts.Succeeded).To(Equal(before.Counts.Ready))
	after := w.Preflight(w.Owner, sel)
	Expect(after.Counts.Ready).To(BeZero(), "%+v", after.Items)
	Expect(after.Counts.Aligned).To(Equal(before.Counts.Aligned+before.Counts.Ready), "%+v", after.Items)
}

func report(format string, args ...any) { fmt.Fprintf(GinkgoWriter, format+"\n", args...) }
