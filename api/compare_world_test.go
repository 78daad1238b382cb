package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// pair is a workspace with two tenants that have an inventory, and who may do
// what there.
type pair struct {
	*product
	owner          *client
	ws             string
	source, target string
	home           string // the workspace's address
	names          map[string]map[string]string
}

// newPair boots the edge with the rooms of inventory, comparison and promotion.
func newPair(ctx context.Context) *pair {
	GinkgoHelper()
	p := &pair{names: map[string]map[string]string{}}
	p.product = boot(ctx, func(d *api.Deps) {
		db, ok := d.Audit.(*store.DB)
		Expect(ok).To(BeTrue())
		d.Operations = operation.NewService(operation.Config{Store: db, Audit: db, Now: time.Now, NewID: store.NewID})
		d.Inventory = &inventory.Browser{Store: db, Operations: d.Operations}
		d.Promotion = &promotion.Service{
			Store: db, Operations: d.Operations, Gate: d.Gate, MaxAge: promotion.DefaultMaxAge,
			Clock: func() time.Time { return time.Now().UTC() },
		}
	})
	p.owner = p.person(ctx, "owner@example.com")
	p.ws = p.owner.workspace("Nordlicht")
	p.home = "~/workspaces/" + p.ws
	p.source, p.target = p.named("Contoso"), p.named("Fabrikam")
	for _, t := range []string{p.source, p.target} {
		p.connect(ctx, t)
		p.complete(ctx, t)
	}
	return p
}

func (p *pair) named(name string) string {
	GinkgoHelper()
	a := p.owner.post(p.home+"/tenants", object{"display_name": name, "directory_id": store.NewID()})
	Expect(a.Status).To(Equal(http.StatusCreated), a.Raw)
	return a.text("id")
}

func (p *pair) system() access.Scope { return access.System(tenancy.WorkspaceID(p.ws)) }

// connect gives a tenant a verified connection that may write.
func (p *pair) connect(ctx context.Context, tenant string) {
	GinkgoHelper()
	put := p.owner.put(p.home+"/tenants/"+tenant+"/connection", object{
		"client_id": store.NewID(), "write_enabled": true, "credential": object{"kind": "client_secret", "secret": "simulated-secret"},
	})
	Expect(put.Status).To(Equal(http.StatusOK), put.Raw)
	at := time.Now().UTC()
	Expect(p.db.Registry().SetVerification(ctx, p.system(), tenancy.Connection{
		TenantID: tenancy.TenantID(tenant), Status: tenancy.ConnectionVerified, VerifiedAt: &at,
	})).To(Succeed())
}

// complete marks everything of a tenant as read.
func (p *pair) complete(ctx context.Context, tenant string) {
	GinkgoHelper()
	for _, t := range subject.Types() {
		p.captured(ctx, tenant, string(t.Key), true)
	}
	for _, k := range subject.IndexedKinds {
		p.captured(ctx, tenant, inventory.CaptureOf(k), true)
	}
	Expect(p.db.SaveFacts(ctx, p.system(), tenancy.TenantID(tenant), inventory.Facts{
		Granted: []string{"DeviceManagementConfiguration.ReadWrite.All", "DeviceManagementScripts.ReadWrite.All"}, ReadAt: time.Now().UTC(),
	})).To(Succeed())
}

func (p *pair) captured(ctx context.Context, tenant, what string, complete bool) {
	GinkgoHelper()
	Expect(p.db.SaveCapture(ctx, p.system(), tenancy.TenantID(tenant), store.NewID(), inventory.Capture{
		What: what, StartedAt: time.Now().UTC(), Complete: complete,
	})).To(Succeed())
}

// group puts a group into a tenant's reference index.
func (p *pair) group(ctx context.Context, tenant, id, name string) {
	GinkgoHelper()
	if p.names[tenant] == nil {
		p.names[tenant] = map[string]string{}
	}
	p.names[tenant][id] = name
	var refs []inventory.IndexedReference
	for id, name := range p.names[tenant] {
		refs = append(refs, inventory.IndexedReference{Kind: subject.RefGroup, ID: id, Name: name})
	}
	Expect(p.db.ReplaceReferences(ctx, p.system(), tenancy.TenantID(tenant), subject.RefGroup, refs)).To(Succeed())
}

// policy stores a settings catalog policy, or any object of another type, as a
// sync would have read it just now.
func (p *pair) policy(ctx context.Context, tenant string, typ subject.TypeKey, o object) *inventory.Captured {
	GinkgoHelper()
	raw, err := json.Marshal(o)
	Expect(err).NotTo(HaveOccurred())
	id, _ := o["id"].(string)
	if id == "" {
		id = store.NewID()
	}
	c, err := inventory.CaptureObject(subject.Lookup(typ), provider.Object{ID: id, Raw: raw, ReadAt: time.Now(), AssignmentsRead: true}, "",
		func(r subject.Reference) (string, bool) {
			name, ok := p.names[tenant][r.ID]
			return name, ok
		})
	Expect(err).NotTo(HaveOccurred())
	known, err := p.db.KnownSubjects(ctx, p.system(), tenancy.TenantID(tenant), typ)
	Expect(err).NotTo(HaveOccurred())
	c.Entry.ID = known[id].ID
	Expect(p.db.SaveCaptured(ctx, p.system(), tenancy.TenantID(tenant), store.NewID(), []*inventory.Captured{c})).To(Succeed())
	return c
}

// catalog is a settings catalog policy with one setting.
func catalog(name, value string) object {
	return object{
		"name": name, "platforms": "windows10", "technologies": "mdm",
		"settings": []any{object{"settingInstance": object{
			"settingDefinitionId": "device_vendor_msft_policy_config_devicelock_minlength",
			"simpleSettingValue":  object{"@odata.type": "#microsoft.graph.deviceManagementConfigurationStringSettingValue", "value": value},
		}}},
	}
}

// script is a PowerShell script assigned to a group.
func script(name, group string) object {
	o := object{"displayName": name, "scriptContent": "ZWNobyAx", "runAsAccount": "system"}
	if group != "" {
		o["assignments"] = []any{object{"target": object{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": group}}}
	}
	return o
}

func (p *pair) selection(more ...any) object {
	o := object{"source_tenant_id": p.source, "target_tenant_id": p.target}
	for i := 0; i+1 < len(more); i += 2 {
		name, ok := more[i].(string)
		Expect(ok).To(BeTrue())
		o[name] = more[i+1]
	}
	return o
}

func (p *pair) compare(verb string, body object) answered {
	GinkgoHelper()
	return p.owner.post(p.home+"/cross-tenant-compare/"+verb, body)
}

// execution is the body that executes a preflight as it was shown.
func (p *pair) execution(selection object, preflight answered) object {
	GinkgoHelper()
	Expect(preflight.Status).To(Equal(http.StatusOK), preflight.Raw)
	counts, ok := preflight.JSON["counts"].(object)
	Expect(ok).To(BeTrue())
	number := func(name string) float64 { n, _ := counts[name].(float64); return n }
	return object{
		"selection": selection, "preflight_fingerprint": preflight.JSON["fingerprint"],
		"confirmation": object{
			"source_tenant_id": selection["source_tenant_id"], "target_tenant_id": selection["target_tenant_id"],
			"ready": number("ready"), "excluded": number("blocked") + number("manual_mapping_required"),
		},
	}
}
