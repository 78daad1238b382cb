import { Button, Field, makeStyles, Select } from "@fluentui/react-components";
import { Delete20Regular, PersonAdd20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useActions } from "@/shared/api/actions";
import type { Schema } from "@/shared/api/client";
import type { Tenant } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { Section } from "@/shared/ui/section";
import { Answer, Empty } from "@/shared/ui/states";
import { useAddTenantMember, useRemoveTenantMember } from "./mutations";
import { tenantMembersQuery, workspaceMembersQuery } from "./queries";

const useStyles = makeStyles({
  form: { display: "flex", flexWrap: "wrap", gap: "12px", alignItems: "flex-end" },
  person: { minWidth: "min(100%, 280px)" },
});

type TenantMember = Schema<"TenantMember">;
type Role = TenantMember["role"];

const roleWords: Record<Role, { label: string; what: string }> = {
  manager: { label: "Manager", what: "Everything, also connection, members and promotion to the tenant" },
  operator: { label: "Operator", what: "Syncs, reports, evidence and findings" },
  reader: { label: "Reader", what: "Sees, and changes nothing" },
};

/** Who may work with a tenant beside the workspace's owners and managers. */
export function MembersPanel({ tenant }: { tenant: Tenant }) {
  const workspace = useWorkspace();
  const can = useActions(tenant.actions);
  const members = useQuery(tenantMembersQuery(workspace.workspace_id, tenant.id));
  return (
    <Section title="Members">
      {can("manage_members").allowed && <AddMember tenant={tenant} />}
      <Answer query={members} what="the members" rows={3}>
        {({ items }) =>
          items.length > 0 ? (
            <MembersTable tenant={tenant} members={items} mayRemove={can("manage_members").allowed} />
          ) : (
            <Empty title="No members of its own">
              Owners and managers of the workspace have access to every tenant. Others need to be added here.
            </Empty>
          )
        }
      </Answer>
    </Section>
  );
}

interface MembersTableProps {
  tenant: Tenant;
  members: TenantMember[];
  mayRemove: boolean;
}

function MembersTable({ tenant, members, mayRemove }: MembersTableProps) {
  const [leaving, setLeaving] = useState<TenantMember | null>(null);
  const columns: Column<TenantMember>[] = [
    { id: "name", header: "Name", cell: ({ display_name }) => display_name },
    { id: "email", header: "Email", cell: ({ email }) => email },
    { id: "role", header: "Role in this tenant", width: 170, cell: ({ role }) => roleWords[role].label },
  ];
  if (mayRemove) {
    columns.push({
      id: "remove",
      header: "Actions",
      width: 110,
      cell: (member) => (
        <Button
          appearance="subtle"
          icon={<Delete20Regular />}
          aria-label={`Remove ${member.display_name}`}
          onClick={() => setLeaving(member)}
        />
      ),
    });
  }
  return (
    <>
      <DataTable
        label="Members"
        columns={columns}
        rows={members}
        rowId={({ user_id }) => user_id}
        rowName={({ display_name }) => display_name}
        minWidth={620}
      />
      {leaving && <RemoveDialog tenant={tenant} member={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}

function RemoveDialog({
  tenant,
  member,
  onClose,
}: {
  tenant: Tenant;
  member: TenantMember;
  onClose: () => void;
}) {
  const workspace = useWorkspace();
  const announce = useAnnounce();
  const remove = useRemoveTenantMember();
  return (
    <ConfirmDialog
      open
      title={`Remove ${member.display_name}?`}
      confirmLabel="Remove"
      busy={remove.isPending}
      error={remove.error}
      onCancel={onClose}
      onConfirm={() =>
        remove.mutate(
          {
            params: {
              path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id, user_id: member.user_id },
              header: { "If-Match": `"${member.revision}"` },
            },
          },
          {
            onSuccess: () => {
              announce(`${member.display_name} is removed.`);
              onClose();
            },
          },
        )
      }
    >
      {member.display_name} loses access to {tenant.display_name}. The account and other tenants are not
      affected.
    </ConfirmDialog>
  );
}

function AddMember({ tenant }: { tenant: Tenant }) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const announce = useAnnounce();
  const people = useQuery(workspaceMembersQuery(workspace.workspace_id));
  const [person, setPerson] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const add = useAddTenantMember();
  const chosen = people.data?.items.find(({ user_id }) => user_id === person);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!chosen) return;
    add.mutate(
      {
        params: { path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id } },
        body: { user_id: chosen.user_id, role },
      },
      {
        onSuccess: () => {
          announce(`${chosen.display_name} is added.`);
          setPerson("");
        },
      },
    );
  }

  return (
    <>
      <form className={styles.form} onSubmit={submit}>
        <Field label="Person of the workspace" className={styles.person}>
          <Select value={person} onChange={(_, { value }) => setPerson(value)}>
            <option value="">Choose a person</option>
            {(people.data?.items ?? []).map(({ user_id, display_name, email }) => (
              <option key={user_id} value={user_id}>
                {`${display_name} (${email})`}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Role" className={styles.person}>
          <Select value={role} onChange={(_, { value }) => setRole(value as Role)}>
            {Object.entries(roleWords).map(([value, { label, what }]) => (
              <option key={value} value={value}>
                {`${label}: ${what}`}
              </option>
            ))}
          </Select>
        </Field>
        <ActionButton
          type="submit"
          icon={<PersonAdd20Regular />}
          busy={add.isPending}
          refusal={chosen ? undefined : "Choose a person first."}
        >
          Add member
        </ActionButton>
      </form>
      <ProblemBanner error={people.error ?? add.error} />
    </>
  );
}
