import { screen, waitFor, within } from "@testing-library/react";
import "@/testing/patience";
import { describe, expect, it } from "vitest";
import type { Schema } from "@/shared/api/client";
import { never, problem } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { allowed, me, operation, refused, workspaceId } from "@/testing/samples";

const base = `/api/v1/workspaces/${workspaceId}`;
const list = `GET ${base}/operations`;
const one = `GET ${base}/operations/o1`;
const items = `GET ${base}/operations/o1/items`;
const types = "GET /api/v1/policy-types";

const page = (values: unknown[], next_cursor: string | null = null) => ({ items: values, next_cursor });

const item = (values: Partial<Schema<"OperationItem">> = {}): Schema<"OperationItem"> => ({
  ordinal: 1,
  subject_key: "intents:1",
  label: "Antivirus",
  policy_type: null,
  action: "update",
  effect: null,
  status: "pending",
  reason_code: null,
  message: null,
  target_object_id: null,
  attempts: 0,
  started_at: null,
  finished_at: null,
  ...values,
});

describe("the list of operations", () => {
  it("tells what to do while there is nothing, and shows its skeleton before", async () => {
    renderRoute("/admin/operations", { [list]: page([]) });
    expect(await screen.findByText("Nothing has been queued yet")).toBeVisible();
    expect(screen.getByRole("link", { name: "Open tenants" })).toHaveAttribute("href", "/admin/tenants");
  });

  it("shows status and outcome as words", async () => {
    renderRoute("/admin/operations", { [list]: page([operation({ outcome: "partially_succeeded" })]) });
    const table = await screen.findByRole("table", { name: "Operations" });
    expect(within(table).getByText("Partially succeeded")).toBeVisible();
    expect(within(table).getByText("28 of 28")).toBeVisible();
    expect(within(table).getByRole("link", { name: "Inventory sync" })).toHaveAttribute(
      "href",
      "/admin/operations/o1",
    );
  });

  it("keeps its filters in the address and asks the server with them", async () => {
    const view = renderRoute("/admin/operations?status=running", { [list]: page([]) });
    expect(await screen.findByText("No operation matches")).toBeVisible();
    await view.user.selectOptions(screen.getByLabelText("Type"), "Promotion");
    await waitFor(() =>
      expect(view.router.state.location.search).toMatchObject({ type: "promotion.execute" }),
    );
    await waitFor(() => {
      const { query } = view.network.of(list).at(-1) ?? { query: new URLSearchParams() };
      expect([query.get("status"), query.get("type")]).toEqual(["running", "promotion.execute"]);
    });
    await view.user.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(view.router.state.location.search).toEqual({}));
  });

  it("loads the next page behind the first", async () => {
    const view = renderRoute("/admin/operations", {
      [list]: ({ query }: { query: URLSearchParams }) =>
        query.get("cursor")
          ? page([operation({ id: "o2", label: "Promotion" })])
          : page([operation()], "next"),
    });
    await view.user.click(await screen.findByRole("button", { name: "Load more" }));
    expect(await screen.findByRole("link", { name: "Promotion" })).toBeVisible();
    expect(screen.getByText("2 operations shown, nothing older")).toBeVisible();
  });

  it("says when it is refused", async () => {
    renderRoute("/admin/operations", { [list]: problem(403, "forbidden") });
    expect(await screen.findByText("Your role does not allow this")).toBeVisible();
  });
});

describe("an operation", () => {
  const running = operation({
    status: "running",
    outcome: "pending",
    completed_at: null,
    summary_counts: { ...operation().summary_counts, processed: 7 },
    waiting_on: {
      kind: "throttle",
      label: "Microsoft Graph asked to slow down.",
      since: "2026-11-24T09:00:00Z",
    },
    actions: { cancel: allowed },
  });

  it("tells how far it is and what it waits for", async () => {
    renderRoute("/admin/operations/o1", { [one]: running, [items]: page([]), [types]: page([]) });
    expect(await screen.findByRole("progressbar", { name: "7 of 28 processed" })).toBeInTheDocument();
    expect(screen.getByText("Waiting for Microsoft Graph")).toBeVisible();
    expect(screen.getAllByText(/Microsoft Graph asked to slow down/).length).toBeGreaterThan(0);
  });

  it("is stopped only after a question, with the focus on Cancel", async () => {
    const cancel = `POST ${base}/operations/o1/cancel`;
    const view = renderRoute("/admin/operations/o1", {
      [one]: running,
      [items]: page([]),
      [types]: page([]),
      [cancel]: { ...running, message: "Stopping." },
    });
    await view.user.click(await screen.findByRole("button", { name: "Cancel operation" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(view.network.of(cancel)).toHaveLength(0);
    await waitFor(() => expect(within(dialog).getByRole("button", { name: "Cancel" })).toHaveFocus());
    await view.user.click(within(dialog).getByRole("button", { name: "Stop operation" }));
    await waitFor(() => expect(view.network.of(cancel)).toHaveLength(1));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument());
  });

  it("keeps Cancel visible but unusable where the server refuses it", async () => {
    const view = renderRoute("/admin/operations/o1", {
      [one]: { ...running, actions: { cancel: refused("Ask an operator of the tenant.") } },
      [items]: page([]),
      [types]: page([]),
    });
    const button = await screen.findByRole("button", { name: /Cancel operation/ });
    expect(button).toHaveAttribute("aria-disabled", "true");
    await view.user.click(button);
    expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument();
  });

  it("offers no Cancel when it has ended", async () => {
    renderRoute("/admin/operations/o1", {
      [one]: operation({ actions: { cancel: refused("This operation has already ended.") } }),
      [items]: page([]),
      [types]: page([]),
    });
    expect(await screen.findByText("28 of 28 processed")).toBeVisible();
    expect(screen.queryByRole("button", { name: /Cancel operation/ })).not.toBeInTheDocument();
  });

  it("shows every item with its reason in words and filters by status", async () => {
    const failed = item({
      status: "failed",
      reason_code: "target_refused",
      message: "The target refused the change.",
      attempts: 2,
    });
    const view = renderRoute("/admin/operations/o1", {
      [one]: operation(),
      [types]: page([]),
      [items]: ({ query }: { query: URLSearchParams }) =>
        query.get("status") === "skipped" ? page([]) : page([failed]),
    });
    const table = await screen.findByRole("table", { name: "Items" });
    expect(within(table).getByText("The target refused the change.")).toBeVisible();
    await view.user.selectOptions(screen.getByLabelText("Item status"), "Skipped");
    expect(await screen.findByText("No item is skipped")).toBeVisible();
    expect(view.router.state.location.search).toEqual({ items: "skipped" });
  });

  it("leads back to the comparison with the same selection", async () => {
    const source = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e01";
    const target = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e02";
    renderRoute("/admin/operations/o1", {
      "GET /api/v1/me": me({
        capabilities: ["workspace.view", "workspace.operations.view", "workspace.audit.view"],
      }),
      [one]: operation({ type: "promotion.execute", source_tenant_id: source, target_tenant_id: target }),
      [items]: page([]),
      [types]: page([]),
      [`GET ${base}/audit-events`]: page([
        {
          id: "e1",
          at: "2026-11-24T09:00:00Z",
          action: "promotion.execute.queued",
          actor: { id: "u1", display_name: "Olivia", via: "session" },
          details: { selection: { policy_types: ["intents"], assignments: "exclude" } },
        },
      ]),
    });
    const link = await screen.findByRole("link", { name: "Open cross-tenant compare" });
    await waitFor(() => expect(link.getAttribute("href")).toContain("types=intents"));
    expect(link.getAttribute("href")).toContain(`source=${source}`);
    expect(link.getAttribute("href")).toContain("assignments=exclude");
  });

  it("has a page for what is not there or not the caller's", async () => {
    renderRoute("/admin/operations/o1", { [one]: problem(404, "not_found") });
    expect(await screen.findByRole("heading", { level: 1, name: "Operation not found" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Open operations" })).toHaveAttribute(
      "href",
      "/admin/operations",
    );
  });

  it("shows its skeleton while it is on the way", async () => {
    renderRoute("/admin/operations/o1", { [one]: never });
    expect(await screen.findByLabelText("Loading the operation")).toBeInTheDocument();
  });
});
