import { makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Schema } from "@/shared/api/client";
import type { Operation } from "@/shared/api/operations";
import { useWorkspace } from "@/shared/api/workspace";
import { formatNumber } from "@/shared/lib/format";
import { CopyableId } from "@/shared/ui/copyable-id";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { FilterBar, FilterSelect } from "@/shared/ui/filters";
import { RelativeTime } from "@/shared/ui/relative-time";
import { Section } from "@/shared/ui/section";
import { Answer, Empty } from "@/shared/ui/states";
import { StatusBadge } from "@/shared/ui/status-badge";
import { usePolicyTypeLabel } from "./policy-type-label";
import { itemPagesQuery } from "./queries";
import type { ItemStatus } from "./search";
import { durationWords, itemAction, itemWords } from "./words";

type Item = Schema<"OperationItem">;

const useStyles = makeStyles({
  two: { display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

const statuses = (Object.keys(itemWords) as ItemStatus[]).map((value) => ({
  value,
  label: itemWords[value].label,
}));

interface OperationItemsProps {
  operation: Operation;
  status: ItemStatus | undefined;
  onStatus: (status: ItemStatus | undefined) => void;
}

/** Every item of an operation with what came of it; the list fills itself, page by page. */
export function OperationItems({ operation, status, onStatus }: OperationItemsProps) {
  const { workspace_id } = useWorkspace();
  const running = operation.status === "running";
  const query = useInfiniteQuery(itemPagesQuery(workspace_id, operation.id, status, running));
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return (
    <Section title="Items">
      <FilterBar>
        <FilterSelect
          label="Item status"
          all="Any status"
          value={status}
          options={statuses}
          onChange={onStatus}
        />
      </FilterBar>
      <Answer query={query} what="the items">
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length > 0 ? <ItemsTable items={items} /> : <NoItems status={status} />;
        }}
      </Answer>
    </Section>
  );
}

function NoItems({ status }: { status: ItemStatus | undefined }) {
  if (status) {
    return (
      <Empty title={`No item is ${itemWords[status].label.toLowerCase()}`}>
        Choose another status to see the others.
      </Empty>
    );
  }
  return <Empty title="No items yet">They appear when the operation has begun.</Empty>;
}

function ItemsTable({ items }: { items: Item[] }) {
  const typeLabel = usePolicyTypeLabel();
  const hasIds = items.some(({ target_object_id }) => target_object_id !== null);
  const columns: Column<Item>[] = [
    { id: "ordinal", header: "No.", width: 56, align: "end", cell: ({ ordinal }) => formatNumber(ordinal) },
    { id: "name", header: "Name", cell: (item) => <Name item={item} type={typeLabel(item.policy_type)} /> },
    { id: "action", header: "Action", width: 104, cell: itemAction },
    {
      id: "status",
      header: "Status",
      width: 128,
      cell: ({ status }) => <StatusBadge {...itemWords[status]} />,
    },
    { id: "reason", header: "Reason", cell: ({ message, reason_code }) => message ?? reason_code ?? "" },
    {
      id: "attempts",
      header: "Attempts",
      width: 88,
      align: "end",
      cell: ({ attempts }) => formatNumber(attempts),
    },
    { id: "time", header: "Time", width: 132, cell: (item) => <Time item={item} /> },
  ];
  if (hasIds) {
    columns.push({
      id: "object",
      header: "Object in the target",
      width: 216,
      cell: ({ target_object_id: id }) => id && <CopyableId value={id} label="object id" />,
    });
  }
  return (
    <DataTable
      label="Items"
      columns={columns}
      rows={items}
      rowId={({ ordinal }) => String(ordinal)}
      rowName={({ label }) => label}
      maxHeight={560}
      minWidth={hasIds ? 1080 : 860}
    />
  );
}

function Name({ item, type }: { item: Item; type: string | undefined }) {
  const styles = useStyles();
  return (
    <span className={styles.two}>
      <span>{item.label}</span>
      {type && type !== item.label && <span className={styles.quiet}>{type}</span>}
    </span>
  );
}

function Time({ item: { attempts, started_at, finished_at } }: { item: Item }) {
  const styles = useStyles();
  if (!started_at && !finished_at) return null;
  return (
    <span className={styles.two}>
      <RelativeTime at={finished_at ?? started_at} />
      {attempts > 0 && started_at && finished_at && (
        <span className={styles.quiet}>took {durationWords(started_at, finished_at)}</span>
      )}
    </span>
  );
}
