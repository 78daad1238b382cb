import { createRoute } from "@tanstack/react-router";
import { adminRoute } from "../admin";
import { readRegistrySearch, readTenantSearch } from "./search";

const list = createRoute({
  getParentRoute: () => adminRoute,
  path: "tenants",
  validateSearch: readRegistrySearch,
}).lazy(() => import("./list").then(({ route }) => route));

const add = createRoute({
  getParentRoute: () => adminRoute,
  path: "tenants/add",
  validateSearch: (search: Record<string, unknown>): { tenant?: string } => ({
    tenant: typeof search.tenant === "string" ? search.tenant : undefined,
  }),
}).lazy(() => import("./add").then(({ route }) => route));

const detail = createRoute({
  getParentRoute: () => adminRoute,
  path: "tenants/$tenantId",
  validateSearch: readTenantSearch,
}).lazy(() => import("./detail").then(({ route }) => route));

const subject = createRoute({
  getParentRoute: () => adminRoute,
  path: "tenants/$tenantId/inventory/$subjectId",
  validateSearch: (search: Record<string, unknown>): { version?: string } => ({
    version: typeof search.version === "string" ? search.version : undefined,
  }),
}).lazy(() => import("./subject").then(({ route }) => route));

export const tenantsRoutes = [list, add, detail, subject];
