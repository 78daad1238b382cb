import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { textOf, toProblem } from "@/shared/api/problem";
import { CopyableId } from "./copyable-id";

const useStyles = makeStyles({
  bar: { flexShrink: 0 },
  body: { whiteSpace: "normal", paddingBlock: "6px" },
  id: { display: "block" },
});

interface ProblemBannerProps {
  /** What a query or mutation threw; nothing is shown without. */
  error: unknown;
  onRetry?: () => void;
  /** Other ways out, such as a link to the operation that is in the way. */
  actions?: ReactNode;
}

/** A refusal or failure: what happened, the server's sentence, the next step, the request's id. */
export function ProblemBanner({ error, onRetry, actions }: ProblemBannerProps) {
  const styles = useStyles();
  if (!error) return null;
  const problem = toProblem(error);
  const text = textOf(problem);
  const refused = problem.status >= 400 && problem.status < 500;
  return (
    <MessageBar className={styles.bar} intent={refused ? "warning" : "error"} layout="multiline" role="alert">
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{text.title}</MessageBarTitle>
        {problem.detail} {text.next}
        {!refused && problem.request_id && (
          <span className={styles.id}>
            Request id <CopyableId value={problem.request_id} label="request id" />
          </span>
        )}
      </MessageBarBody>
      {(onRetry || actions) && (
        <MessageBarActions>
          {actions}
          {onRetry && <Button onClick={onRetry}>Try again</Button>}
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
