import { createLazyRoute } from "@tanstack/react-router";
import { SignInPage } from "@/features/session/sign-in-page";

export const route = createLazyRoute("/sign-in")({
  component: function SignInRoute() {
    const search = route.useSearch();
    const navigate = route.useNavigate();
    return (
      <SignInPage onSignedIn={() => navigate({ href: search.return ?? "/admin/tenants", replace: true })} />
    );
  },
});
