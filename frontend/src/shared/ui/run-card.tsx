import { makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { paths } from "@/app/paths";
import { isActive, type Operation, operationQuery, useLiveness } from "@/shared/api/operations";
import { useWorkspace } from "@/shared/api/workspace";
import { formatNumber, plural } from "@/shared/lib/format";
import { operationWord } from "@/shared/lib/words";
import { RouterLink } from "./router-link";
import { StatusBadge } from "./status-badge";

const useStyles = makeStyles({
  card: {
    display: "flex",
    flexDirection: "column",
    gap: "8px",
    padding: "12px 16px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 16px" },
  label: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2 },
  push: { marginInlineStart: "auto" },
});

/** How far an operation is, as a bar with its numbers in words. */
export function OperationProgress({ operation }: { operation: Operation }) {
  const { total, processed } = operation.summary_counts;
  if (!isActive(operation)) return null;
  return (
    <ProgressBar
      aria-label={`${operation.label}: ${formatNumber(processed)} of ${formatNumber(total)}`}
      value={total > 0 ? processed / total : undefined}
    />
  );
}

function summary(operation: Operation): string {
  const { total, processed, succeeded, failed, skipped } = operation.summary_counts;
  if (operation.waiting_on) return operation.waiting_on.label;
  if (isActive(operation))
    return total > 0 ? `${formatNumber(processed)} of ${formatNumber(total)} done` : "Waiting to begin";
  const parts = [plural(succeeded, "succeeded", "succeeded")];
  if (failed > 0) parts.push(plural(failed, "failed", "failed"));
  if (skipped > 0) parts.push(plural(skipped, "skipped", "skipped"));
  return parts.join(", ");
}

/** An operation on another page: status, live progress, and the way to its own page. */
export function RunCard({ operation: known, children }: { operation: Operation; children?: ReactNode }) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const liveness = useLiveness();
  const query = operationQuery(workspace.workspace_id, known.id, liveness);
  const { data: operation = known } = useQuery({ ...query, initialData: known, staleTime: 1_000 });
  return (
    <section className={styles.card} aria-label={operation.label}>
      <div className={styles.line}>
        <Text className={styles.label}>{operation.label}</Text>
        <StatusBadge {...operationWord(operation)} />
        <Text className={styles.quiet}>{summary(operation)}</Text>
        <RouterLink {...paths.operation(operation.id)} className={styles.push}>
          Open operation
        </RouterLink>
      </div>
      <OperationProgress operation={operation} />
      {operation.message && <Text className={styles.quiet}>{operation.message}</Text>}
      {children}
    </section>
  );
}
