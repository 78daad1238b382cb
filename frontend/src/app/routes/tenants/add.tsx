import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/states";

export const route = createLazyRoute("/admin/tenants/add")({
  component: () => (
    <Page title="Add tenant">
      <Loading what="the page" />
    </Page>
  ),
});
