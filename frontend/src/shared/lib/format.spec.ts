import { describe, expect, it } from "vitest";
import { formatRelative, plural } from "./format";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("a time in words", () => {
  it.each([
    ["2026-11-24T11:59:31Z", "just now"],
    ["2026-11-24T11:59:00Z", "1 minute ago"],
    ["2026-11-24T09:00:01Z", "2 hours ago"],
    ["2026-11-22T12:00:00Z", "2 days ago"],
    ["2026-11-26T12:00:00Z", "in 2 days"],
    ["2024-11-01T12:00:00Z", "2 years ago"],
  ])("%s is %s", (at, words) => expect(formatRelative(at, now)).toBe(words));
});

describe("a count in words", () => {
  it("knows one and many", () => {
    expect(plural(1, "policy", "policies")).toBe("1 policy");
    expect(plural(2000, "policy", "policies")).toMatch(/^2.000 policies$/);
  });
});
