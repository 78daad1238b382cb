import { Button, makeStyles, Tab, TabList, Text, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { formatAbsolute, formatNumber, formatRelative, plural } from "@/shared/lib/format";
import { useNow } from "@/shared/lib/use-now";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { Empty } from "@/shared/ui/states";
import { DiffView } from "./diff-view";
import type { Preview } from "./queries";
import type { Tab as TabName } from "./search";
import { tabs } from "./search";
import { StateBadge } from "./state-badge";
import { type CompareItem, causeWords, inTab, matchWords, tabCount, tabWords } from "./words";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: "8px", minWidth: 0 },
  tabs: { flexWrap: "wrap" },
  chosen: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px 12px" },
  name: { display: "flex", alignItems: "center", gap: "4px", minWidth: 0 },
  words: { overflowWrap: "anywhere" },
  two: { display: "flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

interface SubjectTableProps {
  preview: Preview;
  tab: TabName;
  onTab: (tab: TabName) => void;
  /** What is typed and not answered by the server yet; rows follow at once. */
  typed: string;
  typeLabel: (key: string) => string;
  onOnly: (subjectKeys: string[]) => void;
  onClear?: () => void;
}

/** The rows of a tab whose name holds what is typed. */
export function shownItems(items: CompareItem[], tab: TabName, typed: string): CompareItem[] {
  const wanted = typed.trim().toLocaleLowerCase();
  return items.filter(
    ({ state, display_name }) =>
      inTab(tab, state) && (wanted === "" || display_name.toLocaleLowerCase().includes(wanted)),
  );
}

/** Every subject of the comparison, by state; a disclosure opens its differences. */
export function SubjectTable(props: SubjectTableProps) {
  const { preview, tab, onTab, typed, typeLabel, onOnly, onClear } = props;
  const styles = useStyles();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const rows = useMemo(() => shownItems(preview.items, tab, typed), [preview.items, tab, typed]);
  const columns = useColumns(opened, setOpened, typeLabel);
  const picked = preview.items
    .filter(({ subject_key }) => chosen.has(subject_key))
    .map(({ subject_key }) => subject_key);
  return (
    <section className={styles.root} aria-label="Policies">
      <TabList
        className={styles.tabs}
        selectedValue={tab}
        onTabSelect={(_, { value }) => onTab(value as TabName)}
      >
        {tabs.map((each) => (
          <Tab key={each} value={each}>
            {tabWords[each]} ({formatNumber(tabCount(each, preview.counts))})
          </Tab>
        ))}
      </TabList>
      {picked.length > 0 && (
        <div className={styles.chosen}>
          <Text>{plural(picked.length, "policy", "policies")} selected</Text>
          <Button
            size="small"
            onClick={() => {
              setChosen(new Set());
              onOnly(picked);
            }}
          >
            Compare only these
          </Button>
          <Button size="small" appearance="subtle" onClick={() => setChosen(new Set())}>
            Clear selection
          </Button>
        </div>
      )}
      {rows.length === 0 ? (
        <Nothing preview={preview} tab={tab} typed={typed} onClear={onClear} />
      ) : (
        <DataTable
          label={`Policies: ${tabWords[tab]}`}
          columns={columns}
          rows={rows}
          rowId={(item) => item.subject_key}
          rowName={(item) => item.display_name}
          selection={{ ids: chosen, onChange: setChosen }}
          minWidth={960}
          detail={(item) =>
            opened.has(item.subject_key) ? <DiffView selection={preview.selection} item={item} /> : undefined
          }
        />
      )}
    </section>
  );
}

function Nothing({
  preview,
  tab,
  typed,
  onClear,
}: Pick<SubjectTableProps, "preview" | "tab" | "typed" | "onClear">) {
  const clear = onClear && <Button onClick={onClear}>Clear filters</Button>;
  if (preview.items.length === 0 && !onClear) {
    return (
      <Empty title="There is nothing to compare">
        No policy was found in either tenant. Sync both tenants, then compare again.
      </Empty>
    );
  }
  if (typed !== "" || preview.items.length === 0) {
    return (
      <Empty title="No policy matches" actions={clear}>
        Change the name or the types, or clear the filters.
      </Empty>
    );
  }
  return <Empty title="Nothing here">{`No policy of this selection is in “${tabWords[tab]}”.`}</Empty>;
}

function toggled(opened: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(opened);
  if (!next.delete(key)) next.add(key);
  return next;
}

function useColumns(
  opened: ReadonlySet<string>,
  setOpened: (opened: ReadonlySet<string>) => void,
  typeLabel: (key: string) => string,
): Column<CompareItem>[] {
  const styles = useStyles();
  return [
    {
      id: "name",
      header: "Name",
      cell: (item) => {
        const open = opened.has(item.subject_key);
        return (
          <span className={styles.name}>
            <Button
              size="small"
              appearance="subtle"
              aria-expanded={open}
              aria-label={`Differences of ${item.display_name}`}
              icon={open ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
              onClick={() => setOpened(toggled(opened, item.subject_key))}
            />
            <span className={styles.words}>{item.display_name}</span>
          </span>
        );
      },
    },
    { id: "type", header: "Type", width: 180, cell: (item) => typeLabel(item.policy_type) },
    {
      id: "state",
      header: "State",
      width: 195,
      cell: (item) => (
        <span className={styles.two}>
          <StateBadge state={item.state} />
          {item.causes[0] && (
            <span className={styles.quiet}>{item.causes.map((cause) => causeWords[cause]).join(", ")}</span>
          )}
        </span>
      ),
    },
    { id: "match", header: "How matched", width: 145, cell: matchWords },
    {
      id: "captured",
      header: "Captured",
      width: 170,
      cell: (item) => (
        <span className={styles.two}>
          <Captured side="Source" at={item.source_captured_at} />
          <Captured side="Target" at={item.target_captured_at} />
        </span>
      ),
    },
  ];
}

/** Twenty of these come and go with each turn of the wheel, so the tooltip is the browser's own. */
function Captured({ side, at }: { side: string; at: string | null }) {
  const styles = useStyles();
  const now = useNow();
  if (!at) return null;
  return (
    <time dateTime={at} title={formatAbsolute(at)} className={styles.quiet}>
      {side} {formatRelative(at, now)}
    </time>
  );
}
