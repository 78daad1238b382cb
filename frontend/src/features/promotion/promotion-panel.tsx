import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { policyTypesQuery } from "@/shared/api/tenants";
import { ActionButton } from "@/shared/ui/action-button";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { RelativeTime } from "@/shared/ui/relative-time";
import { Loading } from "@/shared/ui/states";
import { BucketList } from "./bucket-list";
import { ExecuteDialog } from "./execute-dialog";
import { LedgerView } from "./ledger-view";
import type { Preflight, StartResult } from "./queries";
import { RunOfPair } from "./run-of-pair";
import { StartOutcome } from "./start-outcome";
import { type Flow, type FlowInput, useFlow } from "./use-flow";

const useStyles = makeStyles({
  panel: {
    display: "flex",
    flexDirection: "column",
    gap: "12px",
    padding: "12px 16px 16px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  head: { display: "flex", flexWrap: "wrap", alignItems: "flex-start", gap: "8px 24px" },
  words: { flex: "1 1 320px", minWidth: 0, display: "flex", flexDirection: "column", gap: "4px" },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  side: { display: "flex", flexDirection: "column", gap: "4px", maxWidth: "48ch" },
  buttons: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2, maxWidth: "80ch" },
});

export interface PromotionPanelProps extends FlowInput {
  /** The operation in the address. */
  run: string | undefined;
}

/**
 * From a comparison to a queued promotion. It holds the preflight, so give it
 * the selection as its key: another selection is another panel.
 */
export function PromotionPanel({ selection, preview, run, onRun, onMoved }: PromotionPanelProps) {
  const styles = useStyles();
  const flow = useFlow({ selection, preview, onRun, onMoved });
  const { preflight, started, generating } = flow;
  const types = useQuery(policyTypesQuery()).data?.items;
  const typeLabel = useCallback(
    (key: string) => types?.find((type) => type.key === key)?.label ?? key,
    [types],
  );
  const source = preview.source.display_name;
  const target = preview.target.display_name;
  return (
    <section className={styles.panel} aria-label="Promotion preflight">
      <div className={styles.head}>
        <div className={styles.words}>
          <h2 className={styles.title}>Promotion preflight</h2>
          <Lead preflight={preflight} started={started} source={source} target={target} />
        </div>
        <Buttons flow={flow} />
      </div>
      <ProblemBanner error={flow.generateError} />
      <StartOutcome started={started} problem={flow.asideProblem} onGenerate={flow.generate} />
      <RunOfPair run={run} latest={preview.latest_operation} onFinished={onMoved} />
      {generating && <Loading what="the preflight" rows={3} />}
      {preflight && (
        <>
          <LedgerView compared={flow.comparedThen ?? preview.counts} judged={preflight.counts} />
          <BucketList preflight={preflight} typeLabel={typeLabel} />
          <ExecuteDialog
            open={flow.asking}
            preflight={preflight}
            source={source}
            target={target}
            busy={flow.starting}
            problem={flow.dialogProblem}
            onConfirm={flow.execute}
            onCancel={flow.cancel}
            onGenerate={flow.generateFromDialog}
          />
        </>
      )}
    </section>
  );
}

function Lead({
  preflight,
  started,
  source,
  target,
}: {
  preflight?: Preflight;
  started?: StartResult;
  source: string;
  target: string;
}) {
  const styles = useStyles();
  if (!preflight) {
    return (
      <Text className={styles.quiet}>
        Finds out what of this selection can be applied to {target}, what cannot, and why. It changes nothing
        in {target} or {source}.
      </Text>
    );
  }
  return (
    <>
      <Text>
        {started
          ? "The ready policies below were handed to the operation. The others were left out."
          : preflight.mutation_scope.statement}
      </Text>
      <Text size={200} className={styles.quiet}>
        Generated <RelativeTime at={preflight.generated_at} />
      </Text>
    </>
  );
}

function Buttons({ flow }: { flow: Flow }) {
  const styles = useStyles();
  const { primary, refusal, preflight } = flow;
  if (!primary) return null;
  const executes = primary.name === "execute_promotion";
  return (
    <div className={styles.side}>
      <div className={styles.buttons} ref={flow.buttons}>
        <ActionButton
          appearance="primary"
          busy={flow.generating}
          refusal={executes ? refusal : undefined}
          onClick={executes ? flow.ask : flow.generate}
        >
          {primary.label}
        </ActionButton>
        {executes && preflight && (
          <Button appearance="subtle" onClick={flow.generate}>
            Generate again
          </Button>
        )}
      </div>
      {preflight && !flow.started && refusal && <Text className={styles.quiet}>{refusal}</Text>}
    </div>
  );
}
