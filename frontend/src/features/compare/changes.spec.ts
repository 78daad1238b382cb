import { describe, expect, it } from "vitest";
import { type Change, grouped, kindWord, matching, totals } from "./changes";
import { folded, nameWords, valueText } from "./values";

const change = (label: string, values: Partial<Change> = {}): Change => ({
  path: label,
  label,
  kind: "changed",
  source_value: "1",
  target_value: "2",
  ...values,
});

describe("differences", () => {
  it("stand below the area they are in", () => {
    const groups = grouped([
      change("State"),
      change("Conditions › Users › Include users"),
      change("Conditions › Users › Exclude groups"),
    ]);
    expect(groups.map(({ area, changes }) => [area, changes.map(({ label }) => label)])).toEqual([
      ["", ["State"]],
      ["Conditions › Users", ["Include users", "Exclude groups"]],
    ]);
  });

  it("each keep an id, also with the same path", () => {
    const ids = grouped([change("Assignments"), change("Assignments")]).flatMap(({ changes }) =>
      changes.map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it("are found by label and by either value", () => {
    const all = [
      change("State", { source_value: "enabled" }),
      change("Name", { target_value: { inner: "Kiosk" } }),
    ];
    expect(matching(all, "STATE")).toEqual([all[0]]);
    expect(matching(all, "enabled")).toEqual([all[0]]);
    expect(matching(all, "kiosk")).toEqual([all[1]]);
    expect(matching(all, " ")).toEqual(all);
  });

  it("are counted by kind", () => {
    expect(totals([change("a", { kind: "added" }), change("b"), change("c")], "different")).toBe(
      "1 added, 2 changed",
    );
  });

  it("never say that something only in the target would be removed", () => {
    expect(kindWord("removed", "different")).toBe("Removed");
    expect(kindWord("removed", "only_in_target")).toBe("In target");
  });
});

describe("values", () => {
  it.each<[unknown, string]>([
    [null, "Not set"],
    [true, "Yes"],
    [false, "No"],
    ["", "Empty"],
    [0, "0"],
    [[], "None"],
    [{}, "Empty"],
    [["a", "b"], "• a\n• b"],
    [{ gracePeriodHours: 72, names: ["x"] }, "Grace period hours: 72\nNames:\n  • x"],
    [[{ actionType: "block", graceHours: 1 }], "• Action type: block\n  Grace hours: 1"],
    ["line one\nline two\n", "line one\nline two"],
  ])("%j reads as text", (value, text) => {
    expect(valueText(value)).toBe(text);
  });

  it("have names in words", () => {
    expect(nameWords("notificationMessageCCList")).toBe("Notification message cclist");
    expect(nameWords("grace_period")).toBe("Grace period");
    expect(nameWords("@odata.type")).toBe("Kind");
  });

  it("are folded when they are long, by lines or letters", () => {
    expect(folded("short")).toBeUndefined();
    expect(folded("1\n2\n3\n4")).toBeUndefined();
    expect(folded("1\n2\n3\n4\n5")).toBe("1\n2\n3\n4…");
    expect(folded("x".repeat(500))?.length).toBe(241);
  });
});
