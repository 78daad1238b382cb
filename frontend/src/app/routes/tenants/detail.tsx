import { createLazyRoute, useRouterState } from "@tanstack/react-router";
import { TenantPage } from "@/features/tenants/tenant-page";

export const route = createLazyRoute("/admin/tenants/$tenantId")({
  component: function TenantRoute() {
    const { tenantId } = route.useParams();
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const here = useRouterState({ select: ({ location }) => location.href });
    return (
      <TenantPage
        key={tenantId}
        tenantId={tenantId}
        search={search}
        here={here}
        onSearch={(change) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true })}
      />
    );
  },
});
