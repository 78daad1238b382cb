import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { Refused } from "@/shared/ui/states";
import { FailedPage, PendingPage } from "./layout/whole-page";
import { adminRoute } from "./routes/admin";
import { auditRoutes } from "./routes/audit/routes";
import { compareRoutes } from "./routes/compare/routes";
import { operationsRoutes } from "./routes/operations/routes";
import { rootRoute } from "./routes/root";
import { sessionRoutes } from "./routes/session/routes";
import { settingsRoutes } from "./routes/settings/routes";
import { tenantsRoutes } from "./routes/tenants/routes";

const tree = rootRoute.addChildren([
  ...sessionRoutes,
  adminRoute.addChildren([
    ...tenantsRoutes,
    ...compareRoutes,
    ...operationsRoutes,
    ...auditRoutes,
    ...settingsRoutes,
  ]),
]);

/** The routes; each page is a file of its own that is loaded when it is needed. */
export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    history,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    scrollRestoration: false,
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: FailedPage,
    defaultNotFoundComponent: () => (
      <Refused error={{ code: "not_found", status: 404, detail: "", errors: [] }} />
    ),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
