import { createLazyRoute, useRouterState } from "@tanstack/react-router";
import { RegistryPage } from "@/features/tenants/registry-page";

export const route = createLazyRoute("/admin/tenants")({
  component: function TenantsRoute() {
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const here = useRouterState({ select: ({ location }) => location.href });
    return (
      <RegistryPage
        search={search}
        here={here}
        onSearch={(change) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true })}
      />
    );
  },
});
