import type { Word } from "@/shared/lib/words";
import type { Control, Role } from "./queries";

/** The workspace roles for people: what each is called and what it is for. */
export const roleWords: Record<Role, { label: string; meaning: string }> = {
  owner: { label: "Owner", meaning: "Everything, including the workspace itself and its owners." },
  manager: { label: "Manager", meaning: "Every tenant, members, operational controls and the audit trail." },
  operator: { label: "Operator", meaning: "Works in the tenants they are a member of." },
  readonly: { label: "Read only", meaning: "Sees the tenants they are a member of and changes nothing." },
  support: { label: "Support", meaning: "Sees every tenant with technical details and the audit trail." },
  customer: { label: "Customer", meaning: "Sees only the published reviews of their own tenants." },
};

export const roles = Object.keys(roleWords) as Role[];

/** Whether work of a kind may be started at present. */
export function controlWord({ effective, global }: Pick<Control, "effective" | "global">): Word {
  if (!effective) return { label: "Not paused", tone: "good" };
  return { label: global ? "Paused everywhere" : "Paused", tone: "warn" };
}

/** What is said where a capability is missing. */
export const missing = (what: string): string =>
  `Your role does not allow to ${what}. Ask an owner of the workspace.`;

const day = 86_400_000;

/** The lifetimes that are offered for an API token, in days. */
export const lifetimes = [7, 30, 90, 365] as const;

/** When a token that is created now ends, in the contract's form. */
export const expiryOf = (days: number, now: number): string => new Date(now + days * day).toISOString();

/** A field of type datetime-local in the contract's form; nothing when it is empty or cannot be read. */
export function localTime(value: string): string | undefined {
  const at = Date.parse(value);
  return value === "" || Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
