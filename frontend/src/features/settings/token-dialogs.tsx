import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Select,
} from "@fluentui/react-components";
import { Checkmark20Regular, Copy20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { fieldError } from "@/shared/api/problem";
import { formatAbsolute } from "@/shared/lib/format";
import { useAnnounce } from "@/shared/ui/announcer";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { FormDialog } from "./form-dialog";
import { useCreateToken, useRevokeToken } from "./queries";
import { expiryOf, lifetimes } from "./words";

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", gap: "16px" },
  secret: { display: "flex", flexWrap: "wrap", gap: "8px" },
  input: { flexGrow: 1, minWidth: "min(100%, 240px)" },
});

/** Creates a token, then shows its secret: this once. */
export function CreateToken({ onClose }: { onClose: () => void }) {
  const create = useCreateToken();
  const [name, setName] = useState("");
  const [days, setDays] = useState<number>(90);
  if (create.data) return <SecretOnce token={create.data} onClose={onClose} />;
  const wrong = fieldError(create.error, "name");
  return (
    <FormDialog
      title="Create API token"
      submitLabel="Create token"
      busy={create.isPending}
      error={wrong ? undefined : create.error}
      refusal={name.trim() ? undefined : "Give the token a name."}
      onSubmit={() => create.mutate({ name: name.trim(), expires_at: expiryOf(days, Date.now()) })}
      onClose={onClose}
    >
      <Field
        label="Name"
        required
        validationMessage={wrong}
        hint="What will use it, such as a script or a server."
      >
        <Input value={name} autoComplete="off" onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label="Expires after">
        <Select value={String(days)} onChange={(_, { value }) => setDays(Number(value))}>
          {lifetimes.map((each) => (
            <option key={each} value={each}>
              {each} days
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}

function SecretOnce({ token, onClose }: { token: Schema<"CreatedToken">; onClose: () => void }) {
  const styles = useStyles();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(token.secret);
    setCopied(true);
    announce("Copied the secret.");
  }
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>The token {token.name} was created</DialogTitle>
          <DialogContent className={styles.fields}>
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>Copy the secret now. It is not stored and never shown again.</MessageBarBody>
            </MessageBar>
            <Field label="Secret" hint={`Valid until ${formatAbsolute(token.expires_at)}.`}>
              <div className={styles.secret}>
                <Input className={styles.input} readOnly value={token.secret} aria-label="Secret" />
                <Button
                  appearance="primary"
                  icon={copied ? <Checkmark20Regular /> : <Copy20Regular />}
                  onClick={() => void copy()}
                >
                  {copied ? "Copied" : "Copy secret"}
                </Button>
              </div>
            </Field>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Ends a token at once, after a question. */
export function RevokeToken({ token, onClose }: { token: Schema<"Token">; onClose: () => void }) {
  const announce = useAnnounce();
  const revoke = useRevokeToken();
  function confirm() {
    revoke.mutate(token.id, {
      onSuccess: () => {
        announce(`The token ${token.name} was revoked.`);
        onClose();
      },
    });
  }
  return (
    <ConfirmDialog
      open
      title={`Revoke the token ${token.name}?`}
      confirmLabel="Revoke token"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>Programs that use it are refused from now on. This cannot be undone.</p>
    </ConfirmDialog>
  );
}
