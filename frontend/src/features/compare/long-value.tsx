import { Button, Link, makeStyles, Tooltip, tokens } from "@fluentui/react-components";
import { Copy16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useAnnounce } from "@/shared/ui/announcer";
import { folded, valueText } from "./values";

const useStyles = makeStyles({
  root: { display: "flex", alignItems: "flex-start", gap: "4px", minWidth: 0 },
  text: { whiteSpace: "pre-wrap", overflowWrap: "anywhere", minWidth: 0 },
  unset: { color: tokens.colorNeutralForeground3, fontStyle: "italic" },
});

/** One value: long ones folded, all of them to copy. */
export function LongValue({ value, label }: { value: unknown; label: string }) {
  const styles = useStyles();
  const announce = useAnnounce();
  const [open, setOpen] = useState(false);
  if (value === null || value === undefined) return <span className={styles.unset}>Not set</span>;
  const text = valueText(value);
  const short = folded(text);
  async function copy() {
    await navigator.clipboard.writeText(text);
    announce(`Copied the ${label}.`);
  }
  return (
    <span className={styles.root}>
      <span className={styles.text}>
        {short && !open ? short : text}
        {short && (
          <>
            {" "}
            <Link as="button" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? "Show less" : "Show all"}
            </Link>
          </>
        )}
      </span>
      <Tooltip content={`Copy the ${label}`} relationship="label">
        <Button size="small" appearance="transparent" icon={<Copy16Regular />} onClick={() => void copy()} />
      </Tooltip>
    </span>
  );
}
