import type { Schema } from "@/shared/api/client";
import { formatNumber } from "@/shared/lib/format";

/** How many of the loaded notifications are unread; more may lie behind the page's end. */
export function unreadCount({ items, next_cursor }: Schema<"NotificationList">): {
  count: number;
  words: string;
} {
  const count = items.filter(({ read_at }) => read_at === null).length;
  if (count === 0) return { count, words: "" };
  const atLeast = count === items.length && next_cursor !== null;
  return { count, words: `${atLeast ? "at least " : ""}${formatNumber(count)} unread` };
}
