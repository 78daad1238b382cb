import { createRoute } from "@tanstack/react-router";
import { adminRoute } from "../admin";
import { readAuditSearch } from "./search";

const page = createRoute({
  getParentRoute: () => adminRoute,
  path: "audit",
  validateSearch: readAuditSearch,
}).lazy(() => import("./page").then(({ route }) => route));

export const auditRoutes = [page];
