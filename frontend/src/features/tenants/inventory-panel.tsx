import { Button, makeStyles, SearchBox, Select, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { paths } from "@/app/paths";
import type { Schema } from "@/shared/api/client";
import { policyTypesQuery, type Tenant } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { plural } from "@/shared/lib/format";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { Answer, Empty } from "@/shared/ui/states";
import { useInventory } from "./queries";
import type { TenantSearch } from "./tenant-search";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", gap: "8px", alignItems: "center" },
  search: { width: "260px", maxWidth: "100%" },
  type: { minWidth: "260px", maxWidth: "100%" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

type Subject = Schema<"Subject">;

interface InventoryPanelProps {
  tenant: Tenant;
  search: TenantSearch;
  onSearch: (change: Partial<TenantSearch>) => void;
}

/** The policies that were read from a tenant, by type. */
export function InventoryPanel({ tenant, search, onSearch }: InventoryPanelProps) {
  const styles = useStyles();
  const types = useQuery(policyTypesQuery());
  const chosen = types.data?.items.find(({ key }) => key === search.type);
  return (
    <>
      <div className={styles.bar}>
        <SearchBox
          className={styles.search}
          aria-label="Search by policy name"
          placeholder="Search by policy name"
          value={search.q ?? ""}
          onChange={(_, { value }) => onSearch({ q: value || undefined })}
        />
        <Select
          className={styles.type}
          aria-label="Policy type"
          value={chosen?.key ?? ""}
          onChange={(_, { value }) => onSearch({ type: value || undefined })}
        >
          <option value="">All policy types</option>
          {(types.data?.items ?? []).map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      <Answer query={types} what="the policy types">
        {({ items }) => <Policies tenant={tenant} types={items} type={chosen?.key} q={search.q} />}
      </Answer>
    </>
  );
}

interface PoliciesProps {
  tenant: Tenant;
  types: Schema<"PolicyType">[];
  type: Subject["policy_type"] | undefined;
  q: string | undefined;
}

function Policies({ tenant, types, type, q }: PoliciesProps) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const inventory = useInventory(workspace.workspace_id, tenant.id, { policyType: type, q });
  const labels = new Map<string, string>(types.map(({ key, label }) => [key, label]));
  return (
    <Answer query={inventory} what="the inventory">
      {({ pages }) => {
        const subjects = pages.flatMap(({ items }) => items);
        if (subjects.length === 0) return <NothingRead filtered={Boolean(type || q)} />;
        return (
          <>
            <Text size={200} className={styles.quiet} role="status">
              {plural(subjects.length, "policy", "policies")}
              {inventory.hasNextPage && " shown, there are more"}
            </Text>
            <DataTable
              label="Inventory"
              columns={columnsFor(tenant.id, labels)}
              rows={subjects}
              rowId={({ id }) => id}
              rowName={({ display_name }) => display_name}
              minWidth={860}
            />
            {inventory.hasNextPage && (
              <div>
                <Button
                  disabledFocusable={inventory.isFetchingNextPage}
                  onClick={() => void inventory.fetchNextPage()}
                >
                  {inventory.isFetchingNextPage ? "Loading…" : "Show more"}
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function NothingRead({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No policy matches">Change the search or the policy type above.</Empty>
  ) : (
    <Empty title="Nothing has been read yet">
      Sync now reads the policies of this tenant. Nothing changes in the tenant.
    </Empty>
  );
}

const assignmentWords = ({ read, total, exclusions }: Subject["assignments"]): string => {
  if (!read) return "Not read";
  if (total === 0) return "Not assigned";
  return plural(total, "assignment") + (exclusions > 0 ? `, ${plural(exclusions, "exclusion")}` : "");
};

const columnsFor = (tenantId: string, labels: Map<string, string>): Column<Subject>[] => [
  {
    id: "name",
    header: "Name",
    cell: (subject) => (
      <>
        <RouterLink {...paths.subject(tenantId, subject.id)}>
          {subject.display_name || "(no name)"}
        </RouterLink>
        {subject.deleted_at && " (deleted in the tenant)"}
      </>
    ),
  },
  {
    id: "type",
    header: "Policy type",
    width: 250,
    cell: ({ policy_type }) => labels.get(policy_type) ?? policy_type,
  },
  {
    id: "assignments",
    header: "Assignments",
    width: 210,
    cell: ({ assignments }) => assignmentWords(assignments),
  },
  {
    id: "read",
    header: "Last read",
    width: 140,
    cell: ({ last_read_at }) => <RelativeTime at={last_read_at} />,
  },
];
