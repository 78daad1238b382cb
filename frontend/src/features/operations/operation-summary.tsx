import {
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  ProgressBar,
  type ProgressBarProps,
  Text,
  tokens,
} from "@fluentui/react-components";
import { isActive, type Operation } from "@/shared/api/operations";
import { formatNumber } from "@/shared/lib/format";
import { operationWord } from "@/shared/lib/words";
import { CopyableId } from "@/shared/ui/copyable-id";
import { CountsStrip } from "@/shared/ui/counts-strip";
import { Facts } from "@/shared/ui/facts";
import { RelativeTime } from "@/shared/ui/relative-time";
import { StatusBadge } from "@/shared/ui/status-badge";
import { OperationTenants } from "./operation-tenants";
import { durationWords } from "./words";

const useStyles = makeStyles({
  card: {
    display: "flex",
    flexDirection: "column",
    gap: "16px",
    padding: "16px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  head: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "4px 16px",
    fontWeight: tokens.fontWeightSemibold,
  },
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
  progress: { display: "flex", flexDirection: "column", gap: "8px" },
});

const barColors: Record<Operation["outcome"], ProgressBarProps["color"]> = {
  pending: "brand",
  succeeded: "success",
  partially_succeeded: "warning",
  failed: "error",
  blocked: "warning",
  cancelled: "warning",
};

/** Status in words, progress, counts, what it waits for, and the facts. */
export function OperationSummary({ operation }: { operation: Operation }) {
  const styles = useStyles();
  return (
    <section className={styles.card} aria-label="Status">
      <Progress operation={operation} />
      <Waiting operation={operation} />
      {operation.message && <Text>{operation.message}</Text>}
      <Counts counts={operation.summary_counts} />
      <OperationFacts operation={operation} />
    </section>
  );
}

function Progress({ operation }: { operation: Operation }) {
  const styles = useStyles();
  const { total, processed } = operation.summary_counts;
  const words =
    total > 0 ? `${formatNumber(processed)} of ${formatNumber(total)} processed` : "Nothing counted yet";
  const waiting = isActive(operation) && total === 0;
  return (
    <div className={styles.progress}>
      <div className={styles.head}>
        <StatusBadge {...operationWord(operation)} />
        <span className={styles.quiet}>{words}</span>
      </div>
      <ProgressBar
        aria-label={words}
        thickness="large"
        color={barColors[operation.outcome]}
        max={Math.max(total, 1)}
        value={waiting ? undefined : total > 0 ? processed : 1}
      />
    </div>
  );
}

const waitTitles: Record<NonNullable<Operation["waiting_on"]>["kind"], string> = {
  lease: "Waiting for a worker",
  throttle: "Waiting for Microsoft Graph",
  control: "Paused",
  retry: "Waiting for another try",
};

function Waiting({ operation: { waiting_on } }: { operation: Operation }) {
  if (!waiting_on) return null;
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{waitTitles[waiting_on.kind]}</MessageBarTitle>
        {waiting_on.label} Since <RelativeTime at={waiting_on.since} />.
      </MessageBarBody>
    </MessageBar>
  );
}

function Counts({ counts }: { counts: Operation["summary_counts"] }) {
  return (
    <CountsStrip
      label="Counts"
      counts={[
        { label: "Succeeded", value: counts.succeeded, tone: counts.succeeded > 0 ? "good" : "quiet" },
        { label: "Failed", value: counts.failed, tone: counts.failed > 0 ? "bad" : "quiet" },
        { label: "Skipped", value: counts.skipped, tone: counts.skipped > 0 ? "warn" : "quiet" },
        { label: "Created", value: counts.created },
        { label: "Updated", value: counts.updated },
        { label: "Unchanged", value: counts.unchanged },
      ]}
    />
  );
}

function OperationFacts({ operation }: { operation: Operation }) {
  const { started_at, completed_at } = operation;
  const facts = [
    {
      name: operation.target_tenant_id ? "Source tenant to target tenant" : "Tenant",
      value: <OperationTenants operation={operation} />,
    },
    { name: "Started by", value: operation.initiator?.display_name ?? "TenantAtlas" },
    { name: "Queued", value: <RelativeTime at={operation.created_at} both /> },
    {
      name: "Started",
      value: <RelativeTime at={started_at} never={completed_at ? "Never" : "Not yet"} both />,
    },
    { name: "Ended", value: <RelativeTime at={completed_at} never="Not yet" both /> },
    { name: "Operation id", value: <CopyableId value={operation.id} label="operation id" /> },
  ];
  if (started_at && completed_at)
    facts.splice(5, 0, { name: "Took", value: <>{durationWords(started_at, completed_at)}</> });
  return <Facts facts={facts} />;
}
