import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/states";

export const route = createLazyRoute("/admin/operations/$operationId")({
  component: () => (
    <Page title="Operation">
      <Loading what="the page" />
    </Page>
  ),
});
