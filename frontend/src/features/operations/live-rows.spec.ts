import { describe, expect, it } from "vitest";
import { operation } from "@/testing/samples";
import { newer } from "./live-rows";

const counts = operation().summary_counts;
const at = (status: "queued" | "running" | "completed", processed: number) =>
  operation({ status, summary_counts: { ...counts, processed } });

describe("the newer of two states of one operation", () => {
  it("is the listed one while nothing was pushed", () => {
    const listed = at("queued", 0);
    expect(newer(listed, undefined, true)).toBe(listed);
  });

  it("is the one that is further, whichever came how", () => {
    const [before, after] = [at("running", 28), at("completed", 28)];
    expect(newer(before, after, false)).toBe(after);
    expect(newer(after, before, true)).toBe(after);
  });

  it("is the one that has processed more", () => {
    const [before, after] = [at("running", 3), at("running", 4)];
    expect(newer(before, after, false)).toBe(after);
    expect(newer(after, before, true)).toBe(after);
  });

  it("is the pushed one between equals, but only while events come", () => {
    const [listed, pushed] = [at("running", 3), at("running", 3)];
    expect(newer(listed, pushed, true)).toBe(pushed);
    expect(newer(listed, pushed, false)).toBe(listed);
  });
});
