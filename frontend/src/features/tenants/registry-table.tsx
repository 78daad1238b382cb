import { makeStyles, tokens } from "@fluentui/react-components";
import { paths } from "@/app/paths";
import { connectionWords, operationWord } from "@/shared/lib/words";
import { type Column, DataTable, type Selection } from "@/shared/ui/data-table";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { StatusBadge } from "@/shared/ui/status-badge";
import type { RegistryRow } from "./queries";
import type { RegistrySearch } from "./registry-search";

const useStyles = makeStyles({
  name: { fontWeight: tokens.fontWeightSemibold },
  directory: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

interface RegistryTableProps {
  rows: RegistryRow[];
  search: RegistrySearch;
  onSearch: (change: Partial<RegistrySearch>) => void;
  selection: Selection;
}

/** One line per tenant: how it is connected, when it was read, what runs. */
export function RegistryTable({ rows, search, onSearch, selection }: RegistryTableProps) {
  const styles = useStyles();
  const columns: Column<RegistryRow>[] = [
    {
      id: "name",
      header: "Name",
      sortable: true,
      cell: ({ tenant }) => (
        <>
          <RouterLink {...paths.tenant(tenant.id)} className={styles.name}>
            {tenant.display_name}
          </RouterLink>
          {tenant.archived_at && <span className={styles.quiet}> (archived)</span>}
        </>
      ),
    },
    {
      id: "directory",
      header: "Directory",
      width: 290,
      sortable: true,
      cell: ({ tenant }) => <span className={styles.directory}>{tenant.directory_id}</span>,
    },
    {
      id: "health",
      header: "Connection",
      width: 180,
      sortable: true,
      cell: ({ connection }) =>
        connection ? (
          <StatusBadge {...connectionWords[connection.status]} />
        ) : (
          <span className={styles.quiet}>–</span>
        ),
    },
    {
      id: "sync",
      header: "Last inventory sync",
      width: 190,
      sortable: true,
      cell: (row) => <LastSync {...row} />,
    },
    { id: "active", header: "Active run", width: 150, cell: (row) => <ActiveRun {...row} /> },
  ];
  return (
    <DataTable
      label="Tenants"
      columns={columns}
      rows={rows}
      rowId={({ tenant }) => tenant.id}
      rowName={({ tenant }) => tenant.display_name}
      sort={{ column: search.sort ?? "name", descending: search.desc ?? false }}
      onSort={({ column, descending }) =>
        onSearch({ sort: column as RegistrySearch["sort"], desc: descending || undefined })
      }
      selection={selection}
      minWidth={960}
    />
  );
}

function LastSync({ lastSync }: RegistryRow) {
  const styles = useStyles();
  if (!lastSync?.completed_at) return <span className={styles.quiet}>Never read</span>;
  const word = operationWord(lastSync);
  return (
    <>
      <RelativeTime at={lastSync.completed_at} both />
      {word.tone !== "good" && <StatusBadge {...word} />}
    </>
  );
}

function ActiveRun({ active }: RegistryRow) {
  const styles = useStyles();
  if (!active) return <span className={styles.quiet}>None</span>;
  return (
    <>
      <RouterLink {...paths.operation(active.id)}>{active.label}</RouterLink>
      <div>
        <StatusBadge {...operationWord(active)} />
      </div>
    </>
  );
}
