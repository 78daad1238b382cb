import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import type { Schema } from "@/shared/api/client";
import { type ClientProblem, textOf } from "@/shared/api/problem";
import { formatNumber, plural } from "@/shared/lib/format";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { excludedOf } from "./ledger";
import type { Preflight } from "./queries";
import { changeWords, countsWords } from "./words";

const useStyles = makeStyles({
  facts: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    gap: "6px 16px",
    margin: "0 0 12px",
  },
  term: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, fontWeight: tokens.fontWeightSemibold, overflowWrap: "anywhere" },
  scope: { margin: 0 },
  list: { margin: "4px 0", paddingInlineStart: "18px" },
});

interface ExecuteDialogProps {
  open: boolean;
  preflight: Preflight;
  source: string;
  target: string;
  busy: boolean;
  /** What the last try met, if the dialog has to tell it. */
  problem: ClientProblem | undefined;
  onConfirm: () => void;
  onCancel: () => void;
  /** What was confirmed no longer holds: make a new preflight. */
  onGenerate: () => void;
}

/** Problems that only a new preflight can cure. */
export const isOutdated = ({ code }: ClientProblem): boolean =>
  code === "preflight_stale" || code === "confirmation_mismatch";

/** The button that was pressed is gone; without this the focus would be, too. */
const focusOnArrival = (button: HTMLButtonElement | null) => button?.focus();

/** Asks once: from where, to where, how many, and what is never touched. */
export function ExecuteDialog(props: ExecuteDialogProps) {
  const { open, preflight, source, target, busy, problem, onConfirm, onCancel, onGenerate } = props;
  const styles = useStyles();
  const outdated = problem && isOutdated(problem);
  const { creates, updates } = preflight.mutation_scope;
  const { ready } = preflight.counts;
  return (
    <ConfirmDialog
      open={open}
      title={outdated ? textOf(problem).title : "Execute promotion?"}
      confirmLabel="Execute promotion"
      busy={busy}
      error={outdated ? undefined : problem}
      onConfirm={onConfirm}
      onCancel={onCancel}
      instead={
        outdated ? (
          <Button ref={focusOnArrival} appearance="primary" onClick={onGenerate}>
            Generate again
          </Button>
        ) : undefined
      }
    >
      {outdated ? (
        <Outdated problem={problem} source={source} target={target} />
      ) : (
        <>
          <dl className={styles.facts}>
            <dt className={styles.term}>Source tenant</dt>
            <dd className={styles.value}>{source}</dd>
            <dt className={styles.term}>Target tenant</dt>
            <dd className={styles.value}>{target}</dd>
            <dt className={styles.term}>Ready</dt>
            <dd className={styles.value}>
              {formatNumber(ready)} ready (create {formatNumber(creates)} / update {formatNumber(updates)})
            </dd>
            <dt className={styles.term}>Excluded</dt>
            <dd className={styles.value}>{formatNumber(excludedOf(preflight.counts))} excluded</dd>
          </dl>
          <p className={styles.scope}>
            Changes are made in {target} only. Nothing is changed in {source}.
          </p>
        </>
      )}
    </ConfirmDialog>
  );
}

function Outdated({ problem, source, target }: { problem: ClientProblem; source: string; target: string }) {
  const styles = useStyles();
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>Nothing was started</MessageBarTitle>
        What you confirmed no longer holds.
        {problem.changes && <WhatChanged changes={problem.changes} source={source} target={target} />}
        {problem.counts && <p className={styles.scope}>At present: {countsWords(problem.counts)}.</p>}
      </MessageBarBody>
    </MessageBar>
  );
}

function WhatChanged({
  changes,
  source,
  target,
}: {
  changes: Schema<"ProblemChanges">;
  source: string;
  target: string;
}) {
  const styles = useStyles();
  const more = changes.source + changes.target - changes.subjects.length;
  return (
    <>
      <ul className={styles.list} aria-label="What has changed">
        {changeWords(changes, source, target).map((words) => (
          <li key={words}>{words}</li>
        ))}
        {changes.counts_then && <li>It was: {countsWords(changes.counts_then)}.</li>}
        <li>It is now: {countsWords(changes.counts_now)}.</li>
      </ul>
      {changes.subjects.length > 0 && (
        <>
          Changed since:
          <ul className={styles.list} aria-label="Changed policies">
            {changes.subjects.map(({ subject_key, side, display_name }) => (
              <li key={`${side} ${subject_key}`}>
                {display_name}, in {side === "source" ? source : target}
              </li>
            ))}
            {more > 0 && <li>and {plural(more, "other")}</li>}
          </ul>
        </>
      )}
    </>
  );
}
