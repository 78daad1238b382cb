import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowSyncCircle16Regular,
  CheckmarkCircle16Filled,
  DismissCircle16Filled,
  Info16Regular,
  SubtractCircle16Regular,
  Warning16Filled,
} from "@fluentui/react-icons";
import type { ComponentType } from "react";
import type { Tone, Word } from "@/shared/lib/words";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: "6px", whiteSpace: "nowrap" },
  icon: { flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  warn: { color: tokens.colorStatusWarningForeground3 },
  info: { color: tokens.colorBrandForeground1 },
  busy: { color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

type Icon = ComponentType<{ className?: string; "aria-hidden"?: boolean }>;

const icons: Record<Tone, Icon> = {
  good: CheckmarkCircle16Filled,
  bad: DismissCircle16Filled,
  warn: Warning16Filled,
  info: Info16Regular,
  busy: ArrowSyncCircle16Regular,
  quiet: SubtractCircle16Regular,
};

/** A status as icon and word; the word carries the meaning, colour only helps. `icon` replaces the tone's own. */
export function StatusBadge({ label, tone, icon: Icon = icons[tone] }: Word & { icon?: Icon }) {
  const styles = useStyles();
  return (
    <span className={styles.root}>
      <Icon aria-hidden className={mergeClasses(styles.icon, styles[tone])} />
      <span>{label}</span>
    </span>
  );
}
