import { describe, expect, it } from "vitest";
import { tabs } from "./search";
import { type CompareItem, inTab, matchWords, type State, stateNotes, stateWords, tabCount } from "./words";

const counts = {
  aligned: 40,
  different: 9,
  missing_in_target: 5,
  only_in_target: 3,
  ambiguous: 1,
  not_evaluated: 2,
};

const item = (values: Partial<CompareItem>): CompareItem => ({
  subject_key: "intents:1",
  policy_type: "intents",
  display_name: "Windows baseline",
  state: "different",
  causes: [],
  match: { kind: "exact", target_name: "Windows baseline" },
  candidates: { source: 1, target: 1 },
  source_version_id: "v1",
  target_version_id: "v2",
  source_captured_at: null,
  target_captured_at: null,
  ...values,
});

describe("states", () => {
  it("each stand in All and in exactly one other tab", () => {
    for (const state of Object.keys(stateWords) as State[]) {
      expect(tabs.filter((tab) => inTab(tab, state))).toHaveLength(2);
      expect(inTab("all", state)).toBe(true);
    }
  });

  it("add up: the tabs besides All hold what All holds", () => {
    const others = tabs.filter((tab) => tab !== "all").map((tab) => tabCount(tab, counts));
    expect(others.reduce((total, each) => total + each, 0)).toBe(tabCount("all", counts));
    expect(tabCount("all", counts)).toBe(60);
    expect(tabCount("attention", counts)).toBe(3);
  });

  it("have words of their own", () => {
    expect(new Set(Object.values(stateWords)).size).toBe(6);
    expect(stateNotes.only_in_target).toContain("never changes or deletes");
  });
});

describe("how a subject was matched", () => {
  it.each<[string, Partial<CompareItem>, string]>([
    ["exact", {}, "Same name"],
    [
      "normalised",
      { match: { kind: "normalised_name", target_name: "Baseline v2" } },
      "Without version suffix: Baseline v2",
    ],
    [
      "ambiguous",
      {
        state: "ambiguous",
        match: { kind: "ambiguous", target_name: null },
        candidates: { source: 1, target: 2 },
      },
      "1 candidate in the source, 2 in the target",
    ],
    [
      "missing",
      { state: "missing_in_target", match: { kind: "none", target_name: null } },
      "Not in the target",
    ],
    [
      "only there",
      { state: "only_in_target", match: { kind: "none", target_name: null } },
      "Not in the source",
    ],
    ["unread", { state: "not_evaluated", match: { kind: "none", target_name: null } }, "Not matched"],
  ])("is told: %s", (_, values, words) => {
    expect(matchWords(item(values))).toBe(words);
  });
});
