import { screen, waitFor, within } from "@testing-library/react";
import "@/testing/patience";
import { describe, expect, it } from "vitest";
import type { Schema } from "@/shared/api/client";
import { problem, reply } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { allowed, me, refused, workspaceId } from "@/testing/samples";

const base = `/api/v1/workspaces/${workspaceId}`;
const page = (items: unknown[]) => ({ items, next_cursor: null });
const manager = { "GET /api/v1/me": me({ capabilities: ["workspace.view", "workspace.members.manage"] }) };

const member = {
  user_id: "u2",
  email: "marek@nordwind.example",
  display_name: "Marek",
  role: "manager",
  revision: 4,
};

const control: Schema<"Control"> = {
  operation_type: "promotion.execute",
  label: "Promotion",
  paused: false,
  effective: false,
  reason: null,
  expires_at: null,
  actor: null,
  updated_at: null,
  global: null,
  revision: 0,
  actions: { update: allowed },
};

describe("members", () => {
  const list = `GET ${base}/members`;
  const one = `${base}/members/u2`;

  it("are read only with the reason for those who may not manage them", async () => {
    const view = renderRoute("/admin/settings", { [list]: page([member]) });
    const add = await screen.findByRole("button", { name: /Add member/ });
    expect(add).toHaveAttribute("aria-disabled", "true");
    await view.user.click(add);
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("are added by email with a role", async () => {
    const view = renderRoute("/admin/settings", {
      ...manager,
      [list]: page([member]),
      [`POST ${base}/members`]: reply(member, 201),
    });
    await view.user.click(await screen.findByRole("button", { name: "Add member" }));
    const dialog = await screen.findByRole("dialog");
    await view.user.type(within(dialog).getByLabelText(/Email/), "robin@nordwind.example");
    await view.user.click(within(dialog).getByRole("radio", { name: /^Read only/ }));
    await view.user.click(within(dialog).getByRole("button", { name: "Add member" }));
    await waitFor(() =>
      expect(view.network.of(`POST ${base}/members`)[0]?.body).toEqual({
        email: "robin@nordwind.example",
        role: "readonly",
      }),
    );
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  it("change from the state that is shown, and say so when somebody else was faster", async () => {
    const view = renderRoute("/admin/settings", {
      ...manager,
      [list]: page([member]),
      [`PATCH ${one}`]: problem(412, "precondition_failed"),
    });
    await view.user.click(await screen.findByRole("button", { name: "Change role of Marek" }));
    const dialog = await screen.findByRole("dialog");
    await view.user.click(within(dialog).getByRole("radio", { name: /^Support/ }));
    await view.user.click(within(dialog).getByRole("button", { name: "Change role" }));
    expect(await within(dialog).findByText("Somebody else changed this")).toBeVisible();
    expect(view.network.of(`PATCH ${one}`)[0]?.headers.get("If-Match")).toBe('"4"');
    await waitFor(() => expect(view.network.of(list).length).toBeGreaterThan(1));
  });

  it("explain why the last owner stays", async () => {
    const view = renderRoute("/admin/settings", {
      ...manager,
      [list]: page([member]),
      [`DELETE ${one}`]: problem(409, "conflict", { detail: "A workspace keeps its last owner." }),
    });
    await view.user.click(await screen.findByRole("button", { name: "Remove Marek" }));
    await view.user.click(await screen.findByRole("button", { name: "Remove member" }));
    expect(await screen.findByText(/A workspace keeps its last owner/)).toBeVisible();
  });
});

describe("API tokens", () => {
  const token = {
    id: "k1",
    name: "Nightly export",
    prefix: "ta_pat_abc",
    created_at: "2026-11-24T09:00:00Z",
    expires_at: "2027-02-22T09:00:00Z",
    last_used_at: null,
  };

  it("show their secret once and only once", async () => {
    const view = renderRoute("/admin/settings?tab=tokens", {
      "GET /api/v1/me/tokens": page([]),
      "POST /api/v1/me/tokens": reply({ ...token, secret: "ta_pat_secret" }, 201),
    });
    expect(await screen.findByText("You have no tokens")).toBeVisible();
    await view.user.click(screen.getByRole("button", { name: "Create token" }));
    const dialog = await screen.findByRole("dialog");
    await view.user.type(within(dialog).getByLabelText(/Name/), "Nightly export");
    await view.user.click(within(dialog).getByRole("button", { name: "Create token" }));
    expect(await screen.findByDisplayValue("ta_pat_secret")).toBeVisible();
    const body = view.network.of("POST /api/v1/me/tokens")[0]?.body as { name: string; expires_at: string };
    expect(body.name).toBe("Nightly export");
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now());
    await view.user.click(screen.getByRole("button", { name: "Close" }));
    await waitFor(() => expect(screen.queryByDisplayValue("ta_pat_secret")).not.toBeInTheDocument());
  });

  it("are revoked after a question", async () => {
    const view = renderRoute("/admin/settings?tab=tokens", {
      "GET /api/v1/me/tokens": page([token]),
      "DELETE /api/v1/me/tokens/k1": reply(null, 204),
    });
    await view.user.click(await screen.findByRole("button", { name: "Revoke Nightly export" }));
    await view.user.click(await screen.findByRole("button", { name: "Revoke token" }));
    await waitFor(() => expect(view.network.of("DELETE /api/v1/me/tokens/k1")).toHaveLength(1));
  });
});

describe("operational controls", () => {
  const list = `GET ${base}/operational-controls`;
  const put = `PUT ${base}/operational-controls/promotion.execute`;

  it("pause with a reason; the first time there is no state to match", async () => {
    const view = renderRoute("/admin/settings?tab=controls", {
      [list]: page([control]),
      [put]: { ...control, paused: true },
    });
    await view.user.click(await screen.findByRole("button", { name: "Pause Promotion" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByRole("button", { name: /Pause/ })).toHaveAttribute("aria-disabled", "true");
    await view.user.type(within(dialog).getByLabelText(/Reason/), "Change freeze");
    await view.user.click(within(dialog).getByRole("button", { name: "Pause" }));
    await waitFor(() => expect(view.network.of(put)).toHaveLength(1));
    const [asked] = view.network.of(put);
    expect(asked?.body).toEqual({ paused: true, reason: "Change freeze" });
    expect(asked?.headers.get("If-Match")).toBeNull();
  });

  it("resume from the state that is shown", async () => {
    const paused = { ...control, paused: true, effective: true, reason: "Change freeze", revision: 3 };
    const view = renderRoute("/admin/settings?tab=controls", { [list]: page([paused]), [put]: control });
    expect(await screen.findByText("Change freeze")).toBeVisible();
    await view.user.click(screen.getByRole("button", { name: "Resume Promotion" }));
    await view.user.click(await screen.findByRole("button", { name: "Resume" }));
    await waitFor(() => expect(view.network.of(put)[0]?.headers.get("If-Match")).toBe('"3"'));
  });

  it("follow what the server allows", async () => {
    renderRoute("/admin/settings?tab=controls", {
      [list]: page([{ ...control, actions: { update: refused("Ask a manager.") } }]),
    });
    expect(await screen.findByRole("button", { name: /Pause Promotion/ })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
  });
});

describe("the workspace", () => {
  const path = `${base}`;
  const workspace = {
    id: workspaceId,
    display_name: "Nordwind",
    revision: 2,
    created_at: "2026-11-01T09:00:00Z",
  };

  it("is renamed from the state that is shown", async () => {
    const view = renderRoute("/admin/settings?tab=workspace", {
      "GET /api/v1/me": me({ capabilities: ["workspace.view", "workspace.manage"] }),
      [`GET ${path}`]: workspace,
      [`PATCH ${path}`]: { ...workspace, display_name: "Nordwind MSP", revision: 3 },
    });
    const name = await screen.findByLabelText("Name");
    await view.user.clear(name);
    await view.user.type(name, "Nordwind MSP");
    await view.user.click(screen.getByRole("button", { name: "Save name" }));
    await waitFor(() => expect(view.network.of(`PATCH ${path}`)[0]?.headers.get("If-Match")).toBe('"2"'));
    expect(view.network.of(`PATCH ${path}`)[0]?.body).toEqual({ display_name: "Nordwind MSP" });
  });
});
