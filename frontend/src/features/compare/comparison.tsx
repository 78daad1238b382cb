import { Button, makeStyles, Spinner } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect } from "react";
import { toProblem } from "@/shared/api/problem";
import { policyTypesQuery } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { plural } from "@/shared/lib/format";
import { useAnnounce } from "@/shared/ui/announcer";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { Answer, Empty, Partial } from "@/shared/ui/states";
import { Filters, useTypedFilter } from "./filters";
import { type Preview, previewQuery } from "./queries";
import {
  type CompareSearch,
  changed,
  hasFilters,
  type Selection,
  selectionOf,
  withoutFilters,
} from "./search";
import { SelectionBar } from "./selection-bar";
import { SubjectTable } from "./subject-table";
import { SummaryStrip } from "./summary-strip";
import { UnreadTypes } from "./unread-types";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: "16px", minWidth: 0 },
  // Keeps its place, so that nothing moves when it comes and goes.
  updating: { minHeight: "20px" },
});

export interface ComparisonProps {
  search: CompareSearch;
  /** step: whether the browser's back button comes back to the state before. */
  onSearch: (search: CompareSearch, step: boolean) => void;
  /** Stands between the summary and the policies. */
  children: (preview: Preview, selection: Selection) => ReactNode;
}

/** The comparison of two tenants; the address is its state. */
export function Comparison({ search, onSearch, children }: ComparisonProps) {
  const styles = useStyles();
  const selection = selectionOf(search);
  const step = useCallback((next: CompareSearch) => onSearch(next, true), [onSearch]);
  const [typed, setTyped] = useTypedFilter(search, step);
  return (
    <div className={styles.root}>
      <SelectionBar search={search} onSearch={step} />
      {selection ? (
        <>
          <Filters search={search} onSearch={step} typed={typed} onType={setTyped} />
          <Compared search={search} onSearch={onSearch} selection={selection} typed={typed}>
            {children}
          </Compared>
        </>
      ) : (
        <NotChosen search={search} />
      )}
    </div>
  );
}

function NotChosen({ search }: { search: CompareSearch }) {
  if (search.target) {
    return (
      <Empty title="Choose the source tenant">
        Policies are compared with, and can be promoted from, the source tenant.
      </Empty>
    );
  }
  if (search.source) {
    return (
      <Empty title="Choose the target tenant">The target is the tenant that a promotion would change.</Empty>
    );
  }
  return (
    <Empty title="Choose two tenants">
      Policies of the source tenant are compared with those of the target tenant. Nothing is changed by
      comparing.
    </Empty>
  );
}

function Compared({
  search,
  onSearch,
  children,
  selection,
  typed,
}: ComparisonProps & { selection: Selection; typed: string }) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const announce = useAnnounce();
  const query = useQuery(previewQuery(workspace.workspace_id, selection));
  const types = useQuery(policyTypesQuery()).data?.items;
  const typeLabel = useCallback(
    (key: string) => types?.find((type) => type.key === key)?.label ?? key,
    [types],
  );
  const count = query.isPlaceholderData ? undefined : query.data?.items.length;
  useEffect(() => {
    if (count !== undefined) announce(`${plural(count, "policy", "policies")} compared.`);
  }, [count, announce]);
  // Until the server has answered for what is typed, the rows follow by themselves.
  const ahead = typed !== (search.q ?? "") || query.isPlaceholderData ? typed : "";
  const failedUpdate = query.data && query.error ? query.error : undefined;
  if (!query.data && query.error && toProblem(query.error).code === "invalid_input") {
    return <NotUnderstood error={query.error} onClear={() => onSearch(withoutFilters(search), true)} />;
  }
  return (
    <Answer query={query} what="the comparison" rows={10}>
      {(preview) => (
        <>
          <ProblemBanner error={failedUpdate} onRetry={() => void query.refetch()} />
          <SummaryStrip preview={preview} />
          {selection.source_tenant_id === selection.target_tenant_id && (
            <Partial title="Source and target are the same tenant">
              Nothing can be promoted. Choose another tenant on one side.
            </Partial>
          )}
          <UnreadTypes tenant={preview.source} side="source" />
          {selection.source_tenant_id !== selection.target_tenant_id && (
            <UnreadTypes tenant={preview.target} side="target" />
          )}
          <SectionBoundary>{children(preview, selection)}</SectionBoundary>
          <SubjectTable
            preview={preview}
            tab={search.tab ?? "all"}
            onTab={(tab) => onSearch({ ...search, tab: tab === "all" ? undefined : tab }, false)}
            typed={ahead}
            typeLabel={typeLabel}
            onOnly={(keys) => onSearch(changed(search, { keys: keys.sort().join(",") }), true)}
            onClear={hasFilters(search) ? () => onSearch(withoutFilters(search), true) : undefined}
          />
          <div className={styles.updating}>
            {query.isPlaceholderData && <Spinner size="tiny" label="Comparing" labelPosition="after" />}
          </div>
        </>
      )}
    </Answer>
  );
}

/** An address that asks for what is not there, such as a policy type of another version. */
function NotUnderstood({ error, onClear }: { error: unknown; onClear: () => void }) {
  const wrong = toProblem(error).errors.some(({ location }) => location.includes("policy_types"));
  return (
    <Empty
      title="This selection cannot be compared"
      actions={<Button onClick={onClear}>Clear filters</Button>}
    >
      {wrong
        ? "The address names a policy type that is not known here. "
        : "The address holds a filter that is not valid. "}
      Clear the filters and choose them again.
    </Empty>
  );
}
