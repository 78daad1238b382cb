import type { Schema } from "@/shared/api/client";
import { operationTypeLabels } from "@/shared/lib/operation-types";

type AuditEvent = Schema<"AuditEvent">;

const plainActions: Record<string, string> = {
  "session.signed_in": "Signed in",
  "session.sign_in_failed": "Sign-in refused",
  "session.signed_out": "Signed out",
  "user.created": "Account created",
  "user.password_set": "Password set",
  "token.created": "API token issued",
  "token.revoked": "API token revoked",
  "workspace.created": "Workspace created",
  "workspace.updated": "Workspace changed",
  "workspace.member.added": "Member added",
  "workspace.member.role_changed": "Member's role changed",
  "workspace.member.removed": "Member removed",
  "tenant.created": "Tenant registered",
  "tenant.updated": "Tenant changed",
  "tenant.archived": "Tenant archived",
  "tenant.member.added": "Tenant member added",
  "tenant.member.role_changed": "Tenant member's role changed",
  "tenant.member.removed": "Tenant member removed",
  "connection.stored": "Connection stored",
  "connection.verified": "Connection checked",
  "connection.credential_open_failed": "Credential could not be opened",
  "authz.denied": "Access refused",
  "operation.cancel_requested": "Operation asked to stop",
  "control.paused": "Work paused",
  "control.resumed": "Work resumed",
  "promotion.preflight.generated": "Promotion preflight generated",
  "promotion.duplicate_found": "Duplicate found after promotion",
};

const runActions = Object.entries(operationTypeLabels).flatMap(([type, label]) => [
  [`${type}.queued`, `${label} queued`],
  [`${type}.completed`, `${label} ended`],
]);

/** Every action in words. */
export const actionLabels: Record<string, string> = { ...plainActions, ...Object.fromEntries(runActions) };

/** An action in words; one that this build does not know in the server's. */
export const actionLabel = ({ action, summary }: Pick<AuditEvent, "action" | "summary">): string =>
  actionLabels[action] ?? summary;

export const viaLabels: Record<AuditEvent["actor"]["via"], string> = {
  session: "in the browser",
  token: "with an API token",
  system: "by itself",
};

export interface Detail {
  name: string;
  value: string;
  /** Ids and digests, which people copy. */
  copyable: boolean;
}

const idLike = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{40,})$/i;

function spoken(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An event's details as names and values; what is nested gets the outer name before it. */
export function flatten(details: Record<string, unknown>, prefix = ""): Detail[] {
  return Object.entries(details).flatMap(([key, value]): Detail[] => {
    const name = prefix ? `${prefix}, ${key.replaceAll("_", " ")}` : spoken(key);
    if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return [];
    if (Array.isArray(value)) return [{ name, value: value.map(plain).join(", "), copyable: false }];
    if (typeof value === "object") return flatten(value as Record<string, unknown>, name);
    const text = plain(value);
    return [{ name, value: text, copyable: idLike.test(text) }];
  });
}

function plain(value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
