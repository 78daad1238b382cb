package api

import (
	"context"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

func registerVerify(a *API) {
	Register(a, StartsWork(Operation{
		Method: http.MethodPost, Path: "/workspaces/{workspace_id}/tenants/{tenant_id}/connection/verify",
		ID: "verify-connection", Tag: TagConnection,
		Summary:     "Verify the connection",
		Description: "Gets a token and reads which permissions the directory has granted. Missing permissions are a finding, not a failure.",
		Authz: Authz{
			Reach: ReachTenant, Capabilities: []access.Capability{access.TenantSync}, Audit: operation.ConnectionVerify.QueuedAction(),
		},
	}), a.verifyConnection)
}

func (a *API) verifyConnection(ctx context.Context, in *InTenant) (*StartOutput, error) {
	s := Scope(ctx)
	t, err := a.deps.Registry.Tenant(ctx, s, in.TenantID)
	if err != nil {
		return nil, err
	}
	c, err := a.deps.Registry.Connection(ctx, s, in.TenantID)
	switch {
	case err != nil:
		return nil, err
	case t.ArchivedAt != nil:
		return nil, operation.BlockedBy(operation.ReasonTenantArchived)
	case c.Status == tenancy.ConnectionNone:
		return nil, operation.BlockedBy(operation.ReasonConnectionUnverified)
	}
	res, err := a.deps.Operations.Start(ctx, operation.StartRequest{
		Scope: s, Type: operation.ConnectionVerify, TenantID: in.TenantID,
		Items: []operation.PlannedItem{{Label: "Connection", Action: "verify"}},
	})
	return startedRun(s, res, err)
}
