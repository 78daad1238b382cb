import { createRoute } from "@tanstack/react-router";
import { adminRoute } from "../admin";
import { readOperationSearch, readOperationsSearch } from "./search";

const list = createRoute({
  getParentRoute: () => adminRoute,
  path: "operations",
  validateSearch: readOperationsSearch,
}).lazy(() => import("./list").then(({ route }) => route));

const detail = createRoute({
  getParentRoute: () => adminRoute,
  path: "operations/$operationId",
  validateSearch: readOperationSearch,
}).lazy(() => import("./detail").then(({ route }) => route));

export const operationsRoutes = [list, detail];
