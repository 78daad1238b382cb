import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";
import { ActionButton } from "./action-button";
import { ProblemBanner } from "./problem-banner";

interface ConfirmDialogProps {
  open: boolean;
  title: string;
  /** What will happen, to what, and what will not. */
  children: ReactNode;
  confirmLabel: string;
  onConfirm: () => void;
  onCancel: () => void;
  busy?: boolean;
  /** What the last try met. */
  error?: unknown;
  /** Takes the place of the confirm button, when the answer offers another step. */
  instead?: ReactNode;
}

/** Asks before something happens. Cancel has the focus first; Escape cancels. */
export function ConfirmDialog({
  open,
  title,
  children,
  confirmLabel,
  onConfirm,
  onCancel,
  busy,
  error,
  instead,
}: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) cancel.current?.focus();
  }, [open]);
  return (
    <Dialog open={open} modalType="alert" onOpenChange={(_, data) => !data.open && !busy && onCancel()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            {children}
            <ProblemBanner error={error} />
          </DialogContent>
          <DialogActions>
            {instead ?? (
              <ActionButton appearance="primary" busy={busy} onClick={onConfirm}>
                {confirmLabel}
              </ActionButton>
            )}
            <Button ref={cancel} appearance="secondary" disabled={busy} onClick={onCancel}>
              Cancel
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
