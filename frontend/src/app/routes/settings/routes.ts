import { createRoute } from "@tanstack/react-router";
import { type SettingsSearch, settingsTabs } from "@/features/settings/search";
import { adminRoute } from "../admin";

const page = createRoute({
  getParentRoute: () => adminRoute,
  path: "settings",
  validateSearch: (search: Record<string, unknown>): SettingsSearch => ({
    tab: settingsTabs.find((each) => each === search.tab),
  }),
}).lazy(() => import("./page").then(({ route }) => route));

export const settingsRoutes = [page];
