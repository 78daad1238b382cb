import type { Schema } from "@/shared/api/client";
import type { Operation } from "@/shared/api/operations";

/** The compare page's address, as far as an operation knows it. */
export interface CompareReturn {
  source: string;
  target: string;
  types?: string;
  q?: string;
  keys?: string;
  match?: "ignore_version_suffix";
  assignments?: "exclude";
  run: string;
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

const joined = (value: unknown): string | undefined => strings(value).join(",") || undefined;

/**
 * The way back to the selection a promotion was started from. The selection
 * stands in the audit event of its start; without that, the two tenants remain.
 */
export function compareReturn(
  operation: Operation,
  trail: Schema<"AuditEvent">[],
): CompareReturn | undefined {
  const { id, type, source_tenant_id: source, target_tenant_id: target } = operation;
  if (type !== "promotion.execute" || !source || !target) return undefined;
  const found = trail.find(({ action }) => action === "promotion.execute.queued")?.details.selection;
  const selection = (typeof found === "object" && found !== null ? found : {}) as Record<string, unknown>;
  return {
    source,
    target,
    types: joined(selection.policy_types),
    q: typeof selection.q === "string" && selection.q !== "" ? selection.q : undefined,
    keys: joined(selection.subject_keys),
    match: selection.match_rule === "ignore_version_suffix" ? "ignore_version_suffix" : undefined,
    assignments: selection.assignments === "exclude" ? "exclude" : undefined,
    run: id,
  };
}
