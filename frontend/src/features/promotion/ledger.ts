import type { Schema } from "@/shared/api/client";

export interface LedgerRow {
  label: string;
  count: number;
}

export interface Ledger {
  /** What the comparison found that a promotion could be asked for. */
  found: LedgerRow[];
  /** What the preflight made of it. */
  judged: LedgerRow[];
  foundTotal: number;
  judgedTotal: number;
  /** Both totals are equal; if not, the one is older than the other. */
  adds: boolean;
}

const sum = (rows: LedgerRow[]): number => rows.reduce((total, { count }) => total + count, 0);

/**
 * ready + blocked + manual mapping = different + missing in target + ambiguous +
 * not evaluated. Aligned and only in target are information and in neither sum.
 */
export function ledgerOf(compared: Schema<"CompareCounts">, preflight: Schema<"ProblemCounts">): Ledger {
  const found = [
    { label: "different", count: compared.different },
    { label: "missing in target", count: compared.missing_in_target },
    { label: "ambiguous", count: compared.ambiguous },
    { label: "not evaluated", count: compared.not_evaluated },
  ];
  const judged = [
    { label: "ready", count: preflight.ready },
    { label: "blocked", count: preflight.blocked },
    { label: "manual mapping", count: preflight.manual_mapping_required },
  ];
  const foundTotal = sum(found);
  const judgedTotal = sum(judged);
  return { found, judged, foundTotal, judgedTotal, adds: foundTotal === judgedTotal };
}

/** How many subjects a promotion leaves out. */
export const excludedOf = (counts: Schema<"ProblemCounts">): number =>
  counts.blocked + counts.manual_mapping_required;
