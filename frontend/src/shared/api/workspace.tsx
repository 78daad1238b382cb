import { createContext, type ReactNode, useContext } from "react";
import type { Schema } from "./client";

export type Membership = Schema<"Membership">;

const Current = createContext<Membership | null>(null);

export function WorkspaceProvider({ membership, children }: { membership: Membership; children: ReactNode }) {
  return <Current value={membership}>{children}</Current>;
}

/** The workspace of the page: its id, name and what the server lets the caller do in it. */
export function useWorkspace(): Membership {
  const membership = useContext(Current);
  if (!membership) throw new Error("useWorkspace needs a WorkspaceProvider");
  return membership;
}

/** Whether the server granted a workspace capability. Roles are never compared. */
export function useCapability(capability: string): boolean {
  return useWorkspace().capabilities.includes(capability);
}

/** Whether the server granted a capability in one tenant. */
export function useTenantCapability(tenantId: string, capability: string): boolean {
  const tenant = useWorkspace().tenants.find((each) => each.tenant_id === tenantId);
  return tenant?.capabilities.includes(capability) ?? false;
}
