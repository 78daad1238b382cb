import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/states";

export const route = createLazyRoute("/admin/tenants/$tenantId/inventory/$subjectId")({
  component: () => (
    <Page title="Policy">
      <Loading what="the page" />
    </Page>
  ),
});
