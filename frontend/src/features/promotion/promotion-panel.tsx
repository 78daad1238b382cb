import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useActions } from "@/shared/api/actions";
import type { Schema } from "@/shared/api/client";
import { operationQuery } from "@/shared/api/operations";
import { toProblem } from "@/shared/api/problem";
import { policyTypesQuery } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { RelativeTime } from "@/shared/ui/relative-time";
import { Loading } from "@/shared/ui/states";
import { BucketList } from "./bucket-list";
import { ExecuteDialog, isOutdated } from "./execute-dialog";
import { ledgerOf } from "./ledger";
import { LedgerView } from "./ledger-view";
import {
  generatePreflight,
  type Preflight,
  type Selection,
  type StartResult,
  startPromotion,
} from "./queries";
import { RunOfPair } from "./run-of-pair";
import { StartOutcome } from "./start-outcome";
import { countsWords } from "./words";

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

export interface PromotionPanelProps {
  selection: Selection;
  preview: Schema<"Preview">;
  run: string | undefined;
  /** A promotion was queued, or found running. */
  onRun: (operationId: string) => void;
  /** What was compared has moved, or never was what the preflight saw. */
  onMoved: () => void;
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

type Flow = ReturnType<typeof useFlow>;

/** Failures after which the same request may be sent again: the server starts it once. */
const staysInDialog = new Set(["unreachable", "unreadable", "unavailable", "internal", "rate_limited"]);

function useFlow({ selection, preview, onRun, onMoved }: Omit<PromotionPanelProps, "run">) {
  const workspace = useWorkspace();
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  const buttons = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState(false);
  // What was compared when the promotion was queued; the comparison itself moves on with the run.
  const [comparedThen, setComparedThen] = useState<Schema<"CompareCounts">>();

  // "always": work that waits for the network must not begin by itself later.
  const generating = useMutation({
    networkMode: "always",
    mutationFn: () => generatePreflight(workspace.workspace_id, selection),
  });
  const starting = useMutation({
    networkMode: "always",
    mutationFn: (preflight: Preflight) => startPromotion(workspace.workspace_id, selection, preflight),
  });
  const preflight = generating.data;
  const started = starting.data;
  const problem = starting.error ? toProblem(starting.error) : undefined;
  const inDialog = problem && (isOutdated(problem) || staysInDialog.has(problem.code));
  const can = useActions(preflight?.actions)("execute");

  function close() {
    setAsking(false);
    // The dominant button is the first; after the dialog has let go of the focus.
    setTimeout(() => buttons.current?.querySelector("button")?.focus());
  }

  function generate() {
    starting.reset();
    setComparedThen(undefined);
    generating.mutate(undefined, {
      onSuccess: (made) => {
        announce(`Preflight generated: ${countsWords(made.counts)}.`);
        if (!ledgerOf(preview.counts, made.counts).adds) onMoved();
      },
      onError: (error) => announce(toProblem(error).title),
    });
  }

  function execute() {
    if (!preflight) return;
    starting.mutate(preflight, {
      onSuccess: ({ operation, message }) => {
        queryClient.setQueryData(operationQuery(workspace.workspace_id, operation.id).queryKey, operation);
        setComparedThen(preview.counts);
        announce(message);
        close();
        onRun(operation.id);
        onMoved();
      },
      onError: (error) => {
        const met = toProblem(error);
        if (isOutdated(met) || staysInDialog.has(met.code)) return;
        // The promotion that is in the way may be one of this pair.
        if (met.code === "scope_busy") onMoved();
        close();
      },
    });
  }

  return {
    preflight,
    started,
    comparedThen,
    buttons,
    asking,
    primary: started || !preflight ? preview.primary_action : preflight.primary_action,
    refusal: can.props.refusal,
    generating: generating.isPending,
    generateError: generating.error,
    starting: starting.isPending,
    dialogProblem: inDialog ? problem : undefined,
    asideProblem: inDialog ? undefined : problem,
    ask: () => {
      starting.reset();
      setAsking(true);
    },
    cancel: close,
    generate,
    generateFromDialog: () => {
      close();
      generate();
    },
    execute,
  };
}
