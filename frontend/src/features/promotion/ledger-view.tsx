import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { Schema } from "@/shared/api/client";
import { formatNumber, plural } from "@/shared/lib/format";
import { Partial } from "@/shared/ui/states";
import { type LedgerRow, ledgerOf } from "./ledger";

const useStyles = makeStyles({
  root: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    gap: "4px 16px",
    fontVariantNumeric: "tabular-nums",
    margin: 0,
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  term: { color: tokens.colorNeutralForeground2 },
  sum: { margin: 0 },
  total: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface LedgerViewProps {
  compared: Schema<"CompareCounts">;
  judged: Schema<"ProblemCounts">;
}

function Sum({ rows, total }: { rows: LedgerRow[]; total: number }) {
  const styles = useStyles();
  return (
    <dd className={styles.sum}>
      {rows.map(({ label, count }) => `${formatNumber(count)} ${label}`).join(" + ")} ={" "}
      <span className={styles.total}>{formatNumber(total)}</span>
    </dd>
  );
}

/** Shows that every policy that was found stands in exactly one bucket. */
export function LedgerView({ compared, judged }: LedgerViewProps) {
  const styles = useStyles();
  const ledger = ledgerOf(compared, judged);
  if (!ledger.adds) {
    return (
      <Partial title="Comparison and preflight do not show the same moment">
        The comparison has {plural(ledger.foundTotal, "policy", "policies")} that a promotion could be asked
        for, the preflight {formatNumber(ledger.judgedTotal)}. The inventory has moved in between: generate
        the preflight again.
      </Partial>
    );
  }
  return (
    <>
      <dl className={styles.root} aria-label="Ledger">
        <dt className={styles.term}>Found by the comparison</dt>
        <Sum rows={ledger.found} total={ledger.foundTotal} />
        <dt className={styles.term}>Judged by the preflight</dt>
        <Sum rows={ledger.judged} total={ledger.judgedTotal} />
      </dl>
      <Text size={200} className={styles.quiet}>
        Not part of the sum: {formatNumber(judged.aligned)} already aligned,{" "}
        {formatNumber(compared.only_in_target)} only in the target. They are never changed.
      </Text>
    </>
  );
}
