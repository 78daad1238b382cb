import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/states";

export const route = createLazyRoute("/admin/cross-tenant-compare")({
  component: () => (
    <Page title="Cross-tenant compare">
      <Loading what="the page" />
    </Page>
  ),
});
