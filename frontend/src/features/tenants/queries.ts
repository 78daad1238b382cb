import { useQueries, useQuery } from "@tanstack/react-query";
import { api, type Schema } from "@/shared/api/client";
import { type Operation, operationsQuery, useLiveness } from "@/shared/api/operations";
import { byCursor } from "@/shared/api/pages";
import type { Tenant } from "@/shared/api/tenants";

export type Connection = Schema<"Connection">;
export type PolicyTypeKey = Schema<"PolicyType">["key"];

const inTenant = (workspaceId: string, tenantId: string) => ({
  params: { path: { workspace_id: workspaceId, tenant_id: tenantId } },
});

export const connectionQuery = (workspaceId: string, tenantId: string) =>
  api.queryOptions(
    "get",
    "/workspaces/{workspace_id}/tenants/{tenant_id}/connection",
    inTenant(workspaceId, tenantId),
    {
      staleTime: 60_000,
    },
  );

export const tenantMembersQuery = (workspaceId: string, tenantId: string) =>
  api.queryOptions("get", "/workspaces/{workspace_id}/tenants/{tenant_id}/members", {
    params: { path: { workspace_id: workspaceId, tenant_id: tenantId }, query: { limit: 200 } },
  });

/** The people who may be added to a tenant. */
export const workspaceMembersQuery = (workspaceId: string) =>
  api.queryOptions("get", "/workspaces/{workspace_id}/members", {
    params: { path: { workspace_id: workspaceId }, query: { limit: 200 } },
  });

export interface InventoryFilter {
  policyType?: PolicyTypeKey;
  q?: string;
}

/** What was read from a tenant, by policy type and name, a page at a time. */
export function useInventory(workspaceId: string, tenantId: string, { policyType, q }: InventoryFilter) {
  return api.useInfiniteQuery(
    "get",
    "/workspaces/{workspace_id}/tenants/{tenant_id}/subjects",
    {
      params: {
        path: { workspace_id: workspaceId, tenant_id: tenantId },
        query: { limit: 100, policy_type: policyType, q },
      },
    },
    byCursor,
  );
}

export const subjectQuery = (workspaceId: string, tenantId: string, subjectId: string) =>
  api.queryOptions("get", "/workspaces/{workspace_id}/tenants/{tenant_id}/subjects/{subject_id}", {
    params: { path: { workspace_id: workspaceId, tenant_id: tenantId, subject_id: subjectId } },
  });

export const versionsQuery = (workspaceId: string, tenantId: string, subjectId: string) =>
  api.queryOptions("get", "/workspaces/{workspace_id}/tenants/{tenant_id}/subjects/{subject_id}/versions", {
    params: {
      path: { workspace_id: workspaceId, tenant_id: tenantId, subject_id: subjectId },
      query: { limit: 100 },
    },
  });

/** One version with its raw content; it never changes. */
export const versionQuery = (workspaceId: string, tenantId: string, versionId: string) =>
  api.queryOptions(
    "get",
    "/workspaces/{workspace_id}/tenants/{tenant_id}/versions/{version_id}",
    { params: { path: { workspace_id: workspaceId, tenant_id: tenantId, version_id: versionId } } },
    { staleTime: Number.POSITIVE_INFINITY },
  );

/** One tenant as the registry shows it. */
export interface RegistryRow {
  tenant: Tenant;
  /** Nothing while it is on its way or could not be read. */
  connection?: Connection;
  lastSync?: Operation;
  active?: Operation;
}

const firstPerTenant = (operations: Operation[] | undefined): Map<string, Operation> => {
  const found = new Map<string, Operation>();
  for (const operation of operations ?? []) {
    const tenant = operation.tenant_id ?? operation.target_tenant_id;
    if (tenant && !found.has(tenant)) found.set(tenant, operation);
  }
  return found;
};

/** Adds health, last sync and running work to the tenants. */
export function useRegistryRows(workspaceId: string, tenants: Tenant[]): RegistryRow[] {
  const liveness = useLiveness();
  const connections = useQueries({ queries: tenants.map(({ id }) => connectionQuery(workspaceId, id)) });
  const syncs = useQuery(
    operationsQuery(workspaceId, { type: "inventory.sync", status: "completed", limit: 200 }, liveness),
  );
  const running = useQuery(operationsQuery(workspaceId, { status: "running", limit: 200 }, liveness));
  const queued = useQuery(operationsQuery(workspaceId, { status: "queued", limit: 200 }, liveness));
  const last = firstPerTenant(syncs.data?.items);
  const active = firstPerTenant([...(running.data?.items ?? []), ...(queued.data?.items ?? [])]);
  return tenants.map((tenant, index) => ({
    tenant,
    connection: connections[index]?.data,
    lastSync: last.get(tenant.id),
    active: active.get(tenant.id),
  }));
}

/** A tenant's newest operations of one kind, newest first. */
export const tenantOperationsQuery = (
  workspaceId: string,
  tenantId: string,
  type: Operation["type"],
  liveness: "live" | "polling",
) => operationsQuery(workspaceId, { type, tenant_id: tenantId, limit: 5 }, liveness);
