import { describe, expect, it } from "vitest";
import { excludedOf, ledgerOf } from "./ledger";
import { changeWords, countsWords, reasonTexts } from "./words";

const compared = {
  aligned: 18,
  different: 1,
  missing_in_target: 20,
  only_in_target: 4,
  ambiguous: 2,
  not_evaluated: 0,
};

describe("the ledger", () => {
  it("adds up when both show the same moment", () => {
    const ledger = ledgerOf(compared, { ready: 6, blocked: 3, manual_mapping_required: 14, aligned: 18 });
    expect(ledger).toMatchObject({ foundTotal: 23, judgedTotal: 23, adds: true });
  });

  it("says so when it does not", () => {
    const ledger = ledgerOf(compared, { ready: 5, blocked: 3, manual_mapping_required: 14, aligned: 19 });
    expect(ledger).toMatchObject({ foundTotal: 23, judgedTotal: 22, adds: false });
  });

  it("counts neither what is aligned nor what is only in the target", () => {
    const judged = { ready: 6, blocked: 3, manual_mapping_required: 14, aligned: 900 };
    expect(ledgerOf({ ...compared, aligned: 900, only_in_target: 900 }, judged).adds).toBe(true);
  });

  it("knows what is left out", () => {
    expect(excludedOf({ ready: 6, blocked: 3, manual_mapping_required: 14, aligned: 18 })).toBe(17);
  });
});

describe("words of a preflight", () => {
  it("name the thing that is missing, and what would have to change", () => {
    const [text] = reasonTexts([
      {
        code: "group_not_found",
        message: "A group it refers to does not exist in the target under that name.",
        reference: { kind: "group", name: "Kiosk devices" },
      },
    ]);
    expect(text?.message).toContain("Group: “Kiosk devices”.");
    expect(text?.next).toContain("Create it in the target");
  });

  it("keep two reasons of one code apart", () => {
    const reason = { code: "group_not_found", message: "m", reference: null } as const;
    const keys = reasonTexts([reason, reason]).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });

  it("tell counts and changes", () => {
    const now = { ready: 10, blocked: 2, manual_mapping_required: 0, aligned: 3 };
    expect(countsWords(now)).toBe("10 ready, 2 blocked, 0 manual mapping");
    const changes = {
      unknown_preflight: false,
      rule_changed: true,
      selection_changed: false,
      source: 1,
      target: 3,
      counts_then: null,
      counts_now: now,
      subjects: [],
    };
    expect(changeWords(changes, "Nordwind", "Harbour")).toEqual([
      "The rules of TenantAtlas have changed.",
      "1 policy of Nordwind was captured anew or deleted.",
      "3 policies of Harbour were captured anew or deleted.",
    ]);
    expect(changeWords({ ...changes, rule_changed: false, source: 0, target: 0 }, "a", "b")).toHaveLength(1);
  });
});
