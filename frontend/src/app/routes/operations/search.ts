import type { ItemStatus, OperationSearch, OperationsSearch } from "@/features/operations/search";
import { operationTypes } from "@/shared/lib/operation-types";
import { readSince } from "@/shared/lib/since";

const oneOf = <Value extends string>(value: unknown, allowed: readonly Value[]): Value | undefined =>
  allowed.find((each) => each === value);

const itemStatuses: readonly ItemStatus[] = ["pending", "in_progress", "succeeded", "failed", "skipped"];

/** The filters of the list in the address; what is not understood is dropped. */
export function readOperationsSearch(search: Record<string, unknown>): OperationsSearch {
  return {
    type: oneOf(search.type, operationTypes),
    status: oneOf(search.status, ["queued", "running", "completed"]),
    outcome: oneOf(search.outcome, [
      "pending",
      "succeeded",
      "partially_succeeded",
      "failed",
      "blocked",
      "cancelled",
    ]),
    tenant: typeof search.tenant === "string" && search.tenant !== "" ? search.tenant : undefined,
    since: readSince(search.since),
  };
}

export function readOperationSearch(search: Record<string, unknown>): OperationSearch {
  return { items: oneOf(search.items, itemStatuses) };
}
