import { createLazyRoute } from "@tanstack/react-router";
import { OperationsPage } from "@/features/operations/operations-page";

export const route = createLazyRoute("/admin/operations")({
  component: function OperationsRoute() {
    const navigate = route.useNavigate();
    return (
      <OperationsPage
        search={route.useSearch()}
        onSearch={(search) => void navigate({ search, replace: true })}
      />
    );
  },
});
