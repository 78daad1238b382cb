import { Checkbox, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowDown16Regular, ArrowUp16Regular } from "@fluentui/react-icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type ReactNode, useRef } from "react";

const useStyles = makeStyles({
  region: {
    overflow: "auto",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
  },
  table: {
    borderCollapse: "separate",
    borderSpacing: 0,
    width: "100%",
    tableLayout: "fixed",
    fontSize: tokens.fontSizeBase300,
  },
  head: {
    position: "sticky",
    top: 0,
    zIndex: 1,
    boxSizing: "border-box",
    textAlign: "start",
    fontWeight: tokens.fontWeightSemibold,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke1}`,
    padding: "8px 12px",
    whiteSpace: "nowrap",
  },
  sort: {
    display: "inline-flex",
    alignItems: "center",
    gap: "4px",
    padding: 0,
    border: "none",
    background: "none",
    font: "inherit",
    color: "inherit",
    cursor: "pointer",
    ":hover": { color: tokens.colorNeutralForeground1, textDecorationLine: "underline" },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  // Links have to keep their contrast on a hovered and on a selected row, in both themes.
  row: { ":hover > td": { backgroundColor: tokens.colorNeutralBackground2 } },
  selected: { "& > td": { backgroundColor: tokens.colorBrandBackground2 } },
  cell: {
    padding: "6px 12px",
    height: "44px",
    boxSizing: "border-box",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    overflow: "hidden",
    textOverflow: "ellipsis",
    verticalAlign: "middle",
  },
  end: { textAlign: "end", fontVariantNumeric: "tabular-nums" },
  check: { width: "44px", padding: "0 0 0 4px" },
  detail: {
    padding: "12px 16px",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  gap: { padding: 0, border: "none" },
});

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** In pixels; columns without share the rest. */
  width?: number;
  align?: "end";
  sortable?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface Selection {
  ids: ReadonlySet<string>;
  onChange: (ids: Set<string>) => void;
}

export interface DataTableProps<Row> {
  /** Names the table for those who do not see it. */
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  /** What a row is called, for its checkbox. */
  rowName: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selection?: Selection;
  /** The opened part below a row; nothing when it is closed. */
  detail?: (row: Row) => ReactNode;
  /** In pixels; longer tables scroll inside. */
  maxHeight?: number;
  /** In pixels; below it the table scrolls sideways. */
  minWidth?: number;
}

const rowHeight = 44;

/** Rows beyond this number are rendered only while they can be seen. */
const virtualAbove = 60;

/**
 * A dense table: sortable, selectable, with disclosures, and as long as it has to
 * be. It is a native table, so screen readers know it; a click on a row does nothing.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, selection, maxHeight = 640, minWidth = 720 } = props;
  const styles = useStyles();
  const region = useRef<HTMLDivElement>(null);
  const virtual = rows.length > virtualAbove;
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => region.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => rowId(rows[index] as Row),
  });
  const seen = virtualizer.getVirtualItems();
  const shown = virtual ? seen.map(({ index }) => index) : rows.map((_, index) => index);
  const before = virtual ? (seen[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (seen.at(-1)?.end ?? 0) : 0;
  const span = columns.length + (selection ? 1 : 0);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section would be a landmark per table
    <div
      ref={region}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={styles.region}
      style={{ maxHeight }}
    >
      <table aria-label={label} aria-rowcount={rows.length + 1} className={styles.table} style={{ minWidth }}>
        <Head {...props} />
        <Gap height={before} span={span} />
        {shown.map((index) => {
          const row = rows[index] as Row;
          return (
            <tbody key={rowId(row)} data-index={index} ref={virtual ? virtualizer.measureElement : undefined}>
              <DataRow {...props} row={row} index={index} span={span} />
            </tbody>
          );
        })}
        <Gap height={after} span={span} />
      </table>
    </div>
  );
}

function Gap({ height, span }: { height: number; span: number }) {
  const styles = useStyles();
  if (height <= 0) return null;
  return (
    <tbody aria-hidden>
      <tr>
        <td colSpan={span} className={styles.gap} style={{ height }} />
      </tr>
    </tbody>
  );
}

function Head<Row>({ columns, rows, rowId, sort, onSort, selection }: DataTableProps<Row>) {
  const styles = useStyles();
  const chosen = selection ? rows.filter((row) => selection.ids.has(rowId(row))).length : 0;
  const all = rows.length > 0 && chosen === rows.length;
  return (
    <thead>
      <tr aria-rowindex={1}>
        {selection && (
          <th scope="col" className={mergeClasses(styles.head, styles.check)}>
            <Checkbox
              aria-label="Select all rows"
              checked={all ? true : chosen > 0 ? "mixed" : false}
              onChange={() => selection.onChange(new Set(all ? [] : rows.map(rowId)))}
            />
          </th>
        )}
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            className={mergeClasses(styles.head, column.align && styles[column.align])}
            style={{ width: column.width }}
            aria-sort={ariaSort(column, sort)}
          >
            {column.sortable && onSort ? (
              <button
                type="button"
                className={styles.sort}
                onClick={() =>
                  onSort({ column: column.id, descending: sort?.column === column.id && !sort.descending })
                }
              >
                {column.header}
                {sort?.column === column.id &&
                  (sort.descending ? <ArrowDown16Regular aria-hidden /> : <ArrowUp16Regular aria-hidden />)}
              </button>
            ) : (
              column.header
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function ariaSort<Row>(column: Column<Row>, sort: Sort | undefined) {
  if (!column.sortable) return undefined;
  if (sort?.column !== column.id) return "none";
  return sort.descending ? "descending" : "ascending";
}

function DataRow<Row>(props: DataTableProps<Row> & { row: Row; index: number; span: number }) {
  const { columns, row, index, rowId, rowName, selection, detail, span } = props;
  const styles = useStyles();
  const id = rowId(row);
  const selected = selection?.ids.has(id);
  const opened = detail?.(row);
  return (
    <Fragment>
      <tr aria-rowindex={index + 2} className={mergeClasses(styles.row, selected && styles.selected)}>
        {selection && (
          <td className={mergeClasses(styles.cell, styles.check)}>
            <Checkbox
              aria-label={`Select ${rowName(row)}`}
              checked={selected ?? false}
              onChange={() => selection.onChange(toggled(selection.ids, id))}
            />
          </td>
        )}
        {columns.map((column) => (
          <td key={column.id} className={mergeClasses(styles.cell, column.align && styles[column.align])}>
            {column.cell(row)}
          </td>
        ))}
      </tr>
      {opened && (
        <tr>
          <td colSpan={span} className={styles.detail}>
            {opened}
          </td>
        </tr>
      )}
    </Fragment>
  );
}

/** Keeps the order of selection: the first chosen stays first. */
function toggled(ids: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
