import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Edit20Regular, ShieldCheckmark20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useActions } from "@/shared/api/actions";
import { isActive, useLiveness, useWhenFinished } from "@/shared/api/operations";
import type { Tenant } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { plural } from "@/shared/lib/format";
import { connectionWords } from "@/shared/lib/words";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { CopyableId } from "@/shared/ui/copyable-id";
import { Facts } from "@/shared/ui/facts";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { ReasonList } from "@/shared/ui/reason-list";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RunCard } from "@/shared/ui/run-card";
import { Section } from "@/shared/ui/section";
import { Answer, Empty, Partial } from "@/shared/ui/states";
import { StatusBadge } from "@/shared/ui/status-badge";
import { ConnectionForm } from "./connection-form";
import { useForgetConnections, useVerifyConnection } from "./mutations";
import { purposeOf, withoutPermission } from "./permissions";
import { type Connection, connectionQuery, tenantOperationsQuery } from "./queries";

const useStyles = makeStyles({
  actions: { display: "flex", gap: "8px", flexWrap: "wrap" },
  permission: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: "anywhere",
  },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "grid", gap: "6px" },
  row: { display: "flex", flexWrap: "wrap", columnGap: "16px" },
  purpose: { color: tokens.colorNeutralForeground2 },
});

/** How the product reaches a tenant. */
export function ConnectionPanel({ tenant }: { tenant: Tenant }) {
  const workspace = useWorkspace();
  const connection = useQuery(connectionQuery(workspace.workspace_id, tenant.id));
  return (
    <Answer query={connection} what="the connection">
      {(loaded) => <LoadedConnection tenant={tenant} connection={loaded} />}
    </Answer>
  );
}

function LoadedConnection({ tenant, connection }: { tenant: Tenant; connection: Connection }) {
  const styles = useStyles();
  const can = useActions(connection.actions);
  const [editing, edit] = useState(false);
  const verify = useVerify(tenant);
  if (editing) {
    return (
      <Section title={connection.status === "none" ? "Connect this tenant" : "Change the connection"}>
        <ConnectionForm
          tenant={tenant}
          connection={connection}
          onDone={() => edit(false)}
          onCancel={() => edit(false)}
        />
      </Section>
    );
  }
  const update = can("update").known && (
    <ActionButton icon={<Edit20Regular />} {...can("update").props} onClick={() => edit(true)}>
      {connection.status === "none" ? "Connect" : "Change"}
    </ActionButton>
  );
  if (connection.status === "none") {
    return (
      <Empty title="Not connected" actions={update}>
        Register an application in this tenant's Entra directory, grant it the application permissions, and
        store its id and credential here.
      </Empty>
    );
  }
  return (
    <>
      <ProblemBanner error={verify.error} />
      <Section
        title="Connection"
        actions={
          <div className={styles.actions}>
            {can("verify").known && (
              <ActionButton
                icon={<ShieldCheckmark20Regular />}
                busy={verify.busy}
                {...can("verify").props}
                onClick={verify.start}
              >
                Verify
              </ActionButton>
            )}
            {update}
          </div>
        }
      >
        {connection.status_reason && (
          <Partial title={connectionWords[connection.status].label}>{connection.status_reason}</Partial>
        )}
        <ConnectionFacts connection={connection} />
        {verify.latest && isActive(verify.latest) && (
          <RunCard key={verify.latest.id} operation={verify.latest} />
        )}
      </Section>
      <Permissions connection={connection} />
    </>
  );
}

function useVerify(tenant: Tenant) {
  const workspace = useWorkspace();
  const announce = useAnnounce();
  const liveness = useLiveness();
  const verify = useVerifyConnection();
  const runs = useQuery(
    tenantOperationsQuery(workspace.workspace_id, tenant.id, "connection.verify", liveness),
  );
  const latest = runs.data?.items[0];
  const forget = useForgetConnections();
  useWhenFinished(latest, forget); // what the check found is in the connection
  return {
    latest,
    error: verify.error,
    busy: verify.isPending || (latest !== undefined && isActive(latest)),
    start: () =>
      verify.mutate(
        { params: { path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id } } },
        { onSuccess: ({ message }) => announce(message) },
      ),
  };
}

const credentialWords = { client_secret: "Client secret", client_certificate: "Certificate" };

function ConnectionFacts({ connection }: { connection: Connection }) {
  return (
    <Facts
      facts={[
        { name: "Status", value: <StatusBadge {...connectionWords[connection.status]} /> },
        { name: "Last verified", value: <RelativeTime at={connection.verified_at} /> },
        {
          name: "Application (client) id",
          value: connection.client_id ? <CopyableId value={connection.client_id} label="client id" /> : "–",
        },
        {
          name: "Credential",
          value: connection.credential_kind ? credentialWords[connection.credential_kind] : "–",
        },
        {
          name: "Changes to the tenant",
          value: connection.write_enabled ? "Allowed" : "Not allowed: this tenant can only be a source",
        },
      ]}
    />
  );
}

/** What the directory granted, and what does not work without the rest. */
export function Permissions({ connection }: { connection: Connection }) {
  const styles = useStyles();
  const { granted_permissions: granted, missing_permissions: missing } = connection;
  if (granted.length + missing.length === 0) return null;
  return (
    <Section title="Permissions">
      {missing.length > 0 && (
        <Partial title={`${plural(missing.length, "permission")} missing`}>
          Grant them to the application in the Entra admin center, give admin consent, then verify again.
          <ReasonList
            label="Missing permissions"
            reasons={missing.map((name) => ({
              key: name,
              message: `${name}.`,
              next: withoutPermission(name),
            }))}
          />
        </Partial>
      )}
      {granted.length > 0 && (
        <Accordion collapsible>
          <AccordionItem value="granted">
            <AccordionHeader>{plural(granted.length, "permission")} found</AccordionHeader>
            <AccordionPanel>
              <ul className={styles.list}>
                {granted.map((name) => (
                  <li key={name} className={styles.row}>
                    <span className={styles.permission}>{name}</span>
                    <span className={styles.purpose}>{purposeOf(name)}</span>
                  </li>
                ))}
              </ul>
            </AccordionPanel>
          </AccordionItem>
        </Accordion>
      )}
    </Section>
  );
}
