import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { paths } from "@/app/paths";
import { useLiveness } from "@/shared/api/operations";
import { useWorkspace } from "@/shared/api/workspace";
import { sinceTime } from "@/shared/lib/since";
import { LoadMore } from "@/shared/ui/load-more";
import { Page } from "@/shared/ui/page";
import { RouterButton } from "@/shared/ui/router-link";
import { Answer, Empty } from "@/shared/ui/states";
import { OperationsFilters } from "./operations-filters";
import { OperationsTable } from "./operations-table";
import { operationPagesQuery } from "./queries";
import type { OperationsSearch } from "./search";

interface OperationsPageProps {
  search: OperationsSearch;
  onSearch: (search: OperationsSearch) => void;
}

/** All queued work of the workspace, newest first, as it happens. */
export function OperationsPage({ search, onSearch }: OperationsPageProps) {
  const { workspace_id } = useWorkspace();
  const liveness = useLiveness();
  const since = useMemo(() => sinceTime(search.since, Date.now()), [search.since]);
  const { type, status, outcome, tenant } = search;
  const filter = { type, status, outcome, tenant_id: tenant, since };
  const query = useInfiniteQuery(operationPagesQuery(workspace_id, filter, liveness));
  const filtered = Object.values(search).some(Boolean);
  return (
    <Page
      title="Operations"
      lead={
        liveness === "live"
          ? "Rows change as the work proceeds."
          : "The list is asked for again every few seconds."
      }
    >
      <OperationsFilters
        search={search}
        onSearch={onSearch}
        onClear={filtered ? () => onSearch({}) : undefined}
      />
      <Answer query={query} what="the operations" rows={8}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0) return <NoOperations filtered={filtered} />;
          return (
            <>
              <OperationsTable operations={rows} />
              <LoadMore query={query} shown={rows.length} noun="operation" />
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

function NoOperations({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No operation matches">
        Take a filter away to see more of the work in this workspace.
      </Empty>
    );
  }
  return (
    <Empty
      title="Nothing has been queued yet"
      actions={
        <RouterButton {...paths.tenants()} appearance="primary">
          Open tenants
        </RouterButton>
      }
    >
      Operations appear here when somebody synchronises a tenant, verifies a connection or executes a
      promotion.
    </Empty>
  );
}
