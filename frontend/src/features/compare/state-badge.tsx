import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  AddCircle16Regular,
  CheckmarkCircle16Filled,
  EyeOff16Regular,
  QuestionCircle16Regular,
  SubtractCircle16Regular,
  Warning16Filled,
} from "@fluentui/react-icons";
import type { ComponentType } from "react";
import { type State, stateWords } from "./words";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: "6px", whiteSpace: "nowrap" },
  icon: { flexShrink: 0 },
  aligned: { color: tokens.colorStatusSuccessForeground1 },
  different: { color: tokens.colorStatusWarningForeground3 },
  missing_in_target: { color: tokens.colorBrandForeground1 },
  only_in_target: { color: tokens.colorNeutralForeground3 },
  ambiguous: { color: tokens.colorStatusDangerForeground1 },
  not_evaluated: { color: tokens.colorStatusDangerForeground1 },
});

const icons: Record<State, ComponentType<{ className?: string; "aria-hidden"?: boolean }>> = {
  aligned: CheckmarkCircle16Filled,
  different: Warning16Filled,
  missing_in_target: AddCircle16Regular,
  only_in_target: SubtractCircle16Regular,
  ambiguous: QuestionCircle16Regular,
  not_evaluated: EyeOff16Regular,
};

/** How a subject stands, each state with its own icon and word. */
export function StateBadge({ state }: { state: State }) {
  const styles = useStyles();
  const Icon = icons[state];
  return (
    <span className={styles.root}>
      <Icon aria-hidden className={mergeClasses(styles.icon, styles[state])} />
      <span>{stateWords[state]}</span>
    </span>
  );
}
