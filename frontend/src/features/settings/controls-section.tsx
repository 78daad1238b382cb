import { makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useActions } from "@/shared/api/actions";
import { useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { RelativeTime } from "@/shared/ui/relative-time";
import { Answer } from "@/shared/ui/states";
import { StatusBadge } from "@/shared/ui/status-badge";
import { PauseDialog, ResumeDialog } from "./control-dialogs";
import { type Control, controlsQuery } from "./queries";
import { SettingsSection } from "./section";
import { controlWord } from "./words";

const useStyles = makeStyles({
  lines: { display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

/** Which kinds of work may be started in the workspace, and pausing them. */
export function ControlsSection() {
  const query = useQuery(controlsQuery(useWorkspace().workspace_id));
  const [opened, setOpened] = useState<Control>();
  const close = () => setOpened(undefined);
  return (
    <SettingsSection
      title="Operational controls"
      lead="A pause refuses new operations of a kind in this workspace. Running ones finish the item in hand and skip the rest."
    >
      <Answer query={query} what="the operational controls">
        {({ items }) => (
          <DataTable
            label="Operational controls"
            columns={controlColumns(setOpened)}
            rows={items}
            rowId={({ operation_type }) => operation_type}
            rowName={({ label }) => label}
            minWidth={980}
          />
        )}
      </Answer>
      {opened &&
        (opened.paused ? (
          <ResumeDialog control={opened} onClose={close} />
        ) : (
          <PauseDialog control={opened} onClose={close} />
        ))}
    </SettingsSection>
  );
}

function controlColumns(open: (control: Control) => void): Column<Control>[] {
  return [
    { id: "type", header: "Kind of work", width: 230, cell: ({ label }) => label },
    {
      id: "state",
      header: "State",
      width: 180,
      cell: (control) => <StatusBadge {...controlWord(control)} />,
    },
    { id: "reason", header: "Reason", cell: (control) => <Why control={control} /> },
    { id: "until", header: "Until", width: 150, cell: (control) => <Until control={control} /> },
    {
      id: "actions",
      header: "Actions",
      width: 120,
      cell: (control) => <Toggle control={control} onOpen={open} />,
    },
  ];
}

function Why({ control: { paused, reason, actor, updated_at, global } }: { control: Control }) {
  const styles = useStyles();
  return (
    <span className={styles.lines}>
      {global && <span>{global.reason} (set for the whole installation)</span>}
      {paused && <span>{reason}</span>}
      {paused && actor && (
        <span className={styles.quiet}>
          {actor.display_name}, <RelativeTime at={updated_at} />
        </span>
      )}
    </span>
  );
}

function Until({ control: { paused, expires_at, global } }: { control: Control }) {
  if (!paused && !global) return null;
  return <RelativeTime at={paused ? expires_at : global?.expires_at} never="Until resumed" />;
}

function Toggle({ control, onOpen }: { control: Control; onOpen: (control: Control) => void }) {
  const action = useActions(control.actions)("update");
  const verb = control.paused ? "Resume" : "Pause";
  return (
    <ActionButton
      {...action.props}
      size="small"
      aria-label={`${verb} ${control.label}`}
      onClick={() => action.allowed && onOpen(control)}
    >
      {verb}
    </ActionButton>
  );
}
