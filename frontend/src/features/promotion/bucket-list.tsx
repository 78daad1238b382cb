import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { useId, useMemo, useState } from "react";
import { formatNumber } from "@/shared/lib/format";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { ReasonList } from "@/shared/ui/reason-list";
import { StatusBadge } from "@/shared/ui/status-badge";
import type { Bucket, Preflight, PreflightItem } from "./queries";
import { actionWord, bucketOrder, buckets, reasonTexts } from "./words";

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  bucket: {
    padding: "6px 12px",
    "&:not(:first-child)": { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "2px 12px", minHeight: "32px" },
  number: {
    minWidth: "3ch",
    textAlign: "end",
    fontWeight: tokens.fontWeightSemibold,
    fontSize: tokens.fontSizeBase400,
    fontVariantNumeric: "tabular-nums",
  },
  label: { minWidth: "140px" },
  note: { color: tokens.colorNeutralForeground2, flex: "1 1 260px" },
  opened: { padding: "8px 0 6px" },
});

interface BucketListProps {
  preflight: Preflight;
  typeLabel: (key: string) => string;
}

/** Totals per bucket; the subjects with their reasons are one disclosure away. */
export function BucketList({ preflight, typeLabel }: BucketListProps) {
  const styles = useStyles();
  return (
    <ul className={styles.list} aria-label="Buckets of the preflight">
      {bucketOrder.map((bucket) => (
        <BucketRow key={bucket} bucket={bucket} preflight={preflight} typeLabel={typeLabel} />
      ))}
    </ul>
  );
}

function BucketRow({ bucket, preflight, typeLabel }: BucketListProps & { bucket: Bucket }) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { label, tone, note } = buckets[bucket];
  const count = preflight.counts[bucket];
  return (
    <li className={styles.bucket}>
      <div className={styles.head}>
        <span className={styles.number}>{formatNumber(count)}</span>
        <span className={styles.label}>
          <StatusBadge label={label} tone={tone} />
        </span>
        <span className={styles.note}>{note}</span>
        {count > 0 && (
          <Button
            size="small"
            appearance="subtle"
            aria-expanded={open}
            aria-controls={id}
            aria-label={`${open ? "Hide" : "Show"} policies: ${label}`}
            icon={open ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
            onClick={() => setOpen(!open)}
          >
            {open ? "Hide policies" : "Show policies"}
          </Button>
        )}
      </div>
      {open && (
        <div id={id} className={styles.opened}>
          <Subjects bucket={bucket} preflight={preflight} typeLabel={typeLabel} />
        </div>
      )}
    </li>
  );
}

function Subjects({ bucket, preflight, typeLabel }: BucketListProps & { bucket: Bucket }) {
  const rows = useMemo(
    () => preflight.items.filter((item) => item.bucket === bucket),
    [preflight.items, bucket],
  );
  const hasReasons = bucket === "blocked" || bucket === "manual_mapping_required";
  const columns: Column<PreflightItem>[] = [
    { id: "name", header: "Name", width: hasReasons ? 260 : undefined, cell: (item) => item.display_name },
    { id: "type", header: "Type", width: 190, cell: (item) => typeLabel(item.policy_type) },
    hasReasons
      ? {
          id: "reasons",
          header: "Why, and what would have to change",
          cell: (item) => (
            <ReasonList label={`Reasons for ${item.display_name}`} reasons={reasonTexts(item.reasons)} />
          ),
        }
      : { id: "action", header: "What would happen", width: 200, cell: actionWord },
  ];
  return (
    <DataTable
      label={`${buckets[bucket].label} policies`}
      columns={columns}
      rows={rows}
      rowId={(item) => item.subject_key}
      rowName={(item) => item.display_name}
      maxHeight={420}
      minWidth={hasReasons ? 840 : 600}
    />
  );
}
