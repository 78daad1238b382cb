import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useActions } from "@/shared/api/actions";
import type { Schema } from "@/shared/api/client";
import { operationQuery } from "@/shared/api/operations";
import { toProblem } from "@/shared/api/problem";
import { useWorkspace } from "@/shared/api/workspace";
import { useAnnounce } from "@/shared/ui/announcer";
import { isOutdated } from "./execute-dialog";
import { ledgerOf } from "./ledger";
import { generatePreflight, type Preflight, type Selection, startPromotion } from "./queries";
import { countsWords } from "./words";

export interface FlowInput {
  selection: Selection;
  preview: Schema<"Preview">;
  /** A promotion was queued, or found running. */
  onRun: (operationId: string) => void;
  /** What was compared has moved, or never was what the preflight saw. */
  onMoved: () => void;
}

export type Flow = ReturnType<typeof useFlow>;

/** Failures after which the same request may be sent again: the server starts it once. */
const staysInDialog = new Set(["unreachable", "unreadable", "unavailable", "internal", "rate_limited"]);

/** The steps from a comparison to a queued promotion: generate, ask, start, and what each of them met. */
export function useFlow({ selection, preview, onRun, onMoved }: FlowInput) {
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
