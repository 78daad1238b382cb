package api

import (
	"context"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// SyncRequest narrows a sync.
type SyncRequest struct {
	PolicyTypes []policyType `json:"policy_types" required:"false" maxItems:"200" doc:"Only these types; all of them when left out or empty." example:"[\"configuration_policies\"]"`
}

type startSyncInput struct {
	InTenant
	Body *SyncRequest
}

func registerSync(a *API, tenant string) {
	Register(a, StartsWork(Operation{
		Method: http.MethodPost, Path: tenant + "/inventory-syncs", ID: "start-inventory-sync", Tag: TagInventory,
		Summary:     "Start an inventory sync",
		Description: "Reads the tenant through Microsoft Graph and stores what has changed. While a sync of the same types is active it is returned; one of other types is scope_busy.",
		Authz: Authz{
			Reach: ReachTenant, Capabilities: []access.Capability{access.TenantSync}, Audit: operation.InventorySync.QueuedAction(),
		},
		Codes: []string{operation.CodeScopeBusy},
	}), a.startSync)
}

func (a *API) startSync(ctx context.Context, in *startSyncInput) (*StartOutput, error) {
	var types []subject.TypeKey
	if in.Body != nil {
		types = words[subject.TypeKey](in.Body.PolicyTypes)
	}
	res, err := a.deps.Inventory.StartSync(ctx, Scope(ctx), in.TenantID, types)
	return startedRun(Scope(ctx), res, err)
}
