import { createRoute } from "@tanstack/react-router";
import { safeReturn } from "@/app/paths";
import { type CompareSearch, readCompareSearch } from "@/features/compare/search";
import { adminRoute } from "../admin";

const page = createRoute({
  getParentRoute: () => adminRoute,
  path: "cross-tenant-compare",
  validateSearch: (search: Record<string, unknown>): CompareSearch => readCompareSearch(search, safeReturn),
}).lazy(() => import("./page").then(({ route }) => route));

export const compareRoutes = [page];
