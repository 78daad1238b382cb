import type { Schema } from "@/shared/api/client";
import type { Operation } from "@/shared/api/operations";
import { operationWord } from "@/shared/lib/words";

export interface Moment {
  key: string;
  at: string;
  what: string;
  /** Who did it, when it is known. */
  who?: string;
}

/** What the trail tells that the operation's own times do not. */
const told: Record<string, string> = {
  "operation.cancel_requested": "Asked to stop",
  "promotion.duplicate_found": "Two equal objects were found in the target",
};

/** What happened to an operation, oldest first. */
export function moments(operation: Operation, trail: Schema<"AuditEvent">[]): Moment[] {
  const { created_at, started_at, completed_at, initiator, waiting_on } = operation;
  const own: (Moment | undefined)[] = [
    { key: "queued", at: created_at, what: "Queued", who: initiator?.display_name },
    started_at ? { key: "started", at: started_at, what: "Started" } : undefined,
    waiting_on ? { key: "waiting", at: waiting_on.since, what: waiting_on.label } : undefined,
    completed_at ? { key: "completed", at: completed_at, what: operationWord(operation).label } : undefined,
  ];
  const others = trail
    .filter(({ action }) => action in told)
    .map((event) => ({
      key: event.id,
      at: event.at,
      what: told[event.action] ?? event.summary,
      who: event.actor.display_name,
    }));
  return [...own.filter((moment) => moment !== undefined), ...others].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}
