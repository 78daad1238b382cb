import type { AuditSearch } from "@/features/audit/search";
import { readSince } from "@/shared/lib/since";

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** The filters of the trail in the address; what is not understood is dropped. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    action: text(search.action),
    actor: text(search.actor),
    tenant: text(search.tenant),
    operation: text(search.operation),
    since: readSince(search.since),
  };
}
