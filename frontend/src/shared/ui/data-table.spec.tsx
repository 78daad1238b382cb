import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { DataTable, type DataTableProps } from "./data-table";

interface Row {
  id: string;
  name: string;
}

const rows = ["Ada", "Ben"].map((name) => ({ id: name.toLowerCase(), name }));

const show = (props: Partial<DataTableProps<Row>> = {}) =>
  render(
    <DataTable
      label="People"
      columns={[{ id: "name", header: "Name", sortable: true, cell: ({ name }) => name }]}
      rows={rows}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      {...props}
    />,
  );

function Selectable({ onChange }: { onChange: (ids: string[]) => void }) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return (
    <DataTable
      label="People"
      columns={[{ id: "name", header: "Name", cell: ({ name }: Row) => name }]}
      rows={rows}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      selection={{
        ids,
        onChange: (next) => {
          setIds(next);
          onChange([...next]);
        },
      }}
    />
  );
}

describe("the table", () => {
  it("is a native table that can be scrolled by keyboard", () => {
    show();
    expect(screen.getByRole("table", { name: "People" })).toHaveAttribute("aria-rowcount", "3");
    expect(screen.getByRole("group", { name: "People" })).toHaveAttribute("tabindex", "0");
    expect(screen.getAllByRole("row")).toHaveLength(3);
  });

  it("turns the order of a sorted column", async () => {
    const onSort = vi.fn();
    show({ sort: { column: "name", descending: false }, onSort });
    expect(screen.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
    await userEvent.click(screen.getByRole("button", { name: "Name" }));
    expect(onSort).toHaveBeenCalledWith({ column: "name", descending: true });
  });

  it("keeps the order in which rows were selected", async () => {
    const onChange = vi.fn();
    render(<Selectable onChange={onChange} />);
    await userEvent.click(screen.getByRole("checkbox", { name: "Select Ben" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Select Ada" }));
    expect(onChange).toHaveBeenLastCalledWith(["ben", "ada"]);
    expect(screen.getByRole("checkbox", { name: "Select all rows" })).toBeChecked();
    await userEvent.click(screen.getByRole("checkbox", { name: "Select Ben" }));
    expect(onChange).toHaveBeenLastCalledWith(["ada"]);
  });

  it("shows what is opened below a row", () => {
    show({ detail: ({ id }) => (id === "ben" ? <p>More of Ben</p> : null) });
    expect(within(screen.getByRole("table")).getByText("More of Ben")).toBeVisible();
  });
});
