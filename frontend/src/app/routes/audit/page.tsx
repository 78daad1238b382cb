import { createLazyRoute } from "@tanstack/react-router";
import { AuditPage } from "@/features/audit/audit-page";

export const route = createLazyRoute("/admin/audit")({
  component: function AuditRoute() {
    const navigate = route.useNavigate();
    return (
      <AuditPage search={route.useSearch()} onSearch={(search) => void navigate({ search, replace: true })} />
    );
  },
});
