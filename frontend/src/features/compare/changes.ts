import type { Schema } from "@/shared/api/client";
import { valueText } from "./values";
import type { State } from "./words";

export type Change = Schema<"Change">;

export interface ChangeGroup {
  /** Where the settings are, or nothing for those at the top. */
  area: string;
  changes: { id: string; label: string; change: Change }[];
}

const separator = " › ";

/** Changes whose label, path or value holds the words. */
export function matching(changes: Change[], wanted: string): Change[] {
  const words = wanted.trim().toLocaleLowerCase();
  if (words === "") return changes;
  return changes.filter(({ label, path, source_value, target_value }) =>
    [label, path, valueText(source_value), valueText(target_value)].some((each) =>
      each.toLocaleLowerCase().includes(words),
    ),
  );
}

/** By area, in the server's order; "Conditions › Users › Exclude groups" stands below "Conditions › Users". */
export function grouped(changes: Change[]): ChangeGroup[] {
  const groups = new Map<string, ChangeGroup>();
  changes.forEach((change, index) => {
    const parts = change.label.split(separator);
    const label = parts.pop() ?? change.label;
    const area = parts.join(separator);
    const group = groups.get(area) ?? { area, changes: [] };
    group.changes.push({ id: `${index} ${change.path}`, label, change });
    groups.set(area, group);
  });
  return [...groups.values()];
}

const kindWords: Record<Change["kind"], string> = { added: "Added", removed: "Removed", changed: "Changed" };

/** What a promotion would do with a setting; where none would happen, only where it is. */
export function kindWord(kind: Change["kind"], state: State): string {
  if (state !== "only_in_target") return kindWords[kind];
  return kind === "removed" ? "In target" : kindWords[kind];
}

/** "2 added, 1 removed, 4 changed"; what is none is left out. */
export function totals(changes: Change[], state: State): string {
  return (["added", "removed", "changed"] as const)
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kindWord(kind, state).toLowerCase()}`)
    .join(", ");
}
