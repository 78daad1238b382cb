import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/states";

export const route = createLazyRoute("/admin/tenants")({
  component: () => (
    <Page title="Tenants">
      <Loading what="the page" />
    </Page>
  ),
});
