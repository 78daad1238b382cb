import {
  AddCircle16Regular,
  CheckmarkCircle16Filled,
  EyeOff16Regular,
  QuestionCircle16Regular,
  SubtractCircle16Regular,
  Warning16Filled,
} from "@fluentui/react-icons";
import type { ComponentProps } from "react";
import { StatusBadge } from "@/shared/ui/status-badge";
import { type State, stateWords } from "./words";

const looks: Record<State, Pick<ComponentProps<typeof StatusBadge>, "tone" | "icon">> = {
  aligned: { tone: "good", icon: CheckmarkCircle16Filled },
  different: { tone: "warn", icon: Warning16Filled },
  missing_in_target: { tone: "info", icon: AddCircle16Regular },
  only_in_target: { tone: "quiet", icon: SubtractCircle16Regular },
  ambiguous: { tone: "bad", icon: QuestionCircle16Regular },
  not_evaluated: { tone: "bad", icon: EyeOff16Regular },
};

/** How a subject stands, each state with its own icon and word. */
export function StateBadge({ state }: { state: State }) {
  return <StatusBadge label={stateWords[state]} {...looks[state]} />;
}
