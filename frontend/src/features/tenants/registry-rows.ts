import type { RegistryRow } from "./queries";
import type { RegistrySearch } from "./registry-search";

const matches = ({ tenant, connection }: RegistryRow, { q, health, archived }: RegistrySearch): boolean => {
  if (tenant.archived_at && !archived) return false;
  if (health && connection?.status !== health) return false;
  const wanted = q?.toLocaleLowerCase() ?? "";
  return tenant.display_name.toLocaleLowerCase().includes(wanted) || tenant.directory_id.includes(wanted);
};

// From what needs attention to what does not.
const healthOrder = ["failed", "permission_missing", "unverified", "none", "verified"];

const keys: Record<NonNullable<RegistrySearch["sort"]>, (row: RegistryRow) => string> = {
  name: ({ tenant }) => tenant.display_name,
  directory: ({ tenant }) => tenant.directory_id,
  health: ({ connection }) =>
    String(connection ? healthOrder.indexOf(connection.status) : healthOrder.length),
  sync: ({ lastSync }) => lastSync?.completed_at ?? "",
};

/** The rows that match the address, in its order; equal ones by name. */
export function visibleRows(rows: RegistryRow[], search: RegistrySearch): RegistryRow[] {
  const key = keys[search.sort ?? "name"];
  const sign = search.desc ? -1 : 1;
  return rows
    .filter((row) => matches(row, search))
    .sort((a, b) => sign * key(a).localeCompare(key(b)) || keys.name(a).localeCompare(keys.name(b)));
}
