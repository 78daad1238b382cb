import { Field, Input, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { fieldError, toProblem } from "@/shared/api/problem";
import { useWorkspace } from "@/shared/api/workspace";
import { useAnnounce } from "@/shared/ui/announcer";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { FormDialog } from "./form-dialog";
import { type Control, useSetControl } from "./queries";
import { localTime } from "./words";

interface ControlDialogProps {
  control: Control;
  onClose: () => void;
}

const longest = 500;

/** Pauses a kind of work: needs a reason, and ends by itself when a time is given. */
export function PauseDialog({ control, onClose }: ControlDialogProps) {
  const announce = useAnnounce();
  const save = useSetControl(useWorkspace().workspace_id);
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const wrong = { reason: fieldError(save.error, "reason"), until: fieldError(save.error, "expires_at") };
  const stale = save.error && toProblem(save.error).code === "precondition_failed";

  function submit() {
    const body = { paused: true, reason: reason.trim(), expires_at: localTime(until) };
    save.mutate(
      { control, body },
      {
        onSuccess: () => {
          announce(`${control.label} is paused.`);
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      title={`Pause: ${control.label}`}
      submitLabel="Pause"
      busy={save.isPending}
      error={wrong.reason || wrong.until ? undefined : save.error}
      refusal={
        stale
          ? "The list was loaded again. Close this and begin anew."
          : reason.trim()
            ? undefined
            : "Give a reason."
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label="Reason"
        required
        validationMessage={wrong.reason}
        hint="Everybody who meets the pause reads it."
      >
        <Textarea value={reason} maxLength={longest} onChange={(_, { value }) => setReason(value)} />
      </Field>
      <Field
        label="Ends by itself at"
        validationMessage={wrong.until}
        hint="Leave it empty to pause until somebody resumes."
      >
        <Input type="datetime-local" value={until} onChange={(_, { value }) => setUntil(value)} />
      </Field>
    </FormDialog>
  );
}

/** Ends a pause of the workspace after a question. */
export function ResumeDialog({ control, onClose }: ControlDialogProps) {
  const announce = useAnnounce();
  const save = useSetControl(useWorkspace().workspace_id);
  function confirm() {
    save.mutate(
      { control, body: { paused: false } },
      {
        onSuccess: () => {
          announce(`${control.label} is resumed.`);
          onClose();
        },
      },
    );
  }
  return (
    <ConfirmDialog
      open
      title={`Resume: ${control.label}?`}
      confirmLabel="Resume"
      busy={save.isPending}
      error={save.error}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>
        New operations of this kind can be started again. What was skipped during the pause is not started by
        itself.
      </p>
      {control.global && <p>The pause of the whole installation stays.</p>}
    </ConfirmDialog>
  );
}
