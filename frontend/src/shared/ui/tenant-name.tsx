import { makeStyles, tokens } from "@fluentui/react-components";
import { paths } from "@/app/paths";
import { useWorkspace } from "@/shared/api/workspace";
import { RouterLink } from "./router-link";

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground3 } });

/** The name of a tenant the caller may see, or nothing. */
export function useTenantName(): (tenantId: string | null | undefined) => string | undefined {
  const { tenants } = useWorkspace();
  return (tenantId) => tenants.find((each) => each.tenant_id === tenantId)?.display_name;
}

interface TenantNameProps {
  tenantId: string | null;
  /** Said when there is no tenant, or none that the caller may see. */
  none?: string;
}

/** A tenant as a link to its page. What the caller may not see has no name. */
export function TenantName({ tenantId, none = "Not visible to you" }: TenantNameProps) {
  const styles = useStyles();
  const name = useTenantName()(tenantId);
  if (!tenantId || !name) return <span className={styles.quiet}>{none}</span>;
  return <RouterLink {...paths.tenant(tenantId)}>{name}</RouterLink>;
}
