import type { Schema } from "@/shared/api/client";
import { plural } from "@/shared/lib/format";
import type { Tab } from "./search";

export type CompareItem = Schema<"CompareItem">;
export type State = CompareItem["state"];
export type Counts = Schema<"CompareCounts">;

export const stateWords: Record<State, string> = {
  aligned: "Aligned",
  different: "Different",
  missing_in_target: "Missing in target",
  only_in_target: "Only in target",
  ambiguous: "Ambiguous",
  not_evaluated: "Not evaluated",
};

export const causeWords: Record<CompareItem["causes"][number], string> = {
  content: "Settings differ",
  assignments: "Assignments differ",
  name: "The version in the name differs",
  source_unread: "This type was not read completely in the source",
  target_unread: "This type was not read completely in the target",
  secret: "Equal, except for a secret that Microsoft Graph does not return",
  source_assignments: "Assignments of the source were not captured",
  target_assignments: "Assignments of the target were not captured",
};

export const tabWords: Record<Tab, string> = {
  all: "All",
  different: "Different",
  missing: "Missing in target",
  only_in_target: "Only in target",
  aligned: "Aligned",
  attention: "Needs attention",
};

const tabStates: Record<Exclude<Tab, "all">, State[]> = {
  different: ["different"],
  missing: ["missing_in_target"],
  only_in_target: ["only_in_target"],
  aligned: ["aligned"],
  attention: ["ambiguous", "not_evaluated"],
};

export const inTab = (tab: Tab, state: State): boolean => tab === "all" || tabStates[tab].includes(state);

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

export const tabCount = (tab: Tab, counts: Counts): number =>
  tab === "all" ? sum(Object.values(counts)) : sum(tabStates[tab].map((state) => counts[state]));

/** How the two sides found each other, in words. */
export function matchWords({ match, candidates, state }: CompareItem): string {
  switch (match.kind) {
    case "exact":
      return "Same name";
    case "normalised_name":
      return match.target_name ? `Without version suffix: ${match.target_name}` : "Without version suffix";
    case "ambiguous":
      return `${plural(candidates.source, "candidate")} in the source, ${candidates.target} in the target`;
    case "none":
      if (state === "only_in_target")
        return candidates.target > 1 ? `${candidates.target} in the target` : "Not in the source";
      return state === "missing_in_target" ? "Not in the target" : "Not matched";
  }
}

/** What the operator should know about a state beyond its word. */
export const stateNotes: Record<State, string> = {
  aligned: "Equal in both tenants.",
  different: "In both tenants, and not equal.",
  missing_in_target: "A promotion could create it in the target.",
  only_in_target: "A promotion never changes or deletes it.",
  ambiguous: "More than one policy fits by name, so it is not certain which one is meant.",
  not_evaluated: "It could not be compared; nothing is concluded about it.",
};
