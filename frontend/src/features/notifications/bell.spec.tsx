import { screen, waitFor } from "@testing-library/react";
import "@/testing/patience";
import { describe, expect, it } from "vitest";
import { renderRoute } from "@/testing/render";
import { workspaceId } from "@/testing/samples";

const list = "GET /api/v1/me/notifications";
const read = "POST /api/v1/me/notifications/read";
const operations = `GET /api/v1/workspaces/${workspaceId}/operations`;

const notification = {
  id: "n1",
  workspace_id: workspaceId,
  kind: "operation.completed",
  operation_id: "o1",
  title: "Promotion succeeded",
  body: "12 of 12 succeeded.",
  created_at: "2026-11-24T09:00:00Z",
  read_at: null,
};
const empty = { items: [], next_cursor: null };

describe("the bell", () => {
  it("counts what is unread and leads to the operation", async () => {
    const view = renderRoute("/admin/operations", {
      [operations]: empty,
      [list]: { items: [notification], next_cursor: null },
      [read]: { marked: 1 },
    });
    await view.user.click(await screen.findByRole("button", { name: "Notifications, 1 unread" }));
    const link = await screen.findByRole("link", { name: "Promotion succeeded" });
    expect(link.getAttribute("href")).toContain("/admin/operations/o1");
    await view.user.click(screen.getByRole("button", { name: "Mark all as read" }));
    await waitFor(() => expect(view.network.of(read)[0]?.body).toEqual({}));
    await waitFor(() => expect(view.network.of(list).length).toBeGreaterThan(1));
  });

  it("says that there is nothing yet", async () => {
    const view = renderRoute("/admin/operations", { [operations]: empty, [list]: empty });
    await view.user.click(await screen.findByRole("button", { name: "Notifications" }));
    expect(await screen.findByText(/Nothing yet/)).toBeVisible();
  });
});
