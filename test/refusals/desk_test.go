package refusals_test

import (
	"context"
	"maps"
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/refusals/ledger"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

type object = map[string]any

// Directories beside the world's: one whose application may hardly do anything,
// one to be archived, one that nobody registers.
const (
	poorDirectory  = "b4d2e8f1-62c3-4a1f-8b2c-1d6e3f708c01"
	spareDirectory = "b4d2e8f1-62c3-4a1f-8b2c-1d6e3f708c02"
	freeDirectory  = "b4d2e8f1-62c3-4a1f-8b2c-1d6e3f708c03"
	configRead     = "dc377aa6-52d8-4e23-b271-2a7ae04cedf3" // DeviceManagementConfiguration.Read.All
)

// desk is where promotions are asked for and refused.
type desk struct {
	*world.World
	ledger *ledger.Ledger
}

// open boots a product for all specs of a container. It outlives the node that
// calls it, hence no context of a spec.
func open(o stack.Options) *desk {
	GinkgoHelper()
	o.Graph.Tenants = []graphsim.Tenant{
		{Directory: poorDirectory, Objects: map[string][]graphsim.Object{"servicePrincipals": {{
			"id": "5c0d6d0a-3a55-4c1e-9c86-2f1a1d5b7e10", "appId": world.ClientID, "displayName": "Poor",
			"appRoleAssignments": []any{object{"id": "g1", "appRoleId": configRead, "resourceId": ""}},
		}}}},
		{Directory: spareDirectory},
		{Directory: freeDirectory},
	}
	ctx := context.Background()
	d := &desk{World: world.Start(ctx, o)}
	d.Sync(ctx, d.Side, d.Source, d.Target)
	d.ledger = ledger.Open(ctx, d.DSN)
	return d
}

// register makes a further tenant, connected and verified as far as it may be.
func (d *desk) register(ctx context.Context, name, directory string) world.Tenant {
	GinkgoHelper()
	a := d.Owner.Post(d.Path("tenants"), object{"display_name": name, "directory_id": directory}).Expect(201)
	t := world.Tenant{ID: a.Text("id"), Name: name, Directory: directory}
	d.Connect(t, graphsim.Secret, true)
	d.verify(ctx, t)
	return t
}

func (d *desk) verify(ctx context.Context, t world.Tenant) {
	GinkgoHelper()
	a := d.Owner.Post(d.Path("tenants", t.ID, "connection", "verify"), nil).Expect(202)
	d.AwaitRun(ctx, d.Owner, d.Workspace, world.RunOf(a))
}

// sync reads some types of a tenant anew; an empty list is only the references.
func (d *desk) sync(ctx context.Context, t world.Tenant, types ...string) {
	GinkgoHelper()
	a := d.Owner.Post(d.Path("tenants", t.ID, "inventory-syncs"), object{"policy_types": types}).Expect(202)
	Expect(d.AwaitRun(ctx, d.Owner, d.Workspace, world.RunOf(a)).Outcome).To(Equal("succeeded"))
}

// between is the selection from one tenant to another.
func between(source, target string, more ...object) object {
	sel := object{"source_tenant_id": source, "target_tenant_id": target}
	for _, m := range more {
		maps.Copy(sel, m)
	}
	return sel
}

// wish is a request; forged unless a preflight says otherwise.
func wish(selection object) object {
	return object{
		"selection": selection, "preflight_fingerprint": "0000000000000000000000000000000000000000000000000000000000000000",
		"confirmation": object{
			"source_tenant_id": selection["source_tenant_id"], "target_tenant_id": selection["target_tenant_id"], "ready": 1, "excluded": 0,
		},
	}
}

// refuse asks for a promotion that must be refused, and sees that nothing has
// come of it.
func (d *desk) refuse(ctx context.Context, c *stack.Client, body any, status int, code string) stack.Answer {
	GinkgoHelper()
	return d.refuseAt(ctx, c, d.Workspace, body, status, code)
}

func (d *desk) refuseAt(ctx context.Context, c *stack.Client, workspace string, body any, status int, code string) stack.Answer {
	GinkgoHelper()
	before, asked := d.ledger.Take(ctx), len(d.Sim.Journal(0))
	a := c.Post("/workspaces/"+workspace+"/cross-tenant-compare/promotions", body)
	Expect(a.Status).To(Equal(status), "%s", a.Raw)
	Expect(a.Code()).To(Equal(code), "%s", a.Raw)
	Expect(a.Header).NotTo(HaveKey("Location"))
	Expect(d.ledger.Take(ctx)).To(Equal(before), "a refusal leaves every row as it was")
	Expect(d.Sim.Journal(int64(asked))).To(BeEmpty(), "no tenant was asked")
	return a
}

// blocked is refuse for operation_blocked with its reason.
func (d *desk) blocked(ctx context.Context, body any, reason string) {
	GinkgoHelper()
	a := d.refuse(ctx, d.Owner, body, http.StatusConflict, "operation_blocked")
	Expect(a.Text("reason_code")).To(Equal(reason))
	Expect(a.Text("detail")).NotTo(BeEmpty())
}

// edit changes one object of a tenant from outside.
func (d *desk) edit(t world.Tenant, collection, name string, change func(o graphsim.Object)) {
	GinkgoHelper()
	found := d.Named(t, collection, name)
	Expect(found).To(HaveLen(1), name)
	change(found[0])
	_, err := d.Sim.UpsertObject(t.Directory, collection, found[0])
	Expect(err).NotTo(HaveOccurred())
}

func (d *desk) remove(t world.Tenant, collection, name string) {
	GinkgoHelper()
	found := d.Named(t, collection, name)
	Expect(found).To(HaveLen(1), name)
	Expect(d.Sim.DeleteObject(t.Directory, collection, found[0]["id"].(string))).To(Succeed())
}

// copyOf puts a copy of a policy under another name beside it.
func (d *desk) copyOf(t world.Tenant, collection, name, as string) {
	GinkgoHelper()
	found := d.Named(t, collection, name)
	Expect(found).To(HaveLen(1), name)
	o := found[0]
	delete(o, "id")
	for _, property := range []string{"name", "displayName"} {
		if o[property] != nil {
			o[property] = as
		}
	}
	_, err := d.Sim.UpsertObject(t.Directory, collection, o)
	Expect(err).NotTo(HaveOccurred())
}

// changes is the member that tells what moved.
type changes struct {
	Unknown   bool `json:"unknown_preflight"`
	Rule      bool `json:"rule_changed"`
	Selection bool `json:"selection_changed"`
	Source    int
	Target    int
	Then      *counts `json:"counts_then"`
	Now       counts  `json:"counts_now"`
	Subjects  []struct {
		Key  string `json:"subject_key"`
		Name string `json:"display_name"`
		Side string
	}
}

type counts struct {
	Ready, Blocked, Aligned int
	Manual                  int `json:"manual_mapping_required"`
}

func countsOf(p world.Preflight) counts {
	return counts{Ready: p.Counts.Ready, Blocked: p.Counts.Blocked, Aligned: p.Counts.Aligned, Manual: p.Counts.Manual}
}

func changesOf(a stack.Answer) changes {
	GinkgoHelper()
	var told struct{ Changes changes }
	a.Into(&told)
	return told.Changes
}

// names are the subjects told of, by side.
func (c changes) names(side string) []string {
	var names []string
	for _, s := range c.Subjects {
		if s.Side == side {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return names
}
