import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { formatNumber } from "@/shared/lib/format";
import type { Tone } from "@/shared/lib/words";
import { StatusBadge } from "./status-badge";

const useStyles = makeStyles({
  list: { display: "flex", flexWrap: "wrap", gap: "8px 28px", margin: 0, padding: 0, listStyleType: "none" },
  item: { display: "flex", flexDirection: "column", gap: "2px" },
  number: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: "tabular-nums",
  },
  word: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

export interface Count {
  label: string;
  value: number;
  tone?: Tone;
}

/** Totals in a row, each a number with its word. */
export function CountsStrip({ label, counts }: { label: string; counts: Count[] }) {
  const styles = useStyles();
  return (
    <ul aria-label={label} className={styles.list}>
      {counts.map((count) => (
        <li key={count.label} className={styles.item}>
          <Text className={styles.number}>{formatNumber(count.value)}</Text>
          <span className={styles.word}>
            {count.tone ? <StatusBadge label={count.label} tone={count.tone} /> : count.label}
          </span>
        </li>
      ))}
    </ul>
  );
}
