import { createRoute } from "@tanstack/react-router";
import { adminRoute } from "../admin";

const page = createRoute({ getParentRoute: () => adminRoute, path: "audit" }).lazy(() =>
  import("./page").then(({ route }) => route),
);

export const auditRoutes = [page];
