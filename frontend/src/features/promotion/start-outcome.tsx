import { Button, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { paths } from "@/app/paths";
import type { ClientProblem } from "@/shared/api/problem";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { RouterLink } from "@/shared/ui/router-link";
import type { StartResult } from "./queries";

const titles: Record<StartResult["result"], string> = {
  queued: "Promotion queued",
  deduplicated: "This promotion is already running",
};

interface StartOutcomeProps {
  started: StartResult | undefined;
  problem: ClientProblem | undefined;
  onGenerate: () => void;
}

/** What came of executing: queued, the one that runs already, or why nothing was started. */
export function StartOutcome({ started, problem, onGenerate }: StartOutcomeProps) {
  if (started) {
    return (
      <MessageBar intent={started.result === "queued" ? "success" : "info"} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{titles[started.result]}</MessageBarTitle>
          {started.message}
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (!problem) return null;
  const { operation, code } = problem;
  return (
    <ProblemBanner
      error={problem}
      actions={
        operation ? (
          <RouterLink {...paths.operation(operation.id)}>Open operation</RouterLink>
        ) : (
          code === "no_ready_subjects" && <Button onClick={onGenerate}>Generate again</Button>
        )
      }
    />
  );
}
