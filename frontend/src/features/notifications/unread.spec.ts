import { describe, expect, it } from "vitest";
import type { Schema } from "@/shared/api/client";
import { unreadCount } from "./unread";

const notification = (read_at: string | null): Schema<"Notification"> => ({
  id: crypto.randomUUID(),
  workspace_id: "w1",
  kind: "operation.completed",
  operation_id: "o1",
  title: "Promotion succeeded",
  body: "12 of 12 succeeded.",
  created_at: "2026-11-24T09:00:00Z",
  read_at,
});

const read = notification("2026-11-24T10:00:00Z");

describe("the number of unread notifications", () => {
  it("is silent when everything is read", () => {
    expect(unreadCount({ items: [read], next_cursor: null })).toEqual({ count: 0, words: "" });
  });

  it("counts what is unread", () => {
    expect(unreadCount({ items: [read, notification(null)], next_cursor: "more" }).words).toBe("1 unread");
  });

  it("does not pretend to know what lies behind the page", () => {
    expect(unreadCount({ items: [notification(null)], next_cursor: "more" }).words).toBe("at least 1 unread");
  });
});
