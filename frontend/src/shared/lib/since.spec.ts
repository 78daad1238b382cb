import { describe, expect, it } from "vitest";
import { readSince, sinceTime } from "./since";

const now = Date.parse("2026-11-24T09:30:45Z");

describe("how far back a list looks", () => {
  it("moves with the present for a preset, in whole minutes", () => {
    expect(sinceTime("24h", now)).toBe("2026-11-23T09:30:00.000Z");
    expect(sinceTime("24h", now + 10_000)).toBe(sinceTime("24h", now));
  });

  it("stays for a time", () => {
    expect(sinceTime("2026-11-01", now)).toBe("2026-11-01T00:00:00.000Z");
    expect(sinceTime(undefined, now)).toBeUndefined();
  });

  it("is dropped from the address when it cannot be read", () => {
    expect(readSince("7d")).toBe("7d");
    expect(readSince("2026-11-01")).toBe("2026-11-01");
    expect(readSince("yesterday or so")).toBeUndefined();
    expect(readSince(7)).toBeUndefined();
  });
});
