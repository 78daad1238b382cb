import { createLazyRoute, useNavigate } from "@tanstack/react-router";
import { paths } from "@/app/paths";
import { AddTenantPage } from "@/features/tenants/add-tenant-page";

export const route = createLazyRoute("/admin/tenants/add")({
  component: function AddTenantRoute() {
    const { tenant } = route.useSearch();
    const navigate = useNavigate();
    return (
      <AddTenantPage
        tenantId={tenant}
        onCreated={(tenantId) => void navigate({ ...paths.addTenant(tenantId), replace: true })}
        onDone={(tenantId) => void navigate(paths.tenant(tenantId))}
      />
    );
  },
});
