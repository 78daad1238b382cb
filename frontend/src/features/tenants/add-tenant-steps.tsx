import { Button, Field, Input, makeStyles, Select, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  isActive,
  type Operation,
  operationQuery,
  useLiveness,
  useWhenFinished,
} from "@/shared/api/operations";
import { fieldError } from "@/shared/api/problem";
import type { Tenant } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { cloudWords, connectionWords } from "@/shared/lib/words";
import { ActionButton } from "@/shared/ui/action-button";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { RunCard } from "@/shared/ui/run-card";
import { Section } from "@/shared/ui/section";
import { StatusBadge } from "@/shared/ui/status-badge";
import { ConnectionForm } from "./connection-form";
import { Permissions } from "./connection-panel";
import { useCreateTenant, useForgetConnections, useStartSync } from "./mutations";
import type { Connection } from "./queries";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px", maxWidth: "640px" },
  actions: { display: "flex", gap: "8px", flexWrap: "wrap" },
});

type Cloud = Tenant["cloud"];

/** Which directory, and what to call it. */
export function DetailsStep({ onCreated }: { onCreated: (tenantId: string) => void }) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const create = useCreateTenant();
  const [name, setName] = useState("");
  const [directory, setDirectory] = useState("");
  const [cloud, setCloud] = useState<Cloud>("global");

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(
      {
        params: { path: { workspace_id: workspace.workspace_id } },
        body: { display_name: name.trim(), directory_id: directory.trim().toLowerCase(), cloud },
      },
      { onSuccess: ({ id }) => onCreated(id) },
    );
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <ProblemBanner error={create.error} />
      <Field label="Name" required validationMessage={fieldError(create.error, "display_name")}>
        <Input value={name} maxLength={200} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field
        label="Directory (tenant) id"
        hint="In the Entra admin center under Overview, for example 7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44."
        required
        validationMessage={
          fieldError(create.error, "directory_id") && "This is not a directory id. Copy it in full."
        }
      >
        <Input value={directory} onChange={(_, { value }) => setDirectory(value)} />
      </Field>
      <Field label="Cloud">
        <Select value={cloud} onChange={(_, { value }) => setCloud(value as Cloud)}>
          {Object.entries(cloudWords).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <div className={styles.actions}>
        <ActionButton type="submit" appearance="primary" busy={create.isPending}>
          Next: connection
        </ActionButton>
      </div>
    </form>
  );
}

interface ConnectStepProps {
  tenant: Tenant;
  connection: Connection;
  onSkip: () => void;
}

/** The application that reads, and if wanted changes, the tenant. */
export function ConnectStep({ tenant, connection, onSkip }: ConnectStepProps) {
  const styles = useStyles();
  return (
    <Section
      title={`Connect ${tenant.display_name}`}
      actions={
        <div className={styles.actions}>
          <Button appearance="subtle" onClick={onSkip}>
            Do this later
          </Button>
        </div>
      }
    >
      <ConnectionForm
        tenant={tenant}
        connection={connection}
        submitLabel="Next: check"
        onDone={() => undefined /* the stored connection opens the next step */}
      />
    </Section>
  );
}

interface CheckStepProps {
  tenant: Tenant;
  connection: Connection;
  onDone: () => void;
}

/** The first sync checks the connection as its own first step. */
export function CheckStep({ tenant, connection, onDone }: CheckStepProps) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const start = useStartSync();
  const begun = start.data?.operation;
  return (
    <Section title={`Check ${tenant.display_name} and read it`}>
      <Text>
        The first sync verifies the connection and then reads the policies. Nothing changes in the tenant.
      </Text>
      <StatusBadge {...connectionWords[connection.status]} />
      <ProblemBanner error={start.error} />
      {begun && <Progress operation={begun} />}
      <Permissions connection={connection} />
      <div className={styles.actions}>
        {begun ? (
          <Button appearance="primary" onClick={onDone}>
            Open tenant
          </Button>
        ) : (
          <>
            <ActionButton
              appearance="primary"
              busy={start.isPending}
              onClick={() =>
                start.mutate({
                  params: { path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id } },
                  body: {},
                })
              }
            >
              Check and read
            </ActionButton>
            <Button onClick={onDone}>Open tenant</Button>
          </>
        )}
      </div>
    </Section>
  );
}

function Progress({ operation }: { operation: Operation }) {
  const workspace = useWorkspace();
  const liveness = useLiveness();
  const { data } = useQuery(operationQuery(workspace.workspace_id, operation.id, liveness));
  const forget = useForgetConnections();
  useWhenFinished(data ?? operation, forget);
  return <RunCard operation={data && !isActive(data) ? data : operation} />;
}
