import { createRoute, notFound, redirect, retainSearchParams } from "@tanstack/react-router";
import { paths } from "@/app/paths";
import { toProblem } from "@/shared/api/problem";
import { meQuery } from "@/shared/api/session";
import { AdminFrame } from "../layout/admin-frame";
import { rootRoute } from "./root";

interface AdminSearch {
  /** The workspace of the page; the first one of the caller when absent. */
  workspace?: string;
}

/** Everything below /admin: needs a session and a workspace. */
export const adminRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "admin",
  validateSearch: (search: Record<string, unknown>): AdminSearch =>
    typeof search.workspace === "string" ? { workspace: search.workspace } : {},
  search: { middlewares: [retainSearchParams(["workspace"])] },
  loaderDeps: ({ search }) => ({ workspace: search.workspace }),
  loader: async ({ context, deps, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery()).catch((error: unknown) => {
      if (toProblem(error).code === "unauthenticated") throw redirect(paths.signIn(location.href));
      throw error;
    });
    const internal = me.memberships.filter(({ capabilities }) => capabilities.includes("workspace.view"));
    const membership = deps.workspace
      ? internal.find((each) => each.workspace_id === deps.workspace)
      : internal[0];
    if (deps.workspace && !membership) throw notFound();
    return { me, memberships: internal, membership };
  },
  component: AdminFrame,
});
