import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/states";

export const route = createLazyRoute("/admin/audit")({
  component: () => (
    <Page title="Audit">
      <Loading what="the page" />
    </Page>
  ),
});
