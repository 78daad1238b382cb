import type { RegistrySearch } from "@/features/tenants/registry-search";
import type { TenantSearch } from "@/features/tenants/tenant-search";

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

const oneOf = <Value extends string>(value: unknown, allowed: readonly Value[]): Value | undefined =>
  allowed.find((each) => each === value);

/** The registry's state in the address; what is not understood is dropped. */
export function readRegistrySearch(search: Record<string, unknown>): RegistrySearch {
  return {
    q: text(search.q),
    health: oneOf(search.health, ["none", "unverified", "verified", "permission_missing", "failed"]),
    archived: search.archived === true || undefined,
    sort: oneOf(search.sort, ["name", "directory", "health", "sync"]),
    desc: search.desc === true || undefined,
  };
}

export function readTenantSearch(search: Record<string, unknown>): TenantSearch {
  return {
    tab: oneOf(search.tab, ["overview", "connection", "inventory", "members"]),
    type: text(search.type),
    q: text(search.q),
  };
}
