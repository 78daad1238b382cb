import { createLazyRoute } from "@tanstack/react-router";
import { OperationPage } from "@/features/operations/operation-page";

export const route = createLazyRoute("/admin/operations/$operationId")({
  component: function OperationRoute() {
    const { operationId } = route.useParams();
    const navigate = route.useNavigate();
    return (
      <OperationPage
        key={operationId}
        operationId={operationId}
        search={route.useSearch()}
        onSearch={(search) => void navigate({ search, replace: true })}
      />
    );
  },
});
