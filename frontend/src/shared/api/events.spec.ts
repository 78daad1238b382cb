import { beforeEach, describe, expect, it, vi } from "vitest";
import { followEvents } from "./events";

class FakeSource extends EventTarget {
  static CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 0;
  onopen?: () => void;
  onerror?: () => void;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
}

describe("following events", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("EventSource", FakeSource);
    FakeSource.all = [];
    return () => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    };
  });

  const last = () => FakeSource.all.at(-1) as FakeSource;

  it("hands on data, and says when pages have to poll", () => {
    const heard = vi.fn();
    const states: string[] = [];
    const end = followEvents({ path: "/x", on: { moved: heard }, onLiveness: (state) => states.push(state) });
    last().onopen?.();
    last().dispatchEvent(new MessageEvent("moved", { data: '{"id":1}' }));
    last().onerror?.(); // a short break: the browser comes back by itself
    expect(heard).toHaveBeenCalledWith({ id: 1 });
    expect(states).toEqual(["live", "polling"]);
    expect(FakeSource.all).toHaveLength(1);
    end();
    expect(last().readyState).toBe(FakeSource.CLOSED);
  });

  it("opens a refused stream again, later and later, until it is ended", () => {
    const end = followEvents({ path: "/x", on: {}, onLiveness: () => undefined });
    for (const [wait, opened] of [
      [2_000, 2],
      [4_000, 3],
      [8_000, 4],
    ] as const) {
      last().readyState = FakeSource.CLOSED;
      last().onerror?.();
      vi.advanceTimersByTime(wait - 1);
      expect(FakeSource.all).toHaveLength(opened - 1);
      vi.advanceTimersByTime(1);
      expect(FakeSource.all).toHaveLength(opened);
    }
    last().readyState = FakeSource.CLOSED;
    last().onerror?.();
    end();
    vi.advanceTimersByTime(120_000);
    expect(FakeSource.all).toHaveLength(4);
  });

  it("polls where there are no event streams", () => {
    vi.stubGlobal("EventSource", undefined);
    const onLiveness = vi.fn();
    followEvents({ path: "/x", on: {}, onLiveness })();
    expect(onLiveness).toHaveBeenCalledWith("polling");
  });
});
