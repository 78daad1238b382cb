import { Button, makeStyles, Tooltip, tokens } from "@fluentui/react-components";
import { Checkmark16Regular, Copy16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useAnnounce } from "./announcer";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: "2px", minWidth: 0, maxWidth: "100%" },
  value: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
});

/** An id in full, with a button that copies it. label: what it is the id of. */
export function CopyableId({ value, label }: { value: string; label: string }) {
  const styles = useStyles();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    announce(`Copied the ${label}.`);
  }
  return (
    <span className={styles.root}>
      <span className={styles.value}>{value}</span>
      <Tooltip content={copied ? "Copied" : `Copy ${label}`} relationship="label">
        <Button
          size="small"
          appearance="transparent"
          icon={copied ? <Checkmark16Regular /> : <Copy16Regular />}
          onClick={() => void copy()}
          onBlur={() => setCopied(false)}
        />
      </Tooltip>
    </span>
  );
}
