import {
  Button,
  Field,
  Input,
  makeStyles,
  Radio,
  RadioGroup,
  Switch,
  Textarea,
} from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import type { Schema } from "@/shared/api/client";
import { fieldError } from "@/shared/api/problem";
import type { Tenant } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { usePutConnection } from "./mutations";
import type { Connection } from "./queries";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px", maxWidth: "640px" },
  actions: { display: "flex", gap: "8px", flexWrap: "wrap" },
});

type Kind = "client_secret" | "client_certificate";

interface Entries {
  clientId: string;
  kind: Kind;
  secret: string;
  certificate: string;
  key: string;
  write: boolean;
}

const bodyOf = (entries: Entries): Schema<"PutConnectionRequest"> => ({
  client_id: entries.clientId.trim(),
  write_enabled: entries.write,
  credential:
    entries.kind === "client_secret"
      ? { kind: "client_secret", secret: entries.secret }
      : { kind: "client_certificate", certificate_pem: entries.certificate, private_key_pem: entries.key },
});

interface ConnectionFormProps {
  tenant: Tenant;
  /** What is stored; the credential itself never comes back. */
  connection: Connection;
  onDone: () => void;
  onCancel?: () => void;
  submitLabel?: string;
}

/** The application and credential that a tenant is reached with. */
export function ConnectionForm({
  tenant,
  connection,
  onDone,
  onCancel,
  submitLabel = "Save",
}: ConnectionFormProps) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const announce = useAnnounce();
  const put = usePutConnection();
  const [entries, setEntries] = useState<Entries>({
    clientId: connection.client_id ?? "",
    kind: connection.credential_kind ?? "client_secret",
    secret: "",
    certificate: "",
    key: "",
    write: connection.write_enabled,
  });
  const set = (change: Partial<Entries>) => setEntries((old) => ({ ...old, ...change }));

  function submit(event: FormEvent) {
    event.preventDefault();
    put.mutate(
      {
        params: {
          path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id },
          header: connection.revision > 0 ? { "If-Match": `"${connection.revision}"` } : {},
        },
        body: bodyOf(entries),
      },
      {
        onSuccess: () => {
          announce("The connection is stored.");
          onDone();
        },
      },
    );
  }

  return (
    <form className={styles.form} onSubmit={submit} autoComplete="off">
      <ProblemBanner error={put.error} />
      <Field
        label="Application (client) id"
        hint="Of the app registration in this tenant's directory."
        required
        validationMessage={fieldError(put.error, "client_id")}
      >
        <Input value={entries.clientId} onChange={(_, { value }) => set({ clientId: value })} />
      </Field>
      <Field label="Credential">
        <RadioGroup value={entries.kind} onChange={(_, { value }) => set({ kind: value as Kind })}>
          <Radio value="client_secret" label="Client secret" />
          <Radio value="client_certificate" label="Certificate" />
        </RadioGroup>
      </Field>
      {entries.kind === "client_secret" ? (
        <SecretField entries={entries} set={set} error={put.error} />
      ) : (
        <CertificateFields entries={entries} set={set} error={put.error} />
      )}
      <Field hint="Off: the tenant can be read and be a source, and nothing is ever written to it.">
        <Switch
          label="Allow changes to this tenant"
          checked={entries.write}
          onChange={(_, { checked }) => set({ write: checked })}
        />
      </Field>
      <div className={styles.actions}>
        <ActionButton type="submit" appearance="primary" busy={put.isPending}>
          {submitLabel}
        </ActionButton>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}

interface PartProps {
  entries: Entries;
  set: (change: Partial<Entries>) => void;
  error: unknown;
}

function SecretField({ entries, set, error }: PartProps) {
  return (
    <Field
      label="Client secret value"
      hint="The value, not the secret's id. It is stored encrypted and never shown again."
      required
      validationMessage={fieldError(error, "credential.secret")}
    >
      <Input
        type="password"
        autoComplete="new-password"
        value={entries.secret}
        onChange={(_, { value }) => set({ secret: value })}
      />
    </Field>
  );
}

function CertificateFields({ entries, set, error }: PartProps) {
  return (
    <>
      <Field
        label="Certificate (PEM)"
        required
        validationMessage={fieldError(error, "credential.certificate_pem")}
      >
        <Textarea
          rows={5}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={entries.certificate}
          onChange={(_, { value }) => set({ certificate: value })}
        />
      </Field>
      <Field
        label="Private key (PEM)"
        hint="RSA, without a passphrase. It is stored encrypted and never shown again."
        required
        validationMessage={fieldError(error, "credential.private_key_pem")}
      >
        <Textarea
          rows={5}
          placeholder="-----BEGIN PRIVATE KEY-----"
          value={entries.key}
          onChange={(_, { value }) => set({ key: value })}
        />
      </Field>
    </>
  );
}
