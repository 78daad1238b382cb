import { describe, expect, it } from "vitest";
import { actorOptions } from "./audit-filters";
import { exportAddress } from "./queries";
import { actionLabel, flatten } from "./words";

describe("an audit record in words", () => {
  it("names the action; an unknown one in the server's words", () => {
    expect(actionLabel({ action: "promotion.execute.completed", summary: "…" })).toBe("Promotion ended");
    expect(actionLabel({ action: "tenant.exploded", summary: "A tenant exploded." })).toBe(
      "A tenant exploded.",
    );
  });

  it("flattens details, leaves out what is empty, and finds what people copy", () => {
    const fingerprint = "ab".repeat(32);
    const details = {
      fingerprint,
      counts: { ready: 2, blocked: 0 },
      write_enabled: true,
      subject_keys: [],
      policy_types: ["intents", "role_scope_tags"],
      q: "",
      reason: null,
    };
    expect(flatten(details)).toEqual([
      { name: "Fingerprint", value: fingerprint, copyable: true },
      { name: "Counts, ready", value: "2", copyable: false },
      { name: "Counts, blocked", value: "0", copyable: false },
      { name: "Write enabled", value: "Yes", copyable: false },
      { name: "Policy types", value: "intents, role_scope_tags", copyable: false },
    ]);
  });

  it("exports what the filters match", () => {
    expect(exportAddress("w1", {})).toMatch(/\/api\/v1\/workspaces\/w1\/audit-events\/export$/);
    expect(exportAddress("w1", { action: "tenant.created", actor_id: undefined })).toMatch(
      /export\?action=tenant\.created$/,
    );
  });

  it("offers members and whoever the address names as actors", () => {
    const member = { user_id: "u1", display_name: "Olivia", email: "o@x.example", revision: 1 };
    expect(actorOptions([{ ...member, role: "owner" }], [], "u9")).toEqual([
      { value: "u1", label: "Olivia" },
      { value: "u9", label: "u9" },
    ]);
  });
});
