package world

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/stack"
)

// Path is an address below the side's workspace.
func (s Side) Path(parts ...string) string {
	return "/workspaces/" + s.Workspace + "/" + strings.Join(parts, "/")
}

func etag(revision int64) string { return strconv.Quote(strconv.FormatInt(revision, 10)) }

// Selection is everything from source to target; more are further fields of it.
func (s Side) Selection(more ...map[string]any) map[string]any {
	sel := map[string]any{"source_tenant_id": s.Source.ID, "target_tenant_id": s.Target.ID}
	for _, m := range more {
		for k, v := range m {
			sel[k] = v
		}
	}
	return sel
}

// Preview is a comparison as specs look at it.
type Preview struct {
	Counts map[string]int
	Items  []struct {
		Key   string `json:"subject_key"`
		Type  string `json:"policy_type"`
		Name  string `json:"display_name"`
		State string
	}
}

// Preflight is a preflight as specs look at it.
type Preflight struct {
	Fingerprint string
	Executable  bool
	Counts      struct {
		Ready, Blocked, Aligned int
		Manual                  int `json:"manual_mapping_required"`
	}
	Items []PreflightItem
}

// PreflightItem is one subject of a preflight.
type PreflightItem struct {
	Key     string `json:"subject_key"`
	Type    string `json:"policy_type"`
	Name    string `json:"display_name"`
	Bucket  string
	Action  string
	Reasons []struct{ Code string }
}

// Find is the preflight's item with the name.
func (p Preflight) Find(name string) PreflightItem {
	GinkgoHelper()
	for _, i := range p.Items {
		if i.Name == name {
			return i
		}
	}
	Fail(fmt.Sprintf("the preflight has no subject %q", name))
	return PreflightItem{}
}

// Codes are the reasons' codes.
func (i PreflightItem) Codes() []string {
	codes := make([]string, len(i.Reasons))
	for n, r := range i.Reasons {
		codes[n] = r.Code
	}
	return codes
}

// Preview compares as c.
func (s Side) Preview(c *stack.Client, selection map[string]any) Preview {
	GinkgoHelper()
	var p Preview
	c.Post(s.Path("cross-tenant-compare", "preview"), all(selection)).Expect(http.StatusOK).Into(&p)
	return p
}

// Preflight generates a preflight as c, with every item.
func (s Side) Preflight(c *stack.Client, selection map[string]any) Preflight {
	GinkgoHelper()
	var p Preflight
	c.Post(s.Path("cross-tenant-compare", "preflight"), all(selection)).Expect(http.StatusOK).Into(&p)
	return p
}

func all(selection map[string]any) map[string]any {
	whole := map[string]any{"limit": 10_000}
	for k, v := range selection {
		whole[k] = v
	}
	return whole
}

// Confirmed is the body of an execution that confirms exactly what p says.
func (s Side) Confirmed(selection map[string]any, p Preflight) map[string]any {
	return map[string]any{
		"selection": selection, "preflight_fingerprint": p.Fingerprint,
		"confirmation": map[string]any{
			"source_tenant_id": selection["source_tenant_id"], "target_tenant_id": selection["target_tenant_id"],
			"ready": p.Counts.Ready, "excluded": p.Counts.Blocked + p.Counts.Manual,
		},
	}
}

// Execute asks as c for what p says.
func (s Side) Execute(c *stack.Client, selection map[string]any, p Preflight) stack.Answer {
	GinkgoHelper()
	return c.Post(s.Path("cross-tenant-compare", "promotions"), s.Confirmed(selection, p))
}

// RunOf is the id of the run in a start's answer.
func RunOf(a stack.Answer) string {
	GinkgoHelper()
	o, _ := a.JSON["operation"].(map[string]any)
	id, _ := o["id"].(string)
	Expect(id).NotTo(BeEmpty(), "%s", a.Raw)
	return id
}

// Sync reads tenants of the side completely and waits for it.
func (w *World) Sync(ctx context.Context, s Side, tenants ...Tenant) {
	GinkgoHelper()
	runs := make([]string, len(tenants))
	for i, t := range tenants {
		runs[i] = RunOf(s.Owner.Post(s.Path("tenants", t.ID, "inventory-syncs"), nil).Expect(http.StatusAccepted))
	}
	for _, id := range runs {
		r := w.AwaitRun(ctx, s.Owner, s.Workspace, id)
		Expect(r.Outcome).To(Equal("succeeded"), "%+v", r)
	}
}

// Named are the objects with the name that the tenant really has.
func (w *World) Named(t Tenant, collection, name string) []graphsim.Object {
	GinkgoHelper()
	objects, err := w.Sim.Objects(t.Directory, collection)
	Expect(err).NotTo(HaveOccurred())
	var found []graphsim.Object
	for _, o := range objects {
		if o["displayName"] == name || o["name"] == name {
			found = append(found, o)
		}
	}
	return found
}

// Writes are the mutating Graph requests a tenant has seen.
func (w *World) Writes(t Tenant) []graphsim.Entry {
	var found []graphsim.Entry
	for _, e := range w.Sim.Journal(0) {
		if e.Directory == t.Directory && e.Method != http.MethodGet && strings.Contains(e.Path, "/beta/") && !strings.HasSuffix(e.Path, "/$batch") {
			found = append(found, e)
		}
	}
	return found
}
