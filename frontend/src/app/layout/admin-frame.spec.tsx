import { onlineManager } from "@tanstack/react-query";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { problem } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { me, tenant } from "@/testing/samples";

const list = (...items: unknown[]) => ({ items, next_cursor: null });

describe("the frame", () => {
  it("asks to sign in again over the page when the session has ended", async () => {
    let ended = true;
    const { user } = renderRoute("/admin/tenants?q=harbour", {
      "GET /api/v1/workspaces/:w/tenants": () =>
        ended ? problem(401, "unauthenticated")() : list(tenant({ archived_at: null })),
      "GET /api/v1/workspaces/:w/tenants/:t/connection": problem(404, "not_found"),
      "GET /api/v1/workspaces/:w/operations": list(),
      "POST /api/v1/session": () => {
        ended = false;
        return { user: me().user, expires_at: "2026-11-25T09:00:00Z" };
      },
    });
    const dialog = await screen.findByRole("alertdialog", { name: "Your session has ended" });
    expect(within(dialog).getByLabelText(/Email/)).toHaveValue("olivia@nordwind.example");
    await user.type(within(dialog).getByLabelText(/Password/), "secret");
    await user.click(within(dialog).getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("link", { name: "Harbour & Sons" })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument());
    expect(screen.getByRole("searchbox")).toHaveValue("harbour");
  });

  it("says when the browser is offline, and when it is back", async () => {
    renderRoute("/admin/tenants", { "GET /api/v1/workspaces/:w/tenants": list() });
    await screen.findByRole("heading", { name: "Tenants", level: 1 });
    act(() => onlineManager.setOnline(false));
    expect(await screen.findByText("You are offline")).toBeVisible();
    act(() => onlineManager.setOnline(true));
    await waitFor(() => expect(screen.queryByText("You are offline")).not.toBeInTheDocument());
  });

  it("marks where one is", async () => {
    renderRoute("/admin/tenants", { "GET /api/v1/workspaces/:w/tenants": list() });
    const navigation = await screen.findByRole("navigation", { name: "Main" });
    await waitFor(() =>
      expect(within(navigation).getByRole("link", { name: "Tenants" })).toHaveAttribute(
        "aria-current",
        "page",
      ),
    );
    expect(within(navigation).getByRole("link", { name: "Audit" })).not.toHaveAttribute("aria-current");
  });

  it("does not know a workspace that is not the caller's", async () => {
    renderRoute("/admin/tenants?workspace=0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7eff", {});
    expect(await screen.findByRole("heading", { name: "Not found" })).toBeVisible();
  });

  it("tells people without a workspace whom to ask", async () => {
    renderRoute("/admin/tenants", { "GET /api/v1/me": { ...me(), memberships: [] } });
    expect(await screen.findByRole("heading", { name: "You are not in a workspace yet" })).toBeVisible();
  });
});
