import { makeStyles, tokens } from "@fluentui/react-components";
import { paths } from "@/app/paths";
import type { Operation } from "@/shared/api/operations";
import { useWorkspace } from "@/shared/api/workspace";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useLiveRows } from "./live-rows";
import { OperationTenants } from "./operation-tenants";
import { outcomeWord, progressWords, statusWord } from "./words";

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground3 } });

const columns: Column<Operation>[] = [
  {
    id: "type",
    header: "Type",
    width: 160,
    cell: ({ id, label }) => <RouterLink {...paths.operation(id)}>{label}</RouterLink>,
  },
  { id: "tenants", header: "Tenants", cell: (operation) => <OperationTenants operation={operation} /> },
  {
    id: "status",
    header: "Status",
    width: 124,
    cell: (operation) => <StatusBadge {...statusWord(operation)} />,
  },
  { id: "outcome", header: "Outcome", width: 176, cell: (operation) => <Outcome operation={operation} /> },
  { id: "counts", header: "Done", width: 130, cell: ({ summary_counts }) => progressWords(summary_counts) },
  {
    id: "initiator",
    header: "Started by",
    width: 130,
    cell: ({ initiator }) => initiator?.display_name ?? "TenantAtlas",
  },
  { id: "age", header: "Queued", width: 128, cell: ({ created_at }) => <RelativeTime at={created_at} /> },
];

function Outcome({ operation }: { operation: Operation }) {
  const styles = useStyles();
  const word = outcomeWord(operation);
  return word ? <StatusBadge {...word} /> : <span className={styles.quiet}>Not ended</span>;
}

/** Operations as rows that change in place while the work goes on. */
export function OperationsTable({ operations }: { operations: Operation[] }) {
  const { workspace_id } = useWorkspace();
  const rows = useLiveRows(workspace_id, operations);
  return (
    <DataTable
      label="Operations"
      columns={columns}
      rows={rows}
      rowId={({ id }) => id}
      rowName={({ label }) => label}
      minWidth={1080}
    />
  );
}
