import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from "@fluentui/react-components";
import type { FormEvent, ReactNode } from "react";
import { ActionButton } from "@/shared/ui/action-button";
import { ProblemBanner } from "@/shared/ui/problem-banner";

const useStyles = makeStyles({ fields: { display: "flex", flexDirection: "column", gap: "16px" } });

interface FormDialogProps {
  title: string;
  submitLabel: string;
  busy: boolean;
  /** What the last try met. */
  error: unknown;
  onSubmit: () => void;
  onClose: () => void;
  /** Why it cannot be sent as it is filled in. */
  refusal?: string;
  children: ReactNode;
}

/** A form in a dialog. Mount it to open it; its fields begin empty each time. */
export function FormDialog(props: FormDialogProps) {
  const { title, submitLabel, busy, error, onSubmit, onClose, refusal, children } = props;
  const styles = useStyles();
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!busy && !refusal) onSubmit();
  }
  return (
    <Dialog open modalType="modal" onOpenChange={(_, data) => !data.open && !busy && onClose()}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.fields}>
              {children}
              <ProblemBanner error={error} />
            </DialogContent>
            <DialogActions>
              <ActionButton type="submit" appearance="primary" busy={busy} refusal={refusal}>
                {submitLabel}
              </ActionButton>
              <Button disabled={busy} onClick={onClose}>
                Cancel
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
