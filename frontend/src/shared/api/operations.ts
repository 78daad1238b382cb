import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState } from "react";
import { api, type Schema } from "./client";
import { followEvents, type Liveness } from "./events";

export type Operation = Schema<"Operation">;

export interface OperationFilter {
  type?: Operation["type"];
  status?: Operation["status"];
  outcome?: Operation["outcome"];
  tenant_id?: string;
  since?: string;
  limit?: number;
}

/** How often active work is asked for while there is no event stream, in milliseconds. */
const pollEvery = 4_000;

export const isActive = (operation: Operation): boolean => operation.status !== "completed";

/** One operation; asked again while it runs, unless events bring it. */
export const operationQuery = (workspaceId: string, operationId: string, liveness: Liveness = "polling") =>
  api.queryOptions(
    "get",
    "/workspaces/{workspace_id}/operations/{operation_id}",
    { params: { path: { workspace_id: workspaceId, operation_id: operationId } } },
    {
      refetchInterval: ({ state }) =>
        liveness === "polling" && (!state.data || isActive(state.data)) ? pollEvery : false,
    },
  );

/** The newest operations that match. */
export const operationsQuery = (
  workspaceId: string,
  filter: OperationFilter = {},
  liveness: Liveness = "live",
) =>
  api.queryOptions(
    "get",
    "/workspaces/{workspace_id}/operations",
    { params: { path: { workspace_id: workspaceId }, query: filter } },
    { refetchInterval: liveness === "polling" ? pollEvery : false },
  );

/** Calls back once when an operation that was seen active has ended. */
export function useWhenFinished(operation: Operation | undefined, then: () => unknown): void {
  const seenActive = useRef("");
  useEffect(() => {
    if (!operation) return;
    if (isActive(operation)) {
      seenActive.current = operation.id;
    } else if (seenActive.current === operation.id) {
      seenActive.current = "";
      then();
    }
  });
}

const Live = createContext<Liveness>("polling");
export const LivenessProvider = Live.Provider;

/** Whether changes are pushed at present; hand it to the queries above. */
export const useLiveness = (): Liveness => useContext(Live);

/**
 * Keeps every operation of the workspace current in the cache. onFinished hears
 * of each one that ends while the page is open, once.
 */
export function useFollowOperations(
  workspaceId: string,
  onFinished: (operation: Operation) => void,
): Liveness {
  const [liveness, setLiveness] = useState<Liveness>("polling");
  const queryClient = useQueryClient();

  useEffect(() => {
    const active = new Set<string>();
    return followEvents({
      path: `/workspaces/${workspaceId}/events`,
      onLiveness: setLiveness,
      on: {
        "operation.updated": (data) => {
          const operation = data as Operation;
          queryClient.setQueryData(operationQuery(workspaceId, operation.id).queryKey, operation);
          void queryClient.invalidateQueries({ queryKey: ["get", "/workspaces/{workspace_id}/operations"] });
          if (isActive(operation)) active.add(operation.id);
          else if (active.delete(operation.id)) onFinished(operation);
        },
      },
    });
  }, [workspaceId, queryClient, onFinished]);

  return liveness;
}
