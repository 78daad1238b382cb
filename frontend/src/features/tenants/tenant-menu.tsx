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
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { Archive20Regular, MoreHorizontal20Regular, Rename20Regular } from "@fluentui/react-icons";
import { type FormEvent, useState } from "react";
import { useActions } from "@/shared/api/actions";
import { fieldError } from "@/shared/api/problem";
import type { Tenant } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { useArchiveTenant, useChangeTenant } from "./mutations";

type Asking = "rename" | "archive" | null;

/** What is seldom done to a tenant: rename it, take it out of use. */
export function TenantMenu({ tenant }: { tenant: Tenant }) {
  const can = useActions(tenant.actions);
  const [asking, ask] = useState<Asking>(null);
  if (!can("update").allowed && !can("archive").allowed) return null;
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label="More actions" />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem
              icon={<Rename20Regular />}
              disabled={!can("update").allowed}
              onClick={() => ask("rename")}
            >
              Rename
            </MenuItem>
            <MenuItem
              icon={<Archive20Regular />}
              disabled={!can("archive").allowed}
              onClick={() => ask("archive")}
            >
              Archive
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {asking === "rename" && <RenameDialog tenant={tenant} onClose={() => ask(null)} />}
      <ArchiveDialog tenant={tenant} open={asking === "archive"} onClose={() => ask(null)} />
    </>
  );
}

function RenameDialog({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const workspace = useWorkspace();
  const change = useChangeTenant();
  const [name, setName] = useState(tenant.display_name);
  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate(
      {
        params: {
          path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id },
          header: { "If-Match": `"${tenant.revision}"` },
        },
        body: { display_name: name.trim() },
      },
      { onSuccess: onClose },
    );
  }
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>Rename tenant</DialogTitle>
            <DialogContent>
              <Field label="Name" required validationMessage={fieldError(change.error, "display_name")}>
                <Input value={name} onChange={(_, { value }) => setName(value)} maxLength={200} />
              </Field>
              <ProblemBanner error={change.error} />
            </DialogContent>
            <DialogActions>
              <ActionButton type="submit" appearance="primary" busy={change.isPending}>
                Save
              </ActionButton>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

function ArchiveDialog({ tenant, open, onClose }: { tenant: Tenant; open: boolean; onClose: () => void }) {
  const workspace = useWorkspace();
  const announce = useAnnounce();
  const archive = useArchiveTenant();
  return (
    <ConfirmDialog
      open={open}
      title={`Archive ${tenant.display_name}?`}
      confirmLabel="Archive"
      busy={archive.isPending}
      error={archive.error}
      onCancel={onClose}
      onConfirm={() =>
        archive.mutate(
          { params: { path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id } } },
          {
            onSuccess: () => {
              announce(`${tenant.display_name} is archived.`);
              onClose();
            },
          },
        )
      }
    >
      Nothing new can be started for this tenant. Nothing changes in the directory itself, and what was read
      from it stays here. An archived tenant cannot be brought back into use.
    </ConfirmDialog>
  );
}
