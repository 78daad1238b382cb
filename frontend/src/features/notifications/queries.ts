import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, client } from "@/shared/api/client";

/** The newest notifications; asked for twice a minute while the page is seen. */
export const notificationsQuery = () =>
  api.queryOptions(
    "get",
    "/me/notifications",
    { params: { query: { limit: 50 } } },
    { refetchInterval: 30_000 },
  );

/** Marks some notifications as read; all of them when no ids are given. */
export function useMarkRead() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (ids?: string[]) => {
      const { data, error } = await client.POST("/me/notifications/read", { body: ids ? { ids } : {} });
      if (!data) throw error;
      return data;
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: notificationsQuery().queryKey }),
  });
}

const operationPath = "/workspaces/{workspace_id}/operations/{operation_id}";

/**
 * Asks for notifications as soon as the page hears that an operation has ended,
 * since its notification is written together with its end.
 */
export function useNewsOfOperations(): void {
  const queryClient = useQueryClient();
  useEffect(
    () =>
      queryClient.getQueryCache().subscribe((event) => {
        if (event.type !== "updated" || event.action.type !== "success") return;
        if (event.query.queryKey[1] !== operationPath) return;
        if ((event.action.data as { status?: string } | undefined)?.status !== "completed") return;
        void queryClient.invalidateQueries({ queryKey: notificationsQuery().queryKey });
      }),
    [queryClient],
  );
}
