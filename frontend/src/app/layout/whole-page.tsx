import { makeStyles } from "@fluentui/react-components";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { toProblem } from "@/shared/api/problem";
import { Failed, Loading, Refused } from "@/shared/ui/states";

const useStyles = makeStyles({ root: { padding: "24px", flexGrow: 1, minWidth: 0 } });

/** While a page's code or data is on its way. */
export function PendingPage() {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <Loading what="the page" />
    </div>
  );
}

/** A page that could not be shown; the frame around it stays. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const styles = useStyles();
  const { status } = toProblem(error);
  return (
    <div className={styles.root}>
      {status >= 400 && status < 500 ? <Refused error={error} /> : <Failed error={error} onRetry={reset} />}
    </div>
  );
}
