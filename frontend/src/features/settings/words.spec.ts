import { describe, expect, it } from "vitest";
import { controlWord, expiryOf, localTime } from "./words";

describe("the words of the settings", () => {
  it("tell whose pause it is", () => {
    expect(controlWord({ effective: false, global: null }).label).toBe("Not paused");
    expect(controlWord({ effective: true, global: null }).label).toBe("Paused");
    const global = { reason: "Incident", expires_at: null };
    expect(controlWord({ effective: true, global }).label).toBe("Paused everywhere");
  });

  it("turn days into an end", () => {
    expect(expiryOf(30, Date.parse("2026-11-01T09:00:00Z"))).toBe("2026-12-01T09:00:00.000Z");
  });

  it("send no end for an empty or unreadable time", () => {
    expect(localTime("")).toBeUndefined();
    expect(localTime("soon")).toBeUndefined();
    expect(localTime("2026-12-01T09:00")).toBe(new Date(2026, 11, 1, 9).toISOString());
  });
});
