import type { Schema } from "./client";

export type Action = Schema<"Action">;
export type Actions = Record<string, Action>;

export interface UsableAction {
  /** Whether the server lets the caller do it now. */
  allowed: boolean;
  /** Whether the server speaks of it at all; what it does not name is not shown. */
  known: boolean;
  /** Why not and what would help; empty when allowed. */
  reason: string;
  /** Spread on ActionButton: disabled with the reason as its description. */
  props: { refusal?: string };
}

/**
 * What the caller may do, by the names the server uses. The server decides; a
 * page never asks for a role.
 */
export function useActions(actions: Actions | undefined): (name: string) => UsableAction {
  return (name) => {
    const action = actions?.[name];
    const allowed = action?.allowed ?? false;
    const reason = action && !allowed ? (action.guidance ?? "This is not possible now.") : "";
    return { allowed, known: action !== undefined, reason, props: reason ? { refusal: reason } : {} };
  };
}
