import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { paths } from "@/app/paths";
import type { Schema } from "@/shared/api/client";
import { policyTypesQuery } from "@/shared/api/tenants";
import { plural } from "@/shared/lib/format";
import { RouterLink } from "@/shared/ui/router-link";
import { Partial } from "@/shared/ui/states";

const useStyles = makeStyles({ list: { margin: "4px 0", paddingInlineStart: "18px" } });

/** Says what could not be read in a tenant, since nothing is concluded about it. */
export function UnreadTypes({
  tenant,
  side,
}: {
  tenant: Schema<"TenantSummary">;
  side: "source" | "target";
}) {
  const styles = useStyles();
  const types = useQuery(policyTypesQuery()).data?.items ?? [];
  const unread = tenant.not_evaluated_types;
  if (unread.length === 0) return null;
  const link = <RouterLink {...paths.tenant(tenant.id)}>Open {side} tenant</RouterLink>;
  if (!tenant.last_sync) {
    return (
      <Partial title={`${tenant.display_name} has never been synced`}>
        Nothing can be concluded about its policies. Sync the {side} tenant, then compare again. {link}
      </Partial>
    );
  }
  return (
    <Partial
      title={`${plural(unread.length, "policy type was", "policy types were")} not read completely in ${tenant.display_name}`}
    >
      Their policies are shown as not evaluated. Check the connection, then sync the {side} tenant. {link}
      <details>
        <summary>Policy types that were not read</summary>
        <ul className={styles.list}>
          {unread.map((key) => (
            <li key={key}>{types.find((type) => type.key === key)?.label ?? key}</li>
          ))}
        </ul>
      </details>
    </Partial>
  );
}
