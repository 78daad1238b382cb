import { describe, expect, it } from "vitest";
import type { Tenant } from "@/shared/api/tenants";
import { tenant } from "@/testing/samples";
import { shownItems } from "./subject-table";
import { offered } from "./tenant-picker";
import type { CompareItem, State } from "./words";

const item = (index: number, state: State): CompareItem => ({
  subject_key: `intents:${index}`,
  policy_type: "intents",
  display_name: `Policy ${index}`,
  state,
  causes: [],
  match: { kind: "exact", target_name: null },
  candidates: { source: 1, target: 1 },
  source_version_id: null,
  target_version_id: null,
  source_captured_at: null,
  target_captured_at: null,
});

describe("the rows of a tab", () => {
  const states: State[] = [
    "aligned",
    "different",
    "missing_in_target",
    "only_in_target",
    "ambiguous",
    "not_evaluated",
  ];
  const items = Array.from({ length: 10_000 }, (_, index) => item(index, states[index % 6] ?? "aligned"));

  it("follow what is typed, whatever its case", () => {
    expect(shownItems(items, "all", "POLICY 9999").map(({ display_name }) => display_name)).toEqual([
      "Policy 9999",
    ]);
  });

  it("are those of its states", () => {
    expect(shownItems(items, "all", "")).toHaveLength(10_000);
    const attention = shownItems(items, "attention", " ");
    expect(new Set(attention.map(({ state }) => state))).toEqual(new Set(["ambiguous", "not_evaluated"]));
  });
});

describe("the tenants to choose from", () => {
  const tenants: Tenant[] = [
    tenant({ id: "b", display_name: "Harbour" }),
    tenant({ id: "a", display_name: "Åland Harbour" }),
    tenant({ id: "c", display_name: "Old Harbour", archived_at: "2026-01-01T00:00:00Z" }),
  ];

  it("are in use, by name", () => {
    expect(offered(tenants, "harb", undefined).map(({ id }) => id)).toEqual(["a", "b"]);
    expect(offered(tenants, "none", undefined)).toEqual([]);
  });

  it("hold the chosen one, also when it was archived", () => {
    expect(offered(tenants, "", "c").map(({ id }) => id)).toContain("c");
  });
});
