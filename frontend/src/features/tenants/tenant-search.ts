export type TenantTab = "overview" | "connection" | "inventory" | "members";

/** What of a tenant's page is in the address; type and q filter its inventory. */
export interface TenantSearch {
  tab?: TenantTab;
  type?: string;
  q?: string;
}
