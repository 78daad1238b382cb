import { useQueries } from "@tanstack/react-query";
import { type Operation, operationQuery, useLiveness } from "@/shared/api/operations";

const order: Record<Operation["status"], number> = { queued: 0, running: 1, completed: 2 };

/**
 * The newer of two states of one operation: status and processed only grow. What
 * differs in neither is decided by whether events come at present.
 */
export function newer(listed: Operation, pushed: Operation | undefined, live: boolean): Operation {
  if (!pushed) return listed;
  const further =
    order[pushed.status] - order[listed.status] ||
    pushed.summary_counts.processed - listed.summary_counts.processed;
  if (further !== 0) return further > 0 ? pushed : listed;
  return live ? pushed : listed;
}

/** Listed operations with what events have told since, so that rows move in place. */
export function useLiveRows(workspaceId: string, listed: Operation[]): Operation[] {
  const live = useLiveness() === "live";
  const pushed = useQueries({
    queries: listed.map(({ id }) => ({ ...operationQuery(workspaceId, id, "live"), enabled: false })),
    combine: (results) => results.map(({ data }) => data),
  });
  return listed.map((operation, index) => newer(operation, pushed[index], live));
}
