import type { Schema } from "@/shared/api/client";

/** What a status means to the eye; each tone has its own icon. */
export type Tone = "good" | "bad" | "warn" | "info" | "busy" | "quiet";

export interface Word {
  label: string;
  tone: Tone;
}

export const connectionWords: Record<Schema<"Connection">["status"], Word> = {
  none: { label: "Not connected", tone: "quiet" },
  unverified: { label: "Not verified", tone: "info" },
  verified: { label: "Connected", tone: "good" },
  permission_missing: { label: "Permissions missing", tone: "warn" },
  failed: { label: "Connection failed", tone: "bad" },
};

export const outcomeWords: Record<Schema<"Operation">["outcome"], Word> = {
  pending: { label: "In progress", tone: "busy" },
  succeeded: { label: "Succeeded", tone: "good" },
  partially_succeeded: { label: "Partially succeeded", tone: "warn" },
  failed: { label: "Failed", tone: "bad" },
  blocked: { label: "Blocked", tone: "warn" },
  cancelled: { label: "Cancelled", tone: "quiet" },
};

const statusWords: Record<Schema<"Operation">["status"], Word> = {
  queued: { label: "Queued", tone: "info" },
  running: { label: "Running", tone: "busy" },
  completed: { label: "Completed", tone: "good" },
};

/** An operation in one word: how it ended, or that it has not. */
export function operationWord(
  operation: Pick<Schema<"Operation">, "status" | "outcome" | "waiting_on">,
): Word {
  if (operation.status === "completed") return outcomeWords[operation.outcome];
  if (operation.waiting_on) return { label: "Waiting", tone: "info" };
  return statusWords[operation.status];
}

export const cloudWords: Record<Schema<"Tenant">["cloud"], string> = {
  global: "Global",
  us_gov: "US Government (GCC High)",
  us_gov_dod: "US Government (DoD)",
  china: "China (21Vianet)",
};
