import type { Schema } from "@/shared/api/client";

export type Selection = Schema<"Selection">;

export const tabs = ["all", "different", "missing", "only_in_target", "aligned", "attention"] as const;
export type Tab = (typeof tabs)[number];

/** What of the comparison is in the address. Defaults are left out, lists are sorted. */
export interface CompareSearch {
  source?: string;
  target?: string;
  /** Policy types, separated by commas; all when absent. */
  types?: string;
  q?: string;
  /** Subject keys, separated by commas; all when absent. */
  keys?: string;
  match?: "ignore_version_suffix";
  assignments?: "exclude";
  /** What of the result is seen; not part of the selection. */
  tab?: Exclude<Tab, "all">;
  /** The promotion that was started from here. */
  run?: string;
  /** Where the operator came from, with its query. */
  return?: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const text = (value: unknown): string | undefined => {
  const words = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
  return words.trim() === "" ? undefined : words;
};

const id = (value: unknown): string | undefined =>
  typeof value === "string" && uuid.test(value) ? value.toLowerCase() : undefined;

/** The members of a list in the address, sorted and each once. */
export const listed = (value: string | undefined): string[] =>
  [...new Set((value ?? "").split(",").map((each) => each.trim()))].filter(Boolean).sort();

const joined = (values: string[]): string | undefined => (values.length > 0 ? values.join(",") : undefined);

const list = (value: unknown): string | undefined =>
  joined(listed(Array.isArray(value) ? value.join(",") : text(value)));

/**
 * Reads the address. What narrows the selection is never dropped for being
 * unknown: the server refuses it, where dropping it would compare more than was
 * asked for. safeReturn: gives back only paths of this application.
 */
export function readCompareSearch(
  search: Record<string, unknown>,
  safeReturn: (value: unknown) => string | undefined,
): CompareSearch {
  return {
    source: id(search.source),
    target: id(search.target),
    types: list(search.types),
    q: text(search.q),
    keys: list(search.keys),
    match: search.match === "ignore_version_suffix" ? search.match : undefined,
    assignments: search.assignments === "exclude" ? search.assignments : undefined,
    tab: tabs.find((each): each is Exclude<Tab, "all"> => each !== "all" && each === search.tab),
    run: id(search.run),
    return: safeReturn(search.return),
  };
}

/** What is compared, or nothing while a side is not chosen. */
export function selectionOf(search: CompareSearch): Selection | undefined {
  if (!search.source || !search.target) return undefined;
  return {
    source_tenant_id: search.source,
    target_tenant_id: search.target,
    policy_types: listed(search.types) as Selection["policy_types"],
    q: search.q ?? "",
    subject_keys: listed(search.keys),
    match_rule: search.match ?? "exact_name",
    assignments: search.assignments ?? "include",
  };
}

/** Equal for equal selections; anything that would have to discard a preflight changes it. */
export const selectionKey = (selection: Selection): string => JSON.stringify(selection);

/** A step to another selection: what was started for the old one is not shown beside the new one. */
export const changed = (search: CompareSearch, change: Partial<CompareSearch>): CompareSearch => ({
  ...search,
  ...change,
  run: undefined,
});

/** The other way round. Chosen subject keys stay: they name both sides. */
export const swapped = (search: CompareSearch): CompareSearch =>
  changed(search, { source: search.target, target: search.source });

export const hasFilters = ({ types, q, keys }: CompareSearch): boolean => Boolean(types || q || keys);

export const withoutFilters = (search: CompareSearch): CompareSearch =>
  changed(search, { types: undefined, q: undefined, keys: undefined });
