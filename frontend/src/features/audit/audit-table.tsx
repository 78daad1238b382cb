import { Button, makeStyles, Tooltip, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { paths } from "@/app/paths";
import type { Schema } from "@/shared/api/client";
import { CopyableId } from "@/shared/ui/copyable-id";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { Facts } from "@/shared/ui/facts";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { TenantName } from "@/shared/ui/tenant-name";
import { actionLabel, flatten, viaLabels } from "./words";

type AuditEvent = Schema<"AuditEvent">;

const useStyles = makeStyles({
  two: { display: "flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  detail: { display: "flex", flexDirection: "column", gap: "12px" },
});

interface AuditTableProps {
  events: AuditEvent[];
  /** Narrows the list to one operation. */
  onOperation: (operationId: string) => void;
}

/** The records as rows; a disclosure opens ids and details. */
export function AuditTable({ events, onOperation }: AuditTableProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  return (
    <DataTable
      label="Audit trail"
      columns={auditColumns(open, toggle)}
      rows={events}
      rowId={({ id }) => id}
      rowName={actionLabel}
      detail={(event) => open.has(event.id) && <AuditDetail event={event} onOperation={onOperation} />}
      minWidth={1060}
    />
  );
}

function auditColumns(open: ReadonlySet<string>, toggle: (id: string) => void): Column<AuditEvent>[] {
  return [
    {
      id: "open",
      header: "Details",
      width: 68,
      cell: (event) => (
        <Disclosure event={event} open={open.has(event.id)} onToggle={() => toggle(event.id)} />
      ),
    },
    { id: "at", header: "Time", width: 176, cell: ({ at }) => <RelativeTime at={at} both /> },
    { id: "action", header: "Action", cell: actionLabel },
    { id: "actor", header: "Actor", width: 190, cell: ({ actor }) => <Actor actor={actor} /> },
    {
      id: "tenant",
      header: "Tenant",
      width: 190,
      cell: ({ tenant_id }) => tenant_id && <TenantName tenantId={tenant_id} />,
    },
    {
      id: "operation",
      header: "Operation",
      width: 140,
      cell: ({ operation_id: id }) => id && <RouterLink {...paths.operation(id)}>Open operation</RouterLink>,
    },
  ];
}

function Disclosure({ event, open, onToggle }: { event: AuditEvent; open: boolean; onToggle: () => void }) {
  return (
    <Tooltip content={`${open ? "Hide" : "Show"} details of: ${actionLabel(event)}`} relationship="label">
      <Button
        appearance="subtle"
        size="small"
        aria-expanded={open}
        icon={open ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
        onClick={onToggle}
      />
    </Tooltip>
  );
}

function Actor({ actor }: { actor: AuditEvent["actor"] }) {
  const styles = useStyles();
  return (
    <span className={styles.two}>
      <span>{actor.display_name}</span>
      <span className={styles.quiet}>{viaLabels[actor.via]}</span>
    </span>
  );
}

function AuditDetail({
  event,
  onOperation,
}: {
  event: AuditEvent;
  onOperation: (operationId: string) => void;
}) {
  const styles = useStyles();
  const { id, summary, actor, target, operation_id, request_id, details } = event;
  const ids = [
    { name: "Record id", id },
    { name: "Action", id: event.action },
    { name: "Actor id", id: actor.id },
    { name: `Target id (${target?.kind.replaceAll("_", " ")})`, id: target?.id },
    { name: "Operation id", id: operation_id },
    { name: "Request id", id: request_id },
  ];
  const facts = ids.flatMap(({ name, id: value }) =>
    value ? [{ name, value: <CopyableId value={value} label={name.toLowerCase()} /> }] : [],
  );
  const known = flatten(details).map(({ name, value, copyable }) => ({
    name,
    value: copyable ? <CopyableId value={value} label={name.toLowerCase()} /> : value,
  }));
  return (
    <div className={styles.detail}>
      <span>{summary}</span>
      {known.length > 0 && <Facts facts={known} />}
      <Facts facts={facts} />
      {operation_id && (
        <span>
          <Button size="small" onClick={() => onOperation(operation_id)}>
            Show only this operation
          </Button>
        </span>
      )}
    </div>
  );
}
