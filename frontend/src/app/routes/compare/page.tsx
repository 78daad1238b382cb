import { useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { paths } from "@/app/paths";
import { Comparison } from "@/features/compare/comparison";
import { previewsKey } from "@/features/compare/queries";
import { ReturnLink } from "@/features/compare/return-link";
import { type CompareSearch, selectionKey } from "@/features/compare/search";
import { PromotionPanel } from "@/features/promotion/promotion-panel";
import { useWorkspace } from "@/shared/api/workspace";
import { Page } from "@/shared/ui/page";
import { RouterLink } from "@/shared/ui/router-link";

const here = getRouteApi("/admin/cross-tenant-compare");

export const route = createLazyRoute("/admin/cross-tenant-compare")({ component: ComparePage });

function ComparePage() {
  const search = here.useSearch();
  const navigate = here.useNavigate();
  const queryClient = useQueryClient();
  const { workspace_id: workspaceId } = useWorkspace();
  const onSearch = useCallback(
    (next: CompareSearch, step: boolean) =>
      void navigate({ search: next, replace: !step, resetScroll: false }),
    [navigate],
  );
  const onMoved = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: previewsKey(workspaceId) }),
    [queryClient, workspaceId],
  );
  return (
    <Page
      title="Cross-tenant compare"
      lead="Compare a source tenant with a target tenant, and promote what is ready. Comparing changes nothing."
      actions={<SecondaryLinks search={search} />}
    >
      <Comparison search={search} onSearch={onSearch}>
        {(preview, selection) => (
          <PromotionPanel
            key={selectionKey(selection)}
            selection={selection}
            preview={preview}
            run={search.run}
            onRun={(run) => onSearch({ ...search, run }, false)}
            onMoved={onMoved}
          />
        )}
      </Comparison>
    </Page>
  );
}

function SecondaryLinks({ search }: { search: CompareSearch }) {
  return (
    <>
      {search.source && <RouterLink {...paths.tenant(search.source)}>Open source tenant</RouterLink>}
      {search.target && search.target !== search.source && (
        <RouterLink {...paths.tenant(search.target)}>Open target tenant</RouterLink>
      )}
      {search.return && <ReturnLink to={search.return} />}
    </>
  );
}
