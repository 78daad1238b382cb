import { screen, waitFor, within } from "@testing-library/react";
import "@/testing/patience";
import { describe, expect, it } from "vitest";
import type { Schema } from "@/shared/api/client";
import { problem } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { workspaceId } from "@/testing/samples";

const base = `/api/v1/workspaces/${workspaceId}`;
const trail = `GET ${base}/audit-events`;
const members = { [`GET ${base}/members`]: { items: [], next_cursor: null } };
const operationId = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e77";

const event: Schema<"AuditEvent"> = {
  id: "e1",
  at: "2026-11-24T09:00:00Z",
  action: "control.paused",
  summary: "An operation type was paused.",
  actor: { id: "u7", display_name: "Marek Nowak", via: "token" },
  details: { reason: "freeze" },
  operation_id: operationId,
  request_id: null,
  target: null,
  tenant_id: null,
};

const page = (items: unknown[], next_cursor: string | null = null) => ({ items, next_cursor });

describe("the audit trail", () => {
  it("tells who did what, and opens ids and details on demand", async () => {
    const view = renderRoute("/admin/audit", { ...members, [trail]: page([event]) });
    const table = await screen.findByRole("table", { name: "Audit trail" });
    expect(within(table).getByText("Work paused")).toBeVisible();
    expect(within(table).getByText("with an API token")).toBeVisible();
    expect(within(table).queryByText("freeze")).not.toBeInTheDocument();
    await view.user.click(within(table).getByRole("button", { name: "Show details of: Work paused" }));
    expect(within(table).getByText("freeze")).toBeVisible();
    await view.user.click(within(table).getByRole("button", { name: "Show only this operation" }));
    await waitFor(() => expect(view.router.state.location.search).toEqual({ operation: operationId }));
  });

  it("exports exactly what the filters match", async () => {
    renderRoute("/admin/audit?action=control.paused", { ...members, [trail]: page([event]) });
    const link = await screen.findByRole("link", { name: "Export what matches (NDJSON)" });
    expect(link.getAttribute("href")).toMatch(/\/audit-events\/export\?action=control\.paused$/);
    expect(link).toHaveAttribute("download");
  });

  it("asks the server only for an id that can be one", async () => {
    const view = renderRoute("/admin/audit", { ...members, [trail]: page([]) });
    expect(await screen.findByText("Nothing has been recorded yet")).toBeVisible();
    const field = screen.getByLabelText("Operation");
    await view.user.type(field, "nonsense{Enter}");
    expect(await screen.findByText("This is not an operation's id.")).toBeVisible();
    expect(view.network.of(trail)).toHaveLength(1);
    await view.user.clear(field);
    await view.user.type(field, `${operationId}{Enter}`);
    await waitFor(() => expect(view.network.of(trail).at(-1)?.query.get("operation_id")).toBe(operationId));
  });

  it("says when it is refused", async () => {
    renderRoute("/admin/audit", { ...members, [trail]: problem(403, "forbidden") });
    expect(await screen.findByText("Your role does not allow this")).toBeVisible();
    expect(screen.queryByRole("link", { name: /Export/ })).not.toBeInTheDocument();
  });
});
