import { createRoute } from "@tanstack/react-router";
import { safeReturn } from "@/app/paths";
import { adminRoute } from "../admin";

interface CompareSearch {
  source?: string;
  target?: string;
  return?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const page = createRoute({
  getParentRoute: () => adminRoute,
  path: "cross-tenant-compare",
  validateSearch: (search: Record<string, unknown>): CompareSearch => ({
    source: text(search.source),
    target: text(search.target),
    return: safeReturn(search.return),
  }),
}).lazy(() => import("./page").then(({ route }) => route));

export const compareRoutes = [page];
