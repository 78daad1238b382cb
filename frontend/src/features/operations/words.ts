import type { Schema } from "@/shared/api/client";
import { isActive, type Operation } from "@/shared/api/operations";
import { formatNumber } from "@/shared/lib/format";
import { operationWord, outcomeWords, type Word } from "@/shared/lib/words";
import type { ItemStatus } from "./search";

type Item = Schema<"OperationItem">;

export const statusLabels: Record<Operation["status"], string> = {
  queued: "Queued",
  running: "Running",
  completed: "Completed",
};

/** Where an operation is on its way, apart from how it ended. */
export const statusWord = (operation: Operation): Word =>
  isActive(operation) ? operationWord(operation) : { label: "Completed", tone: "quiet" };

/** How it ended; nothing while that is open. */
export const outcomeWord = (operation: Operation): Word | undefined =>
  operation.outcome === "pending" ? undefined : outcomeWords[operation.outcome];

export const itemWords: Record<ItemStatus, Word> = {
  pending: { label: "Pending", tone: "quiet" },
  in_progress: { label: "In progress", tone: "busy" },
  succeeded: { label: "Succeeded", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  skipped: { label: "Skipped", tone: "warn" },
};

const effectLabels: Record<NonNullable<Item["effect"]>, string> = {
  created: "Created",
  updated: "Updated",
  unchanged: "Unchanged",
};

/** What was done with an item, or what is meant to be done. */
export function itemAction(item: Pick<Item, "action" | "effect">): string {
  if (item.effect) return effectLabels[item.effect];
  const words = item.action.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "10 of 12", with what went wrong. */
export function progressWords({ total, processed, failed, skipped }: Operation["summary_counts"]): string {
  const parts = [`${formatNumber(processed)} of ${formatNumber(total)}`];
  if (failed > 0) parts.push(`${formatNumber(failed)} failed`);
  if (skipped > 0) parts.push(`${formatNumber(skipped)} skipped`);
  return parts.join(", ");
}

/** How long something took, to the second; below one in milliseconds. */
export function durationWords(from: string, to: string): string {
  const milliseconds = Math.max(0, Date.parse(to) - Date.parse(from));
  if (milliseconds < 1_000) return `${formatNumber(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${formatNumber(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}
