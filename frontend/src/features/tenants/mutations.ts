import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/shared/api/client";

const tenantPaths = [
  "/workspaces/{workspace_id}/tenants",
  "/workspaces/{workspace_id}/tenants/{tenant_id}",
] as const;

/** Forgets what was read from these addresses, so that it is read again. */
function useInvalidate(...paths: string[]): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all(paths.map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}

export const useCreateTenant = () =>
  api.useMutation("post", "/workspaces/{workspace_id}/tenants", {
    onSuccess: useInvalidate("/me", ...tenantPaths),
  });

export const useChangeTenant = () =>
  api.useMutation("patch", "/workspaces/{workspace_id}/tenants/{tenant_id}", {
    onSuccess: useInvalidate("/me", ...tenantPaths),
  });

export const useArchiveTenant = () =>
  api.useMutation("post", "/workspaces/{workspace_id}/tenants/{tenant_id}/archive", {
    onSuccess: useInvalidate(...tenantPaths),
  });

/** Connections are read again: a check or a sync may have changed their status. */
export const useForgetConnections = () =>
  useInvalidate("/workspaces/{workspace_id}/tenants/{tenant_id}/connection");

export const usePutConnection = () =>
  api.useMutation("put", "/workspaces/{workspace_id}/tenants/{tenant_id}/connection", {
    onSuccess: useInvalidate("/workspaces/{workspace_id}/tenants/{tenant_id}/connection"),
  });

export const useVerifyConnection = () =>
  api.useMutation("post", "/workspaces/{workspace_id}/tenants/{tenant_id}/connection/verify", {
    onSuccess: useInvalidate("/workspaces/{workspace_id}/operations"),
  });

export const useStartSync = () =>
  api.useMutation("post", "/workspaces/{workspace_id}/tenants/{tenant_id}/inventory-syncs", {
    onSuccess: useInvalidate("/workspaces/{workspace_id}/operations"),
  });

const members = "/workspaces/{workspace_id}/tenants/{tenant_id}/members";

export const useAddTenantMember = () =>
  api.useMutation("post", members, { onSuccess: useInvalidate(members) });

export const useRemoveTenantMember = () =>
  api.useMutation("delete", "/workspaces/{workspace_id}/tenants/{tenant_id}/members/{user_id}", {
    onSuccess: useInvalidate(members),
  });
