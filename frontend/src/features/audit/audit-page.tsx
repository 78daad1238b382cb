import { Button } from "@fluentui/react-components";
import { ArrowDownload20Regular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useWorkspace } from "@/shared/api/workspace";
import { sinceTime } from "@/shared/lib/since";
import { LoadMore } from "@/shared/ui/load-more";
import { Page } from "@/shared/ui/page";
import { Answer, Empty } from "@/shared/ui/states";
import { AuditFilters } from "./audit-filters";
import { AuditTable } from "./audit-table";
import { type AuditFilter, auditPagesQuery, exportAddress } from "./queries";
import type { AuditSearch } from "./search";

interface AuditPageProps {
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}

/** What happened in the workspace and who did it. Nothing here can be changed. */
export function AuditPage({ search, onSearch }: AuditPageProps) {
  const { workspace_id } = useWorkspace();
  const since = useMemo(() => sinceTime(search.since, Date.now()), [search.since]);
  const { action, actor, tenant, operation } = search;
  const filter: AuditFilter = { action, actor_id: actor, tenant_id: tenant, operation_id: operation, since };
  const query = useInfiniteQuery(auditPagesQuery(workspace_id, filter));
  const events = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const filtered = Object.values(search).some(Boolean);
  return (
    <Page
      title="Audit"
      lead="Records are appended together with what they record and are never changed."
      actions={query.data && <Export address={exportAddress(workspace_id, filter)} filtered={filtered} />}
    >
      {(query.data || !query.error) && (
        <AuditFilters
          search={search}
          seen={events}
          onSearch={onSearch}
          onClear={filtered ? () => onSearch({}) : undefined}
        />
      )}
      <Answer query={query} what="the audit trail" rows={8}>
        {() => {
          if (events.length === 0) return <NoEvents filtered={filtered} />;
          return (
            <>
              <AuditTable events={events} onOperation={(id) => onSearch({ ...search, operation: id })} />
              <LoadMore query={query} shown={events.length} noun="record" />
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

function Export({ address, filtered }: { address: string; filtered: boolean }) {
  return (
    <Button as="a" href={address} download icon={<ArrowDownload20Regular />}>
      {filtered ? "Export what matches" : "Export all"} (NDJSON)
    </Button>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No record matches">Take a filter away to see more of what happened.</Empty>
  ) : (
    <Empty title="Nothing has been recorded yet">Every change in the workspace will be recorded here.</Empty>
  );
}
