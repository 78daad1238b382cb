import { useState } from "react";
import { useActions } from "@/shared/api/actions";
import { isActive, type Operation } from "@/shared/api/operations";
import { useWorkspace } from "@/shared/api/workspace";
import { plural } from "@/shared/lib/format";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { useCancelOperation } from "./queries";

/** Stops an operation after a question; disabled with the server's reason when it may not be. */
export function CancelOperation({ operation }: { operation: Operation }) {
  const [asking, setAsking] = useState(false);
  const action = useActions(operation.actions)("cancel");
  const announce = useAnnounce();
  const cancel = useCancelOperation(useWorkspace().workspace_id, operation.id);
  const active = isActive(operation);
  if (!action.known || (!active && !asking)) return null;

  function close() {
    setAsking(false);
    cancel.reset();
  }

  function confirm() {
    cancel.mutate(undefined, {
      onSuccess: () => {
        announce(`${operation.label}: asked to stop.`);
        close();
      },
    });
  }

  const { total, processed } = operation.summary_counts;
  return (
    <>
      <ActionButton {...action.props} onClick={() => setAsking(action.allowed)}>
        Cancel operation
      </ActionButton>
      <ConfirmDialog
        open={asking}
        title={`Stop this ${operation.label.toLowerCase()}?`}
        confirmLabel="Stop operation"
        instead={active ? undefined : <span>It has ended meanwhile.</span>}
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={confirm}
        onCancel={close}
      >
        <p>
          What is being worked on now is finished first. {plural(total - processed, "item")} that may not have
          begun will be skipped.
        </p>
        <p>What has been done stays done. Nothing is taken back.</p>
      </ConfirmDialog>
    </>
  );
}
