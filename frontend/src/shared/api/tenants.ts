import { api, client, type Schema } from "./client";
import { allItems } from "./pages";

export type Tenant = Schema<"Tenant">;

/** All tenants the caller may see; a workspace has hundreds at most, so they come at once. */
export const tenantsQuery = (workspaceId: string) => ({
  queryKey: ["get", "/workspaces/{workspace_id}/tenants", { workspaceId }, "all"] as const,
  staleTime: 30_000,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    allItems<Tenant>((cursor) =>
      client.GET("/workspaces/{workspace_id}/tenants", {
        params: { path: { workspace_id: workspaceId }, query: { limit: 200, cursor } },
        signal,
      }),
    ),
});

export const tenantQuery = (workspaceId: string, tenantId: string) =>
  api.queryOptions("get", "/workspaces/{workspace_id}/tenants/{tenant_id}", {
    params: { path: { workspace_id: workspaceId, tenant_id: tenantId } },
  });

/** The catalogue of policy types; it changes with the server's version only. */
export const policyTypesQuery = () =>
  api.queryOptions(
    "get",
    "/policy-types",
    { params: { query: { limit: 200 } } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
