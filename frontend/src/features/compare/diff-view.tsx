import { makeStyles, mergeClasses, SearchBox, Text, tokens } from "@fluentui/react-components";
import { Add16Regular, ArrowRight16Regular, Edit16Regular, Subtract16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, useState } from "react";
import { useWorkspace } from "@/shared/api/workspace";
import { Answer } from "@/shared/ui/states";
import { type Change, grouped, kindWord, matching, totals } from "./changes";
import { LongValue } from "./long-value";
import { diffQuery } from "./queries";
import type { Selection } from "./search";
import { type CompareItem, causeWords, type State, stateNotes } from "./words";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: "12px",
    position: "sticky",
    left: "16px",
    maxWidth: "min(100%, calc(100vw - 72px))",
  },
  top: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 16px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  area: { margin: "0 0 4px", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column" },
  item: {
    display: "grid",
    gridTemplateColumns: "104px minmax(120px, 240px) minmax(0, 1fr) 16px minmax(0, 1fr)",
    gap: "2px 12px",
    padding: "6px 0",
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    alignItems: "start",
    "@media (max-width: 800px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  kind: { display: "inline-flex", alignItems: "center", gap: "6px", whiteSpace: "nowrap" },
  label: { overflowWrap: "anywhere", fontWeight: tokens.fontWeightSemibold },
  side: { minWidth: 0, display: "flex", flexDirection: "column" },
  sideName: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  arrow: {
    alignSelf: "center",
    color: tokens.colorNeutralForeground3,
    "@media (max-width: 800px)": { display: "none" },
  },
  added: { color: tokens.colorStatusSuccessForeground1 },
  removed: { color: tokens.colorStatusDangerForeground1 },
  changed: { color: tokens.colorStatusWarningForeground3 },
  causes: { margin: 0, paddingInlineStart: "18px" },
});

const icons: Record<Change["kind"], ComponentType<{ className?: string; "aria-hidden"?: boolean }>> = {
  added: Add16Regular,
  removed: Subtract16Regular,
  changed: Edit16Regular,
};

/** Lists longer than this can be searched. */
const searchAbove = 6;

interface DiffViewProps {
  selection: Selection;
  item: CompareItem;
}

/** The opened part of a subject: why it has its state, and setting by setting what is different. */
export function DiffView({ selection, item }: DiffViewProps) {
  const styles = useStyles();
  const hasSides =
    item.state !== "ambiguous" && (item.source_version_id !== null || item.target_version_id !== null);
  return (
    <section className={styles.root} aria-label={`Differences of ${item.display_name}`}>
      <Text className={styles.quiet}>{stateNotes[item.state]}</Text>
      {item.causes.length > 0 && (
        <ul className={styles.causes} aria-label="Why">
          {item.causes.map((cause) => (
            <li key={cause}>{causeWords[cause]}</li>
          ))}
        </ul>
      )}
      {hasSides && item.state !== "aligned" && <Differences selection={selection} item={item} />}
    </section>
  );
}

function Differences({ selection, item }: DiffViewProps) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const query = useQuery(diffQuery(workspace.workspace_id, selection, item.subject_key));
  const [wanted, setWanted] = useState("");
  return (
    <Answer query={query} what="the differences" rows={2}>
      {({ changes, truncated }) => {
        const shown = matching(changes, wanted);
        if (changes.length === 0) return <Text>No setting that can be read is different.</Text>;
        return (
          <>
            <div className={styles.top}>
              <Text>{totals(changes, item.state)}</Text>
              {changes.length > searchAbove && (
                <SearchBox
                  size="small"
                  aria-label={`Search the differences of ${item.display_name}`}
                  placeholder="Search settings and values"
                  value={wanted}
                  onChange={(_, { value }) => setWanted(value)}
                />
              )}
            </div>
            {shown.length === 0 && <Text>No difference matches “{wanted}”.</Text>}
            {grouped(shown).map((group) => (
              <div key={group.area}>
                {group.area && <h3 className={styles.area}>{group.area}</h3>}
                <ul className={styles.list} aria-label={group.area || "Settings"}>
                  {group.changes.map(({ id, label, change }) => (
                    <ChangeRow key={id} label={label} change={change} state={item.state} />
                  ))}
                </ul>
              </div>
            ))}
            {truncated && (
              <Text className={styles.quiet}>There are more differences than are listed here.</Text>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function ChangeRow({ label, change, state }: { label: string; change: Change; state: State }) {
  const styles = useStyles();
  const Icon = icons[change.kind];
  return (
    <li className={styles.item}>
      <span className={styles.kind}>
        <Icon aria-hidden className={mergeClasses(styles[change.kind])} />
        {kindWord(change.kind, state)}
      </span>
      <span className={styles.label}>{label}</span>
      <span className={styles.side}>
        <span className={styles.sideName}>Source</span>
        <LongValue value={change.source_value} label={`source value of ${label}`} />
      </span>
      <ArrowRight16Regular aria-hidden className={styles.arrow} />
      <span className={styles.side}>
        <span className={styles.sideName}>Target</span>
        <LongValue value={change.target_value} label={`target value of ${label}`} />
      </span>
    </li>
  );
}
