import { Field, Input, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Schema } from "@/shared/api/client";
import { fieldError } from "@/shared/api/problem";
import { useCapability, useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { CopyableId } from "@/shared/ui/copyable-id";
import { Facts } from "@/shared/ui/facts";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { RelativeTime } from "@/shared/ui/relative-time";
import { Answer } from "@/shared/ui/states";
import { useRenameWorkspace, workspaceQuery } from "./queries";
import { SettingsSection } from "./section";
import { missing } from "./words";

const useStyles = makeStyles({
  form: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: "12px",
    maxWidth: "480px",
  },
  field: { width: "100%" },
});

/** The workspace's name and what identifies it. */
export function WorkspaceSection() {
  const query = useQuery(workspaceQuery(useWorkspace().workspace_id));
  return (
    <SettingsSection title="Workspace" lead="The name is shown to every member and in the audit trail.">
      <Answer query={query} what="the workspace" rows={3}>
        {(workspace) => (
          <>
            <Rename workspace={workspace} />
            <Facts
              facts={[
                { name: "Workspace id", value: <CopyableId value={workspace.id} label="workspace id" /> },
                { name: "Created", value: <RelativeTime at={workspace.created_at} both /> },
              ]}
            />
          </>
        )}
      </Answer>
    </SettingsSection>
  );
}

function Rename({ workspace }: { workspace: Schema<"Workspace"> }) {
  const styles = useStyles();
  const announce = useAnnounce();
  const router = useRouter();
  const allowed = useCapability("workspace.manage");
  const rename = useRenameWorkspace(workspace.id);
  const [name, setName] = useState(workspace.display_name);
  const wrong = fieldError(rename.error, "display_name");
  const unchanged = name.trim() === "" || name.trim() === workspace.display_name;
  const refusal = allowed ? (unchanged ? "Enter another name." : undefined) : missing("rename the workspace");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (refusal || rename.isPending) return;
    rename.mutate(
      { revision: workspace.revision, display_name: name.trim() },
      {
        onSuccess: () => {
          announce("The workspace was renamed.");
          void router.invalidate();
        },
      },
    );
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label="Name" className={styles.field} validationMessage={wrong}>
        <Input value={name} readOnly={!allowed} onChange={(_, { value }) => setName(value)} />
      </Field>
      <ProblemBanner error={wrong ? undefined : rename.error} />
      <ActionButton type="submit" appearance="primary" busy={rename.isPending} refusal={refusal}>
        Save name
      </ActionButton>
    </form>
  );
}
