import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, client } from "@/shared/api/client";
import type { Liveness } from "@/shared/api/events";
import { type Operation, type OperationFilter, operationQuery } from "@/shared/api/operations";
import type { ItemStatus } from "./search";

/** How often a list is asked for again while no events come, in milliseconds. */
const pollEvery = 4_000;

/** How often the items of a running operation are asked for, per page that is loaded. */
const itemsEvery = 1_500;

const pageSize = 50;
const itemPageSize = 200;

/** Operations that match, newest first, page by page. Every event makes it be asked again. */
export const operationPagesQuery = (workspaceId: string, filter: OperationFilter, liveness: Liveness) =>
  infiniteQueryOptions({
    queryKey: ["get", "/workspaces/{workspace_id}/operations", { workspaceId, filter }, "pages"] as const,
    initialPageParam: undefined as string | undefined,
    refetchInterval: liveness === "polling" ? pollEvery : false,
    queryFn: async ({ pageParam, signal }) => {
      const { data, error } = await client.GET("/workspaces/{workspace_id}/operations", {
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

const itemsPath = "/workspaces/{workspace_id}/operations/{operation_id}/items";

const itemsKey = (workspaceId: string, operationId: string) =>
  ["get", itemsPath, { workspaceId, operationId }] as const;

/** The items in their order; asked again while the operation runs, the less often the more there are. */
export const itemPagesQuery = (
  workspaceId: string,
  operationId: string,
  status: ItemStatus | undefined,
  running: boolean,
) =>
  infiniteQueryOptions({
    queryKey: [...itemsKey(workspaceId, operationId), status ?? "all"] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { data, error } = await client.GET(itemsPath, {
        params: {
          path: { workspace_id: workspaceId, operation_id: operationId },
          query: { status, limit: itemPageSize, cursor: pageParam },
        },
        signal,
      });
      if (!data) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: ({ state }) => running && itemsEvery * Math.max(1, state.data?.pages.length ?? 1),
  });

/** The key under which everything of an operation's items is kept. */
export const allItemsKey = itemsKey;

/** What the audit trail says about one operation. */
export const operationTrailQuery = (workspaceId: string, operationId: string, enabled: boolean) =>
  api.queryOptions(
    "get",
    "/workspaces/{workspace_id}/audit-events",
    { params: { path: { workspace_id: workspaceId }, query: { operation_id: operationId, limit: 200 } } },
    { enabled },
  );

/** Asks the server to stop an operation; its answer is the operation as it is now. */
export function useCancelOperation(workspaceId: string, operationId: string) {
  const queryClient = useQueryClient();
  const { queryKey } = operationQuery(workspaceId, operationId);
  return useMutation({
    mutationFn: async (): Promise<Operation> => {
      const { data, error } = await client.POST(
        "/workspaces/{workspace_id}/operations/{operation_id}/cancel",
        {
          params: { path: { workspace_id: workspaceId, operation_id: operationId } },
        },
      );
      if (!data) throw error;
      return data;
    },
    onSuccess: (operation) => queryClient.setQueryData(queryKey, operation),
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
}
