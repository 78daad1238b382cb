import { makeStyles, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: "18px", display: "flex", flexDirection: "column", gap: "2px" },
  next: { color: tokens.colorNeutralForeground2 },
});

export interface Reason {
  /** Unique in its list. */
  key: string;
  message: string;
  /** What would have to change. */
  next?: string;
}

/** Reasons in plain words, in the server's order. */
export function ReasonList({ label, reasons }: { label: string; reasons: Reason[] }) {
  const styles = useStyles();
  return (
    <ul aria-label={label} className={styles.list}>
      {reasons.map(({ key, message, next }) => (
        <li key={key}>
          {message} {next && <span className={styles.next}>{next}</span>}
        </li>
      ))}
    </ul>
  );
}
