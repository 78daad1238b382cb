// How far back a list looks, as the address says it: a preset that moves with
// the present, or a day.
export const sincePresets = {
  "1h": { label: "Last hour", hours: 1 },
  "24h": { label: "Last 24 hours", hours: 24 },
  "7d": { label: "Last 7 days", hours: 7 * 24 },
  "30d": { label: "Last 30 days", hours: 30 * 24 },
} as const;

type Preset = keyof typeof sincePresets;

const isPreset = (value: string): value is Preset => Object.hasOwn(sincePresets, value);

/** A preset or a time that can be read; everything else is dropped. */
export function readSince(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return isPreset(value) || !Number.isNaN(Date.parse(value)) ? value : undefined;
}

/** The time to ask the server for, in whole minutes so that equal questions are equal. */
export function sinceTime(since: string | undefined, now: number): string | undefined {
  if (!since) return undefined;
  const at = isPreset(since) ? now - sincePresets[since].hours * 3_600_000 : Date.parse(since);
  return new Date(Math.floor(at / 60_000) * 60_000).toISOString();
}
