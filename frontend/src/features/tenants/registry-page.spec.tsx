import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type Answers, never, problem } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { connection, me, operation, tenant } from "@/testing/samples";

const list = (...items: unknown[]) => ({ items, next_cursor: null });

const harbour = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e01";
const vela = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e02";

const two: Answers = {
  "GET /api/v1/workspaces/:w/tenants": list(
    tenant({ id: harbour }),
    tenant({ id: vela, display_name: "Vela Aerospace", directory_id: "d2" }),
    tenant({
      id: "t3",
      display_name: "Closed GmbH",
      directory_id: "d3",
      archived_at: "2026-11-02T09:00:00Z",
    }),
  ),
  [`GET /api/v1/workspaces/:w/tenants/${harbour}/connection`]: connection(),
  "GET /api/v1/workspaces/:w/tenants/:t/connection": connection({ status: "failed" }),
  "GET /api/v1/workspaces/:w/operations": ({ query }: { query: URLSearchParams }) =>
    query.get("status") === "completed" ? list(operation({ tenant_id: harbour })) : list(),
};

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("link")[0]?.textContent);

describe("the registry", () => {
  it("shows tenants with health and last sync, without those archived", async () => {
    renderRoute("/admin/tenants", two);
    const row = (await screen.findByRole("link", { name: "Harbour & Sons" })).closest("tr") as HTMLElement;
    expect(await within(row).findByText("Connected")).toBeVisible();
    expect(await within(row).findByText(/2026/)).toBeVisible();
    expect(names()).toEqual(["Harbour & Sons", "Vela Aerospace"]);
    expect(document.title).toBe("Tenants - TenantAtlas");
  });

  it("keeps search, filter and order in the address", async () => {
    const { user, router } = renderRoute("/admin/tenants?archived=true&sort=name&desc=true", two);
    await screen.findByRole("link", { name: "Harbour & Sons" });
    expect(names()).toEqual(["Vela Aerospace", "Harbour & Sons", "Closed GmbH"]);
    await user.type(screen.getByRole("searchbox"), "vela");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "vela", desc: true }));
    expect(names()).toEqual(["Vela Aerospace"]);
    await user.selectOptions(screen.getByRole("combobox", { name: "Filter by connection" }), "verified");
    expect(await screen.findByText("No tenant matches")).toBeVisible();
  });

  it("compares exactly two, the first as source", async () => {
    const { user, router } = renderRoute("/admin/tenants", {
      ...two,
      "POST /api/v1/workspaces/:w/cross-tenant-compare/preview": never,
      "GET /api/v1/policy-types": list(),
    });
    await user.click(await screen.findByRole("checkbox", { name: "Select Vela Aerospace" }));
    const compare = screen.getByRole("button", { name: "Compare" });
    expect(compare).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByRole("button", { name: "Use as target" })).not.toHaveAttribute(
      "aria-disabled",
      "true",
    );
    await user.click(screen.getByRole("checkbox", { name: "Select Harbour & Sons" }));
    await user.click(compare);
    await waitFor(() => expect(router.state.location.pathname).toBe("/admin/cross-tenant-compare"));
    expect(router.state.location.search).toMatchObject({
      source: vela,
      target: harbour,
      return: "/admin/tenants",
    });
  });

  it("says what to do when there is nothing, and only offers what is allowed", async () => {
    renderRoute("/admin/tenants", {
      "GET /api/v1/me": me({ capabilities: ["workspace.view"] }),
      "GET /api/v1/workspaces/:w/tenants": list(),
    });
    expect(await screen.findByRole("heading", { name: "No tenants yet" })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Add tenant" })).not.toBeInTheDocument();
  });

  it("shows its shape while it loads", async () => {
    renderRoute("/admin/tenants", { "GET /api/v1/workspaces/:w/tenants": never });
    expect(await screen.findByLabelText("Loading the tenants")).toBeInTheDocument();
  });

  it("tells a refusal, without another try", async () => {
    renderRoute("/admin/tenants", { "GET /api/v1/workspaces/:w/tenants": problem(403, "forbidden") });
    expect(await screen.findByRole("heading", { name: "Your role does not allow this" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
  });

  it("offers another try after a failure", async () => {
    let broken = true;
    const { user } = renderRoute("/admin/tenants", {
      ...two,
      "GET /api/v1/workspaces/:w/tenants": () => (broken ? problem(500, "internal")() : list(tenant())),
    });
    const again = await screen.findByRole("button", { name: "Try again" });
    broken = false;
    await user.click(again);
    expect(await screen.findByRole("link", { name: "Harbour & Sons" })).toBeVisible();
  });
});
