import { createRoute, redirect } from "@tanstack/react-router";
import { paths, safeReturn } from "@/app/paths";
import { rootRoute } from "../root";

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect(paths.tenants());
  },
});

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "sign-in",
  validateSearch: (search: Record<string, unknown>): { return?: string } => ({
    return: safeReturn(search.return),
  }),
}).lazy(() => import("./sign-in").then(({ route }) => route));

/** The address that the API gives an operation: links in mails and terminals. */
const operationOfWorkspace = createRoute({
  getParentRoute: () => rootRoute,
  path: "workspaces/$workspaceId/operations/$operationId",
  beforeLoad: ({ params }) => {
    throw redirect({
      to: "/admin/operations/$operationId",
      params: { operationId: params.operationId },
      search: { workspace: params.workspaceId },
    });
  },
});

export const sessionRoutes = [home, signIn, operationOfWorkspace];
