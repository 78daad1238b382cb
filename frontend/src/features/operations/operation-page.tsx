import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { paths } from "@/app/paths";
import { type Operation, operationQuery, useLiveness } from "@/shared/api/operations";
import { toProblem } from "@/shared/api/problem";
import { useCapability, useWorkspace } from "@/shared/api/workspace";
import { Page } from "@/shared/ui/page";
import { RouterButton, RouterLink } from "@/shared/ui/router-link";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { Failed, Loading, Refused } from "@/shared/ui/states";
import { CancelOperation } from "./cancel-operation";
import { compareReturn } from "./compare-return";
import { OperationItems } from "./operation-items";
import { OperationSummary } from "./operation-summary";
import { OperationTimeline } from "./operation-timeline";
import { allItemsKey, operationTrailQuery } from "./queries";
import type { ItemStatus, OperationSearch } from "./search";

interface OperationPageProps {
  operationId: string;
  search: OperationSearch;
  onSearch: (search: OperationSearch) => void;
}

const breadcrumb = <RouterLink {...paths.operations()}>Operations</RouterLink>;

/** One operation: how far it is, what came of each item, and what led to it. */
export function OperationPage({ operationId, search, onSearch }: OperationPageProps) {
  const { workspace_id } = useWorkspace();
  const query = useQuery(operationQuery(workspace_id, operationId, useLiveness()));
  if (query.data) {
    return <Known operation={query.data} items={search.items} onItems={(items) => onSearch({ items })} />;
  }
  if (!query.error) {
    return (
      <Page title="Operation" breadcrumb={breadcrumb}>
        <Loading what="the operation" />
      </Page>
    );
  }
  const { status } = toProblem(query.error);
  return (
    <Page title={status === 404 ? "Operation not found" : "Operation"} breadcrumb={breadcrumb}>
      {status >= 400 && status < 500 ? (
        <Refused
          error={query.error}
          actions={<RouterButton {...paths.operations()}>Open operations</RouterButton>}
        />
      ) : (
        <Failed error={query.error} onRetry={() => query.refetch()} />
      )}
    </Page>
  );
}

interface KnownProps {
  operation: Operation;
  items: ItemStatus | undefined;
  onItems: (status: ItemStatus | undefined) => void;
}

function Known({ operation, items, onItems }: KnownProps) {
  const { workspace_id } = useWorkspace();
  const mayRead = useCapability("workspace.audit.view");
  const trail = useQuery(operationTrailQuery(workspace_id, operation.id, mayRead)).data?.items ?? [];
  useFreshDetails(workspace_id, operation);
  const back = compareReturn(operation, trail);
  return (
    <Page
      title={operation.label}
      breadcrumb={breadcrumb}
      actions={
        <>
          {back && (
            <RouterButton {...paths.compare()} search={back}>
              Open cross-tenant compare
            </RouterButton>
          )}
          <CancelOperation operation={operation} />
        </>
      }
    >
      <OperationSummary operation={operation} />
      <SectionBoundary>
        <OperationItems operation={operation} status={items} onStatus={onItems} />
      </SectionBoundary>
      <SectionBoundary>
        <OperationTimeline operation={operation} trail={trail} mayRead={mayRead} />
      </SectionBoundary>
    </Page>
  );
}

/** When the operation begins or ends, its items and its trail are asked for once more. */
function useFreshDetails(workspaceId: string, { id, status }: Operation) {
  const queryClient = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the status is what is waited for
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: allItemsKey(workspaceId, id) });
    void queryClient.invalidateQueries({ queryKey: operationTrailQuery(workspaceId, id, true).queryKey });
  }, [queryClient, workspaceId, id, status]);
}
