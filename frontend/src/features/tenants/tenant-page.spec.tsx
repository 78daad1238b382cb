import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type Answers, never, problem, reply } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { connection, me, operation, refused, tenant } from "@/testing/samples";

const list = (...items: unknown[]) => ({ items, next_cursor: null });
const T = "/api/v1/workspaces/:w/tenants/t1";

const answers = (more: Answers = {}): Answers => ({
  [`GET ${T}`]: tenant(),
  [`GET ${T}/connection`]: connection(),
  "GET /api/v1/workspaces/:w/operations": list(operation()),
  "GET /api/v1/workspaces/:w/operations/:o": operation(),
  ...more,
});

describe("a tenant's page", () => {
  it("shows the essentials and the latest sync", async () => {
    renderRoute("/admin/tenants/t1", answers());
    expect(await screen.findByRole("heading", { name: "Harbour & Sons", level: 1 })).toBeVisible();
    expect(await screen.findByText("28 succeeded")).toBeVisible();
    expect(screen.getByRole("button", { name: "Copy directory id" })).toBeVisible();
  });

  it("starts a sync and says so", async () => {
    const queued = operation({ status: "queued", outcome: "pending" });
    const { user, network } = renderRoute(
      "/admin/tenants/t1",
      answers({
        [`POST ${T}/inventory-syncs`]: reply(
          { result: "queued", message: "Inventory sync is queued.", operation: queued },
          202,
        ),
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Sync now" }));
    await waitFor(() =>
      expect(screen.getByTestId("announcer")).toHaveTextContent("Inventory sync is queued."),
    );
    expect(network.of(`POST ${T}/inventory-syncs`)[0]?.body).toEqual({});
  });

  it("keeps what is not allowed visible, with the reason", async () => {
    const guidance = "Ask a manager of this tenant.";
    renderRoute(
      "/admin/tenants/t1",
      answers({ [`GET ${T}`]: tenant({ actions: { sync: refused(guidance) } }) }),
    );
    const sync = await screen.findByRole("button", { name: "Sync now" });
    expect(sync).toHaveAttribute("aria-disabled", "true");
    sync.focus();
    await waitFor(() => expect(sync).toHaveAccessibleDescription(guidance));
    expect(screen.queryByRole("button", { name: "More actions" })).not.toBeInTheDocument();
  });

  it("is not found for those without access", async () => {
    renderRoute("/admin/tenants/t1", answers({ [`GET ${T}`]: problem(404, "not_found") }));
    expect(await screen.findByRole("heading", { name: "Not found" })).toBeVisible();
  });
});

describe("the connection", () => {
  it("names missing permissions and what does not work without them", async () => {
    renderRoute(
      "/admin/tenants/t1?tab=connection",
      answers({
        [`GET ${T}/connection`]: connection({
          status: "permission_missing",
          status_reason: "The directory has not granted every permission.",
          missing_permissions: ["Group.Read.All", "DeviceManagementScripts.ReadWrite.All"],
        }),
      }),
    );
    const missing = await screen.findByRole("list", { name: "Missing permissions" });
    expect(missing).toHaveTextContent(/Group.Read.All. Without it groups .* are not read/);
    expect(missing).toHaveTextContent(/Without it nothing can be promoted to this tenant in scripts/);
  });

  it("is stored with the revision it is based on, and marks refused fields", async () => {
    let tries = 0;
    const { user, network } = renderRoute(
      "/admin/tenants/t1?tab=connection",
      answers({
        [`PUT ${T}/connection`]: () =>
          tries++ === 0
            ? problem(422, "invalid_input", {
                errors: [{ location: "body.credential.secret", message: "expected length >= 1" }],
              })()
            : connection({ revision: 2 }),
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Change" }));
    await user.type(screen.getByLabelText(/Client secret value/), "s");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("expected length >= 1")).toBeVisible();
    await user.type(screen.getByLabelText(/Client secret value/), "3cret");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByRole("button", { name: "Verify" });
    const [, second] = network.of(`PUT ${T}/connection`);
    expect(second?.headers.get("If-Match")).toBe('"1"');
    expect(second?.body).toMatchObject({
      credential: { kind: "client_secret", secret: "s3cret" },
      write_enabled: true,
    });
  });
});

const subject = {
  id: "s1",
  subject_key: "configuration_policies:1",
  policy_type: "configuration_policies",
  display_name: "Windows baseline",
  object_id: "x1",
  odata_type: null,
  version_id: "v1",
  content_hash: "",
  assignments: { read: true, total: 2, exclusions: 1 },
  first_seen_at: "2026-11-24T09:00:00Z",
  last_read_at: "2026-11-24T09:00:00Z",
  deleted_at: null,
};
const types = list({
  key: "configuration_policies",
  label: "Settings catalog policies",
  graph_path: "",
  readable: true,
  promotable: true,
  why_not: null,
});

describe("the inventory", () => {
  it("is filtered by the server and says what policies are assigned to", async () => {
    const { user, network } = renderRoute(
      "/admin/tenants/t1?tab=inventory",
      answers({ "GET /api/v1/policy-types": types, [`GET ${T}/subjects`]: list(subject) }),
    );
    const row = (await screen.findByRole("link", { name: "Windows baseline" })).closest("tr") as HTMLElement;
    expect(within(row).getByText("2 assignments, 1 exclusion")).toBeVisible();
    await user.selectOptions(screen.getByRole("combobox", { name: "Policy type" }), "configuration_policies");
    await waitFor(() =>
      expect(network.of(`GET ${T}/subjects`).at(-1)?.query.get("policy_type")).toBe("configuration_policies"),
    );
    expect(network.of(`GET ${T}/subjects`)[0]?.query.has("cursor")).toBe(false);
  });

  it("shows raw content only to those allowed", async () => {
    const { network } = renderRoute(
      "/admin/tenants/t1/inventory/s1",
      answers({
        "GET /api/v1/policy-types": types,
        [`GET ${T}/subjects/s1`]: subject,
        [`GET ${T}/subjects/s1/versions`]: list(),
        [`GET ${T}/versions/v1`]: never,
      }),
    );
    expect(await screen.findByText("Raw content is not part of your access to this tenant.")).toBeVisible();
    expect(network.of(`GET ${T}/versions/v1`)).toHaveLength(0);
  });
});

describe("adding a tenant", () => {
  it("goes from the directory to its connection, and survives a reload", async () => {
    const { user, router } = renderRoute(
      "/admin/tenants/add",
      answers({
        "GET /api/v1/me": me(),
        "POST /api/v1/workspaces/:w/tenants": reply(tenant(), 201),
        [`GET ${T}/connection`]: connection({
          status: "none",
          client_id: null,
          revision: 0,
          write_enabled: false,
        }),
      }),
    );
    await user.type(await screen.findByLabelText(/^Name/), "Harbour & Sons");
    await user.type(screen.getByLabelText(/Directory \(tenant\) id/), "0D9F4B6E-8F53-4A83-9A26-3A1C5C0E1A04");
    await user.click(screen.getByRole("button", { name: "Next: connection" }));
    expect(await screen.findByRole("heading", { name: "Connect Harbour & Sons" })).toBeVisible();
    expect(router.state.location.search).toMatchObject({ tenant: "t1" });
    expect(screen.getByRole("switch", { name: "Allow changes to this tenant" })).not.toBeChecked();
  });

  it("tells when the directory is there already", async () => {
    const { user } = renderRoute("/admin/tenants/add", {
      "POST /api/v1/workspaces/:w/tenants": problem(409, "directory_already_registered"),
    });
    await user.type(await screen.findByLabelText(/^Name/), "Harbour & Sons");
    await user.type(screen.getByLabelText(/Directory \(tenant\) id/), tenant().directory_id);
    await user.click(screen.getByRole("button", { name: "Next: connection" }));
    expect(await screen.findByText("This directory is already in the workspace")).toBeVisible();
  });
});
