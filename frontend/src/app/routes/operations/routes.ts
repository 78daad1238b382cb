import { createRoute } from "@tanstack/react-router";
import { adminRoute } from "../admin";

const list = createRoute({ getParentRoute: () => adminRoute, path: "operations" }).lazy(() =>
  import("./list").then(({ route }) => route),
);

const detail = createRoute({ getParentRoute: () => adminRoute, path: "operations/$operationId" }).lazy(() =>
  import("./detail").then(({ route }) => route),
);

export const operationsRoutes = [list, detail];
