import { makeStyles } from "@fluentui/react-components";
import { PersonAdd20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useCapability, useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { Answer } from "@/shared/ui/states";
import { AddMember, ChangeRole, RemoveMember } from "./member-dialogs";
import { type Member, membersQuery } from "./queries";
import { SettingsSection } from "./section";
import { missing, roleWords } from "./words";

const useStyles = makeStyles({ buttons: { display: "flex", gap: "8px" } });

type Opened = { kind: "add" } | { kind: "role" | "remove"; member: Member };

/** Who belongs to the workspace, with which role. */
export function MembersSection() {
  const { workspace_id } = useWorkspace();
  const query = useQuery(membersQuery(workspace_id));
  const manages = useCapability("workspace.members.manage");
  const refusal = manages ? undefined : missing("manage members");
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  return (
    <SettingsSection
      title="Members"
      lead="A role decides what somebody may do in this workspace; operators and readers see only tenants they are a member of."
      action={
        <ActionButton
          appearance="primary"
          icon={<PersonAdd20Regular />}
          refusal={refusal}
          onClick={() => manages && setOpened({ kind: "add" })}
        >
          Add member
        </ActionButton>
      }
    >
      <Answer query={query} what="the members">
        {(members) => (
          <DataTable
            label="Members"
            columns={memberColumns(refusal, setOpened)}
            rows={members}
            rowId={({ user_id }) => user_id}
            rowName={({ display_name }) => display_name}
            minWidth={760}
          />
        )}
      </Answer>
      {opened?.kind === "add" && <AddMember onClose={close} />}
      {opened?.kind === "role" && <ChangeRole member={opened.member} onClose={close} />}
      {opened?.kind === "remove" && <RemoveMember member={opened.member} onClose={close} />}
    </SettingsSection>
  );
}

function memberColumns(refusal: string | undefined, open: (opened: Opened) => void): Column<Member>[] {
  return [
    { id: "name", header: "Name", cell: ({ display_name }) => display_name },
    { id: "email", header: "Email", cell: ({ email }) => email },
    { id: "role", header: "Role", width: 120, cell: ({ role }) => roleWords[role].label },
    {
      id: "actions",
      header: "Actions",
      width: 248,
      cell: (member) => <MemberActions member={member} refusal={refusal} onOpen={open} />,
    },
  ];
}

interface MemberActionsProps {
  member: Member;
  refusal: string | undefined;
  onOpen: (opened: Opened) => void;
}

function MemberActions({ member, refusal, onOpen }: MemberActionsProps) {
  const styles = useStyles();
  return (
    <span className={styles.buttons}>
      <ActionButton
        size="small"
        refusal={refusal}
        aria-label={`Change role of ${member.display_name}`}
        onClick={() => !refusal && onOpen({ kind: "role", member })}
      >
        Change role
      </ActionButton>
      <ActionButton
        size="small"
        refusal={refusal}
        aria-label={`Remove ${member.display_name}`}
        onClick={() => !refusal && onOpen({ kind: "remove", member })}
      >
        Remove
      </ActionButton>
    </span>
  );
}
