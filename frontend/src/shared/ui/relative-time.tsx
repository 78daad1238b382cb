import { makeStyles, Tooltip, tokens } from "@fluentui/react-components";
import { formatAbsolute, formatRelative } from "@/shared/lib/format";
import { useNow } from "@/shared/lib/use-now";

const useStyles = makeStyles({
  both: { display: "flex", flexDirection: "column" },
  absolute: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, whiteSpace: "nowrap" },
});

interface RelativeTimeProps {
  /** RFC 3339; nothing stands for "never". */
  at: string | null | undefined;
  never?: string;
  /** Shows the absolute time below, too. */
  both?: boolean;
}

/** "3 hours ago", with the absolute time as its tooltip. */
export function RelativeTime({ at, never = "Never", both }: RelativeTimeProps) {
  const styles = useStyles();
  const now = useNow();
  if (!at) return <span>{never}</span>;
  const words = formatRelative(at, now);
  if (both) {
    return (
      <time dateTime={at} className={styles.both}>
        <span>{words}</span>
        <span className={styles.absolute}>{formatAbsolute(at)}</span>
      </time>
    );
  }
  return (
    <Tooltip content={formatAbsolute(at)} relationship="description">
      <time dateTime={at}>{words}</time>
    </Tooltip>
  );
}
