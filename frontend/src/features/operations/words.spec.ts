import { describe, expect, it } from "vitest";
import { operation } from "@/testing/samples";
import { moments } from "./timeline";
import { durationWords, itemAction, outcomeWord, progressWords, statusWord } from "./words";

describe("the words for operations", () => {
  it("tell progress with what went wrong", () => {
    const { summary_counts } = operation();
    expect(progressWords(summary_counts)).toBe("28 of 28");
    expect(progressWords({ ...summary_counts, processed: 12, failed: 1, skipped: 2 })).toBe(
      "12 of 28, 1 failed, 2 skipped",
    );
  });

  it("keep status and outcome apart", () => {
    expect(statusWord(operation()).label).toBe("Completed");
    expect(outcomeWord(operation({ outcome: "partially_succeeded" }))?.label).toBe("Partially succeeded");
    const running = operation({ status: "running", outcome: "pending" });
    expect(statusWord(running).label).toBe("Running");
    expect(outcomeWord(running)).toBeUndefined();
  });

  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1_000, "1 s"],
    [59_900, "1 min 0 s"],
    [61_000, "1 min 1 s"],
    [3_660_000, "1 h 1 min"],
  ])("tell %i milliseconds", (milliseconds, words) => {
    const from = "2026-11-24T09:00:00.000Z";
    expect(durationWords(from, new Date(Date.parse(from) + milliseconds).toISOString())).toBe(words);
  });

  it("prefer what was done to what was meant", () => {
    expect(itemAction({ action: "create", effect: null })).toBe("Create");
    expect(itemAction({ action: "update", effect: "unchanged" })).toBe("Unchanged");
    expect(itemAction({ action: "look_up", effect: null })).toBe("Look up");
  });
});

describe("the timeline", () => {
  it("puts the trail's news between the operation's own times, oldest first", () => {
    const cancel = {
      id: "e1",
      at: "2026-11-24T08:59:30Z",
      action: "operation.cancel_requested",
      summary: "Someone asked a run to stop.",
      actor: { id: "u2", display_name: "Marek", via: "session" as const },
      details: {},
      operation_id: "o1",
      request_id: null,
      target: null,
      tenant_id: null,
    };
    const queued = { ...cancel, id: "e0", action: "inventory.sync.queued" };
    const seen = moments(operation({ outcome: "cancelled" }), [cancel, queued]);
    expect(seen.map(({ what }) => what)).toEqual(["Queued", "Started", "Asked to stop", "Cancelled"]);
    expect(seen[2]?.who).toBe("Marek");
  });

  it("tells what is waited for", () => {
    const waiting_on = {
      kind: "throttle" as const,
      label: "Graph is throttling.",
      since: "2026-11-24T08:59:40Z",
    };
    const running = operation({ status: "running", outcome: "pending", completed_at: null, waiting_on });
    expect(moments(running, []).at(-1)?.what).toBe("Graph is throttling.");
  });
});
