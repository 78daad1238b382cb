import { Field, Input, Radio, RadioGroup } from "@fluentui/react-components";
import { useState } from "react";
import { fieldError, toProblem } from "@/shared/api/problem";
import { useWorkspace } from "@/shared/api/workspace";
import { useAnnounce } from "@/shared/ui/announcer";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { FormDialog } from "./form-dialog";
import { type Member, type Role, useAddMember, useChangeRole, useRemoveMember } from "./queries";
import { roles, roleWords } from "./words";

function RoleChoice({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  return (
    <Field label="Role" hint="Only an owner can give or take the role Owner.">
      <RadioGroup value={value} onChange={(_, data) => onChange(data.value as Role)}>
        {roles.map((role) => (
          <Radio key={role} value={role} label={`${roleWords[role].label}: ${roleWords[role].meaning}`} />
        ))}
      </RadioGroup>
    </Field>
  );
}

/** Adds somebody by email. An account is made when there is none; the answer does not tell. */
export function AddMember({ onClose }: { onClose: () => void }) {
  const announce = useAnnounce();
  const add = useAddMember(useWorkspace().workspace_id);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const wrong = fieldError(add.error, "email");
  const complete = /^\S+@\S+$/.test(email.trim());

  function submit() {
    add.mutate(
      { email: email.trim(), role },
      {
        onSuccess: (member) => {
          announce(`${member.display_name} was added.`);
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      title="Add member"
      submitLabel="Add member"
      busy={add.isPending}
      error={wrong ? undefined : add.error}
      refusal={complete ? undefined : "Enter an email address."}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label="Email"
        required
        validationMessage={wrong}
        hint="Somebody without an account gets one without a password."
      >
        <Input type="email" autoComplete="off" value={email} onChange={(_, { value }) => setEmail(value)} />
      </Field>
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
}

/** Gives a member another role, from the state that the list shows. */
export function ChangeRole({ member, onClose }: { member: Member; onClose: () => void }) {
  const announce = useAnnounce();
  const change = useChangeRole(useWorkspace().workspace_id);
  const [role, setRole] = useState<Role>(member.role);

  function submit() {
    change.mutate(
      { member, role },
      {
        onSuccess: () => {
          announce(`${member.display_name} is now: ${roleWords[role].label}.`);
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      title={`Change the role of ${member.display_name}`}
      submitLabel="Change role"
      busy={change.isPending}
      error={change.error}
      refusal={refusalOf(change.error) ?? (role === member.role ? "Choose another role." : undefined)}
      onSubmit={submit}
      onClose={onClose}
    >
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
}

/** After somebody else's change another try with the same state can only fail. */
const refusalOf = (error: unknown): string | undefined =>
  error && toProblem(error).code === "precondition_failed"
    ? "The list was loaded again. Close this and begin anew."
    : undefined;

/** Ends a membership after a question. */
export function RemoveMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const announce = useAnnounce();
  const workspace = useWorkspace();
  const remove = useRemoveMember(workspace.workspace_id);

  function confirm() {
    remove.mutate(member, {
      onSuccess: () => {
        announce(`${member.display_name} was removed.`);
        onClose();
      },
    });
  }

  return (
    <ConfirmDialog
      open
      title={`Remove ${member.display_name}?`}
      confirmLabel="Remove member"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>
        {member.display_name} ({member.email}) loses access to {workspace.display_name} and to every tenant in
        it. What they did stays in the audit trail.
      </p>
    </ConfirmDialog>
  );
}
