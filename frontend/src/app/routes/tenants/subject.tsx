import { createLazyRoute } from "@tanstack/react-router";
import { SubjectPage } from "@/features/tenants/subject-page";

export const route = createLazyRoute("/admin/tenants/$tenantId/inventory/$subjectId")({
  component: function SubjectRoute() {
    const { tenantId, subjectId } = route.useParams();
    const { version } = route.useSearch();
    return <SubjectPage key={subjectId} tenantId={tenantId} subjectId={subjectId} version={version} />;
  },
});
