import { infiniteQueryOptions } from "@tanstack/react-query";
import { apiAddress, client, type Schema } from "@/shared/api/client";
import { allItems } from "@/shared/api/pages";

/** The filters as the server takes them. */
export interface AuditFilter {
  action?: string;
  actor_id?: string;
  tenant_id?: string;
  operation_id?: string;
  since?: string;
}

const pageSize = 50;

/** What happened in the workspace, newest first, page by page. */
export const auditPagesQuery = (workspaceId: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["get", "/workspaces/{workspace_id}/audit-events", { workspaceId, filter }, "pages"] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { data, error } = await client.GET("/workspaces/{workspace_id}/audit-events", {
        params: {
          path: { workspace_id: workspaceId },
          query: { ...filter, limit: pageSize, cursor: pageParam },
        },
        signal,
      });
      if (!data) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

/** The people whose acts can be asked for. */
export const actorsQuery = (workspaceId: string) => ({
  queryKey: ["get", "/workspaces/{workspace_id}/members", { workspaceId }, "all"] as const,
  staleTime: 60_000,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    allItems<Schema<"Member">>((cursor) =>
      client.GET("/workspaces/{workspace_id}/members", {
        params: { path: { workspace_id: workspaceId }, query: { limit: 200, cursor } },
        signal,
      }),
    ),
});

/** Where the whole trail behind these filters is downloaded, one JSON object a line. */
export function exportAddress(workspaceId: string, filter: AuditFilter): string {
  const asked = Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(asked).toString();
  return apiAddress(`/workspaces/${workspaceId}/audit-events/export${query && `?${query}`}`);
}
