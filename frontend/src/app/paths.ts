import { linkOptions } from "@tanstack/react-router";

// The one place that knows addresses. Spread the result on a link:
// <RouterLink {...paths.tenant(id)}>.
export const paths = {
  signIn: (returnTo?: string) => linkOptions({ to: "/sign-in", search: { return: returnTo } }),
  tenants: () => linkOptions({ to: "/admin/tenants" }),
  addTenant: (tenantId?: string) => linkOptions({ to: "/admin/tenants/add", search: { tenant: tenantId } }),
  tenant: (tenantId: string, tab?: "connection" | "inventory" | "members") =>
    linkOptions({ to: "/admin/tenants/$tenantId", params: { tenantId }, search: { tab } }),
  subject: (tenantId: string, subjectId: string, version?: string) =>
    linkOptions({
      to: "/admin/tenants/$tenantId/inventory/$subjectId",
      params: { tenantId, subjectId },
      search: { version },
    }),
  compare: (selection: { source?: string; target?: string; return?: string } = {}) =>
    linkOptions({ to: "/admin/cross-tenant-compare", search: selection }),
  operations: () => linkOptions({ to: "/admin/operations" }),
  operation: (operationId: string) =>
    linkOptions({ to: "/admin/operations/$operationId", params: { operationId } }),
  audit: () => linkOptions({ to: "/admin/audit" }),
  settings: () => linkOptions({ to: "/admin/settings" }),
};

/** A path inside this application to come back to, or undefined: never another origin. */
export function safeReturn(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\/(?![/\\])/.test(value)) return undefined;
  const url = new URL(value, window.location.origin);
  return url.origin === window.location.origin ? url.pathname + url.search : undefined;
}
