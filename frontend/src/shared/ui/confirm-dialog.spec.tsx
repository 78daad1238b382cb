import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ConfirmDialog } from "./confirm-dialog";

function show() {
  const onConfirm = vi.fn();
  const onCancel = vi.fn();
  render(
    <ConfirmDialog
      open
      title="Archive Fabrikam?"
      confirmLabel="Archive"
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      Nothing changes in the directory.
    </ConfirmDialog>,
  );
  return { onConfirm, onCancel };
}

describe("the confirmation", () => {
  it("has the focus on Cancel, so that Enter does nothing", async () => {
    const { onConfirm, onCancel } = show();
    expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    expect(onConfirm).not.toHaveBeenCalled();
    expect(onCancel).toHaveBeenCalledOnce();
  });

  it("happens only by its own button", async () => {
    const { onConfirm } = show();
    await userEvent.click(screen.getByRole("button", { name: "Archive" }));
    expect(onConfirm).toHaveBeenCalledOnce();
  });
});
