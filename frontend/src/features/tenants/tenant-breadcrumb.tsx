import { Breadcrumb, BreadcrumbDivider, BreadcrumbItem } from "@fluentui/react-components";
import { Fragment, type ReactNode } from "react";
import { paths } from "@/app/paths";
import { RouterLink } from "@/shared/ui/router-link";

/** The way back to the registry, and what lies between. */
export function TenantBreadcrumb({ between = [] }: { between?: { key: string; link: ReactNode }[] }) {
  const items = [{ key: "tenants", link: <RouterLink {...paths.tenants()}>Tenants</RouterLink> }, ...between];
  return (
    <Breadcrumb aria-label="Breadcrumb">
      {items.map(({ key, link }) => (
        <Fragment key={key}>
          <BreadcrumbItem>{link}</BreadcrumbItem>
          <BreadcrumbDivider />
        </Fragment>
      ))}
    </Breadcrumb>
  );
}
