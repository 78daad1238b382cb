import { makeStyles } from "@fluentui/react-components";
import { ArrowRight16Regular } from "@fluentui/react-icons";
import type { Operation } from "@/shared/api/operations";
import { TenantName } from "@/shared/ui/tenant-name";

const useStyles = makeStyles({
  pair: { display: "inline-flex", flexWrap: "wrap", alignItems: "center", gap: "6px" },
  arrow: { flexShrink: 0 },
});

/** The tenant an operation is about; for a promotion the source, then the target. */
export function OperationTenants({ operation }: { operation: Operation }) {
  const styles = useStyles();
  const { tenant_id, source_tenant_id, target_tenant_id } = operation;
  if (!target_tenant_id) return <TenantName tenantId={tenant_id} none="Whole workspace" />;
  return (
    <span className={styles.pair}>
      <TenantName tenantId={source_tenant_id} none="Another tenant" />
      <ArrowRight16Regular className={styles.arrow} aria-label="to" />
      <TenantName tenantId={target_tenant_id} />
    </span>
  );
}
