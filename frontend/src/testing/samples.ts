import type { Schema } from "@/shared/api/client";

// Small values of the contract for specs; each takes what is special about it.
export const workspaceId = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20";

export const allowed: Schema<"Action"> = { allowed: true, guidance: null, reason_code: null };

export const refused = (guidance: string, code = "forbidden"): Schema<"Action"> => ({
  allowed: false,
  guidance,
  reason_code: code,
});

export function me(membership: Partial<Schema<"Membership">> = {}): Schema<"Me"> {
  return {
    user: { id: "u1", email: "olivia@nordwind.example", display_name: "Olivia Owner" },
    memberships: [
      {
        workspace_id: workspaceId,
        display_name: "Nordwind",
        role: "owner",
        capabilities: ["workspace.view", "workspace.operations.view", "workspace.tenants.create"],
        tenants: [],
        ...membership,
      },
    ],
  };
}

export function tenant(values: Partial<Schema<"Tenant">> = {}): Schema<"Tenant"> {
  return {
    id: "t1",
    display_name: "Harbour & Sons",
    directory_id: "0d9f4b6e-8f53-4a83-9a26-3a1c5c0e1a04",
    cloud: "global",
    created_at: "2026-11-01T09:00:00Z",
    archived_at: null,
    revision: 1,
    actions: { update: allowed, archive: allowed, connect: allowed, sync: allowed, manage_members: allowed },
    ...values,
  };
}

export function connection(values: Partial<Schema<"Connection">> = {}): Schema<"Connection"> {
  return {
    tenant_id: "t1",
    status: "verified",
    status_reason: null,
    client_id: "5b0a6d2e-4c1f-4f57-9d57-7b6f6a5f2f11",
    credential_kind: "client_secret",
    granted_permissions: ["DeviceManagementConfiguration.ReadWrite.All"],
    missing_permissions: [],
    revision: 1,
    verified_at: "2026-11-24T09:00:00Z",
    write_enabled: true,
    actions: { update: allowed, verify: allowed },
    ...values,
  };
}

export function operation(values: Partial<Schema<"Operation">> = {}): Schema<"Operation"> {
  return {
    id: "o1",
    type: "inventory.sync",
    label: "Inventory sync",
    status: "completed",
    outcome: "succeeded",
    tenant_id: "t1",
    source_tenant_id: null,
    target_tenant_id: null,
    initiator: { id: "u1", display_name: "Olivia Owner" },
    summary_counts: {
      total: 28,
      processed: 28,
      succeeded: 28,
      failed: 0,
      skipped: 0,
      created: 0,
      updated: 3,
      unchanged: 25,
    },
    waiting_on: null,
    reason_code: null,
    message: null,
    created_at: "2026-11-24T08:59:00Z",
    started_at: "2026-11-24T08:59:01Z",
    completed_at: "2026-11-24T09:00:00Z",
    actions: {},
    links: { self: "", events: "", items: "", web: "" },
    ...values,
  };
}
