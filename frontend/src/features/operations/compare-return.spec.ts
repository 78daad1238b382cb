import { describe, expect, it } from "vitest";
import type { Schema } from "@/shared/api/client";
import { operation } from "@/testing/samples";
import { compareReturn } from "./compare-return";

const promotion = operation({
  id: "run-1",
  type: "promotion.execute",
  source_tenant_id: "source",
  target_tenant_id: "target",
});

const queued = (selection: unknown): Schema<"AuditEvent"> => ({
  id: "e1",
  at: "2026-11-24T09:00:00Z",
  action: "promotion.execute.queued",
  summary: "Someone queued a promotion.",
  actor: { id: "u1", display_name: "Olivia", via: "session" },
  details: { selection },
  operation_id: "run-1",
  request_id: null,
  target: null,
  tenant_id: "target",
});

describe("the way back to the comparison", () => {
  it("carries the selection that the promotion was started with", () => {
    const selection = {
      policy_types: ["device_configurations", "intents"],
      q: "antivirus",
      subject_keys: ["intents:1"],
      match_rule: "ignore_version_suffix",
      assignments: "exclude",
    };
    expect(compareReturn(promotion, [queued(selection)])).toEqual({
      source: "source",
      target: "target",
      types: "device_configurations,intents",
      q: "antivirus",
      keys: "intents:1",
      match: "ignore_version_suffix",
      assignments: "exclude",
      run: "run-1",
    });
  });

  it("leaves defaults out of the address", () => {
    const selection = {
      policy_types: [],
      q: "",
      subject_keys: [],
      match_rule: "exact_name",
      assignments: "include",
    };
    expect(compareReturn(promotion, [queued(selection)])).toEqual({
      source: "source",
      target: "target",
      run: "run-1",
    });
  });

  it("knows at least the tenants without the trail, and survives what it does not understand", () => {
    const tenants = { source: "source", target: "target", run: "run-1" };
    expect(compareReturn(promotion, [])).toEqual(tenants);
    expect(compareReturn(promotion, [queued("odd")])).toEqual(tenants);
    expect(compareReturn(promotion, [queued({ policy_types: [7] })])).toEqual(tenants);
  });

  it("exists only for promotions whose tenants the caller may see", () => {
    expect(compareReturn(operation(), [])).toBeUndefined();
    expect(compareReturn({ ...promotion, source_tenant_id: null }, [])).toBeUndefined();
  });
});
