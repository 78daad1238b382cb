import { useQuery } from "@tanstack/react-query";
import { paths } from "@/app/paths";
import { useLiveness } from "@/shared/api/operations";
import type { Tenant } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { cloudWords, connectionWords } from "@/shared/lib/words";
import { CopyableId } from "@/shared/ui/copyable-id";
import { Facts } from "@/shared/ui/facts";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterButton } from "@/shared/ui/router-link";
import { RunCard } from "@/shared/ui/run-card";
import { Section } from "@/shared/ui/section";
import { Answer, Empty, Partial } from "@/shared/ui/states";
import { StatusBadge } from "@/shared/ui/status-badge";
import { connectionQuery, tenantOperationsQuery } from "./queries";

/** What an operator wants to know first about a tenant. */
export function TenantOverview({ tenant }: { tenant: Tenant }) {
  const workspace = useWorkspace();
  const connection = useQuery(connectionQuery(workspace.workspace_id, tenant.id));
  const health = connection.data && connectionWords[connection.data.status];
  return (
    <>
      {connection.data && connection.data.status !== "verified" && (
        <Partial title={connectionWords[connection.data.status].label}>
          {connection.data.status_reason ?? "Store an app registration's credential to read this tenant."}
        </Partial>
      )}
      <Section title="Essentials">
        <Facts
          facts={[
            { name: "Directory id", value: <CopyableId value={tenant.directory_id} label="directory id" /> },
            { name: "Cloud", value: cloudWords[tenant.cloud] },
            { name: "Connection", value: health ? <StatusBadge {...health} /> : "–" },
            { name: "Changes to the tenant", value: writeWords(connection.data?.write_enabled) },
            { name: "Registered", value: <RelativeTime at={tenant.created_at} /> },
            { name: "Tenant id", value: <CopyableId value={tenant.id} label="tenant id" /> },
          ]}
        />
      </Section>
      <LatestSync tenant={tenant} />
    </>
  );
}

const writeWords = (enabled: boolean | undefined): string => {
  if (enabled === undefined) return "–";
  return enabled ? "Allowed" : "Not allowed: read only";
};

function LatestSync({ tenant }: { tenant: Tenant }) {
  const workspace = useWorkspace();
  const liveness = useLiveness();
  const syncs = useQuery(
    tenantOperationsQuery(workspace.workspace_id, tenant.id, "inventory.sync", liveness),
  );
  return (
    <Section title="Latest inventory sync">
      <Answer query={syncs} what="the latest sync" rows={2}>
        {({ items: [latest] }) =>
          latest ? (
            <RunCard key={latest.id} operation={latest}>
              <span>
                {latest.completed_at ? "Finished " : "Requested "}
                <RelativeTime at={latest.completed_at ?? latest.created_at} />
                {latest.initiator && ` by ${latest.initiator.display_name}`}
              </span>
            </RunCard>
          ) : (
            <Empty
              title="Never read"
              actions={
                <RouterButton {...paths.tenant(tenant.id, "connection")}>Check the connection</RouterButton>
              }
            >
              Sync now reads the policies of this tenant. Nothing changes in the tenant.
            </Empty>
          )
        }
      </Answer>
    </Section>
  );
}
