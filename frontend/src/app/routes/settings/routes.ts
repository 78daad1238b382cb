import { createRoute } from "@tanstack/react-router";
import { adminRoute } from "../admin";

const page = createRoute({ getParentRoute: () => adminRoute, path: "settings" }).lazy(() =>
  import("./page").then(({ route }) => route),
);

export const settingsRoutes = [page];
