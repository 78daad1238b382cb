import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/states";

export const route = createLazyRoute("/admin/settings")({
  component: () => (
    <Page title="Settings">
      <Loading what="the page" />
    </Page>
  ),
});
