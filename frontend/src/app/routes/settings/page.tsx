import { createLazyRoute } from "@tanstack/react-router";
import { SettingsPage } from "@/features/settings/settings-page";

export const route = createLazyRoute("/admin/settings")({
  component: function SettingsRoute() {
    const navigate = route.useNavigate();
    return (
      <SettingsPage
        tab={route.useSearch().tab}
        onTab={(tab) => void navigate({ search: { tab }, replace: true })}
      />
    );
  },
});
