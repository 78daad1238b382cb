import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Schema } from "@/shared/api/client";
import { type Answers, never, problem, reply } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { allowed, operation, refused, tenant, workspaceId } from "@/testing/samples";

const source = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23";
const target = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22";
const runId = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e99";
const base = `/api/v1/workspaces/${workspaceId}`;
const previewPath = `POST ${base}/cross-tenant-compare/preview`;
const preflightPath = `POST ${base}/cross-tenant-compare/preflight`;
const promotionsPath = `POST ${base}/cross-tenant-compare/promotions`;
const runPath = `GET ${base}/operations/:id`;

const selection: Schema<"Selection"> = {
  source_tenant_id: source,
  target_tenant_id: target,
  policy_types: [],
  q: "",
  subject_keys: [],
  match_rule: "exact_name",
  assignments: "include",
};

const generateAction = {
  name: "generate_preflight",
  label: "Generate promotion preflight",
  kind: "mutation",
  href: null,
  confirmation_required: false,
} as const;

const executeAction = { ...generateAction, name: "execute_promotion", label: "Execute promotion" } as const;

const side = (
  id: string,
  name: string,
  values: Partial<Schema<"TenantSummary">> = {},
): Schema<"TenantSummary"> => ({
  id,
  display_name: name,
  directory_id: id,
  connection_status: "verified",
  last_sync: { at: "2026-11-24T09:00:00Z", outcome: "succeeded" },
  not_evaluated_types: [],
  ...values,
});

function item(key: string, name: string, state: Schema<"CompareItem">["state"]): Schema<"CompareItem"> {
  const ambiguous = state === "ambiguous";
  return {
    subject_key: `intents:${key}`,
    policy_type: "intents",
    display_name: name,
    state,
    causes: state === "different" ? ["content"] : [],
    match: { kind: ambiguous ? "ambiguous" : "exact", target_name: ambiguous ? null : name },
    candidates: { source: 1, target: ambiguous ? 2 : 1 },
    source_version_id: ambiguous ? null : "v1",
    target_version_id: ambiguous ? null : "v2",
    source_captured_at: "2026-11-24T09:00:00Z",
    target_captured_at: "2026-11-24T09:00:00Z",
  };
}

const preview = (values: Partial<Schema<"Preview">> = {}): Schema<"Preview"> => ({
  selection,
  source: side(source, "Nordwind Baseline"),
  target: side(target, "Harbour & Sons"),
  counts: {
    aligned: 1,
    different: 1,
    missing_in_target: 0,
    only_in_target: 0,
    ambiguous: 1,
    not_evaluated: 0,
  },
  items: [
    item("1", "Antivirus", "aligned"),
    item("2", "Firewall", "different"),
    item("3", "Edge", "ambiguous"),
  ],
  next_cursor: null,
  latest_operation: null,
  primary_action: generateAction,
  ...values,
});

const preflight = (values: Partial<Schema<"Preflight">> = {}): Schema<"Preflight"> => ({
  fingerprint: "f1",
  rule_version: "1",
  generated_at: "2026-11-24T09:00:00Z",
  executable: true,
  counts: { ready: 1, blocked: 0, manual_mapping_required: 1, aligned: 1 },
  mutation_scope: {
    target_tenant_id: target,
    statement: "One policy would be updated.",
    creates: 0,
    updates: 1,
  },
  items: [
    {
      subject_key: "intents:2",
      policy_type: "intents",
      display_name: "Firewall",
      bucket: "ready",
      action: "update",
      reasons: [],
      match: { kind: "exact", target_name: "Firewall" },
    },
    {
      subject_key: "intents:3",
      policy_type: "intents",
      display_name: "Edge",
      bucket: "manual_mapping_required",
      action: "none",
      reasons: [{ code: "target_ambiguous", message: "More than one fits.", reference: null }],
      match: { kind: "ambiguous", target_name: null },
    },
  ],
  next_cursor: null,
  primary_action: executeAction,
  actions: { execute: allowed },
  ...values,
});

const running = operation({
  id: runId,
  type: "promotion.execute",
  label: "Promotion",
  status: "running",
  outcome: "pending",
  completed_at: null,
  summary_counts: {
    total: 4,
    processed: 1,
    succeeded: 1,
    failed: 0,
    skipped: 0,
    created: 0,
    updated: 1,
    unchanged: 0,
  },
});

const answers = (more: Answers = {}): Answers => ({
  [`GET ${base}/tenants`]: {
    items: [
      tenant({ id: source, display_name: "Nordwind Baseline" }),
      tenant({ id: target, display_name: "Harbour & Sons" }),
    ],
    next_cursor: null,
  },
  "GET /api/v1/policy-types": {
    items: [
      {
        key: "intents",
        label: "Endpoint security",
        graph_path: "",
        readable: true,
        promotable: true,
        why_not: null,
      },
    ],
    next_cursor: null,
  },
  [previewPath]: preview(),
  [preflightPath]: preflight(),
  ...more,
});

const address = (more = "") => `/admin/cross-tenant-compare?source=${source}&target=${target}${more}`;
const open = (more: Answers = {}, query = "") => renderRoute(address(query), answers(more));
const button = (name: string | RegExp) => screen.findByRole("button", { name });
const said = () => screen.getByTestId("announcer").textContent;

async function confirmed(more: Answers, query = "") {
  const page = open(more, query);
  await page.user.click(await button("Generate promotion preflight"));
  await page.user.click(await button("Execute promotion"));
  const dialog = await screen.findByRole("alertdialog");
  await page.user.click(within(dialog).getByRole("button", { name: "Execute promotion" }));
  return page;
}

describe("choosing what is compared", () => {
  it("asks for the source when only the target is known", async () => {
    const { network } = renderRoute(`/admin/cross-tenant-compare?target=${target}`, answers());
    expect(await screen.findByRole("heading", { name: "Choose the source tenant" })).toBeVisible();
    expect(await screen.findByRole("combobox", { name: "Target tenant" })).toHaveValue("Harbour & Sons");
    expect(network.of(previewPath)).toHaveLength(0);
  });

  it("sends the selection of the address", async () => {
    const { network } = open(
      {},
      "&types=intents&q=wall&match=ignore_version_suffix&assignments=exclude&keys=b,a",
    );
    await screen.findByRole("table");
    expect(network.of(previewPath)[0]?.body).toMatchObject({
      source_tenant_id: source,
      target_tenant_id: target,
      policy_types: ["intents"],
      q: "wall",
      subject_keys: ["a", "b"],
      match_rule: "ignore_version_suffix",
      assignments: "exclude",
    });
  });

  it("swaps only after a question", async () => {
    const { user, router } = open();
    await user.click(await button("Swap source and target"));
    const dialog = await screen.findByRole("alertdialog");
    expect(within(dialog).getByRole("button", { name: "Cancel" })).toHaveFocus();
    await user.click(within(dialog).getByRole("button", { name: "Swap" }));
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ source: target, target: source }),
    );
  });
});

describe("the comparison", () => {
  it("shows both tenants, counts and rows; a click on a row does nothing", async () => {
    const { user, router } = open();
    const row = await screen.findByText("Firewall");
    expect(screen.getByRole("tab", { name: /^All \(3\)/ })).toBeVisible();
    expect(screen.getByRole("tab", { name: /^Needs attention \(1\)/ })).toBeVisible();
    const before = router.state.location.href;
    await user.click(row);
    expect(router.state.location.href).toBe(before);
    expect(screen.queryByRole("region", { name: "Differences of Firewall" })).toBeNull();
  });

  it("opens the differences of a row", async () => {
    const { user } = open({
      [`POST ${base}/cross-tenant-compare/diff`]: {
        subject_key: "intents:2",
        changes: [{ path: "p", label: "Minimum length", kind: "changed", source_value: 12, target_value: 8 }],
        truncated: false,
      },
    });
    await user.click(await button("Differences of Firewall"));
    const region = await screen.findByRole("region", { name: "Differences of Firewall" });
    expect(await within(region).findByText("Minimum length")).toBeVisible();
    expect(within(region).getByText("12")).toBeVisible();
  });

  it("keeps the tab in the address, without asking the server again", async () => {
    const { user, router, network } = open();
    await user.click(await screen.findByRole("tab", { name: /^Different \(1\)/ }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ tab: "different" }));
    expect(screen.queryByText("Antivirus")).toBeNull();
    expect(network.of(previewPath)).toHaveLength(1);
  });

  it("says which types were not read, and when a tenant was never synced", async () => {
    open({
      [previewPath]: preview({
        source: side(source, "Nordwind Baseline", { not_evaluated_types: ["intents"] }),
        target: side(target, "Vela", { last_sync: null, not_evaluated_types: ["intents"] }),
      }),
    });
    expect(await screen.findByText("Vela has never been synced")).toBeVisible();
    expect(screen.getByText(/1 policy type was not read completely in Nordwind Baseline/)).toBeVisible();
  });

  it("has no dominant button when source and target are the same", async () => {
    open({ [previewPath]: preview({ primary_action: null }) });
    await screen.findByRole("table");
    expect(screen.queryByRole("button", { name: "Generate promotion preflight" })).toBeNull();
  });

  it.each<[string, Answers[string], string]>([
    ["a tenant that is not there", problem(404, "not_found"), "Not found"],
    ["a filter that is not known", problem(422, "invalid_input"), "This selection cannot be compared"],
    ["a server that is away", problem(503, "unavailable"), "The service is not available"],
  ])("keeps the pickers with %s", async (_, answer, title) => {
    open({ [previewPath]: answer });
    expect(await screen.findByRole("heading", { name: title })).toBeVisible();
    expect(screen.getByRole("combobox", { name: "Source tenant" })).toBeVisible();
  });

  it("shows the shape of what is coming", async () => {
    open({ [previewPath]: never });
    expect(await screen.findByLabelText("Loading the comparison")).toBeInTheDocument();
  });

  it("offers to clear filters that match nothing", async () => {
    const none = {
      aligned: 0,
      different: 0,
      missing_in_target: 0,
      only_in_target: 0,
      ambiguous: 0,
      not_evaluated: 0,
    };
    open({ [previewPath]: preview({ items: [], counts: none }) }, "&q=zzz");
    expect(await screen.findByRole("heading", { name: "No policy matches" })).toBeVisible();
  });

  it("leads back to where the operator came from, and nowhere else", async () => {
    open({}, `&return=${encodeURIComponent("/admin/tenants?q=x")}`);
    expect(await screen.findByRole("link", { name: "Return" })).toHaveAttribute("href", "/admin/tenants?q=x");
  });

  it("knows no way back to another origin", async () => {
    open({}, `&return=${encodeURIComponent("//elsewhere.example/x")}`);
    await screen.findByRole("table");
    expect(screen.queryByRole("link", { name: "Return" })).toBeNull();
  });
});

describe("the preflight", () => {
  it("adds up, keeps subjects one disclosure away and says what would have to change", async () => {
    const { user } = open();
    await user.click(await button("Generate promotion preflight"));
    expect(await screen.findByText("Judged by the preflight")).toBeVisible();
    expect(said()).toBe("Preflight generated: 1 ready, 0 blocked, 1 manual mapping.");
    expect(screen.queryByText(/More than one fits/)).toBeNull();
    await user.click(await button("Show policies: Manual mapping"));
    expect(screen.getByText(/More than one fits/)).toHaveTextContent("Rename or remove the others");
  });

  it("says when it does not show the moment of the comparison", async () => {
    const { user } = open({
      [preflightPath]: preflight({
        counts: { ready: 0, blocked: 0, manual_mapping_required: 1, aligned: 2 },
      }),
    });
    await user.click(await button("Generate promotion preflight"));
    expect(await screen.findByText("Comparison and preflight do not show the same moment")).toBeVisible();
  });

  it("has one dominant button at a time", async () => {
    const { user } = open();
    await user.click(await button("Generate promotion preflight"));
    await button("Execute promotion");
    expect(screen.queryByRole("button", { name: "Generate promotion preflight" })).toBeNull();
  });

  it("shows Execute disabled with guidance to those who may not", async () => {
    const { user, network } = open({
      [preflightPath]: preflight({ actions: { execute: refused("Ask a manager of the target tenant.") } }),
    });
    await user.click(await button("Generate promotion preflight"));
    const execute = await button("Execute promotion");
    expect(execute).toHaveAttribute("aria-disabled", "true");
    // Once in sight, once as the button's description.
    expect(screen.getAllByText("Ask a manager of the target tenant.")[0]).toBeVisible();
    await user.click(execute);
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(network.of(promotionsPath)).toHaveLength(0);
  });

  it("is discarded, with the dialog, by another selection", async () => {
    const { user, router } = open();
    await user.click(await button("Generate promotion preflight"));
    await user.click(await button("Execute promotion"));
    await screen.findByRole("alertdialog");
    await router.navigate({
      to: "/admin/cross-tenant-compare",
      search: { source, target, assignments: "exclude" },
    });
    await button("Generate promotion preflight");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(screen.queryByText("Judged by the preflight")).toBeNull();
  });
});

describe("executing", () => {
  it("asks first: both tenants, how many, what is never changed, and Cancel has the focus", async () => {
    const { user, network } = open();
    await user.click(await button("Generate promotion preflight"));
    await user.click(await button("Execute promotion"));
    const dialog = await screen.findByRole("alertdialog");
    expect(dialog).toHaveTextContent("1 ready (create 0 / update 1)");
    expect(dialog).toHaveTextContent("1 excluded");
    expect(dialog).toHaveTextContent(
      "Changes are made in Harbour & Sons only. Nothing is changed in Nordwind Baseline.",
    );
    expect(within(dialog).getByRole("button", { name: "Cancel" })).toHaveFocus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    await waitFor(async () => expect(await button("Execute promotion")).toHaveFocus());
    expect(network.of(promotionsPath)).toHaveLength(0);
  });

  it("sends what was confirmed, keeps the page and shows the run", async () => {
    const { router, network } = await confirmed(
      {
        [promotionsPath]: reply(
          { result: "queued", message: "The promotion was queued.", operation: running },
          202,
        ),
        [runPath]: running,
      },
      "&return=/admin/tenants",
    );
    expect(await screen.findByText("Promotion queued")).toBeVisible();
    expect(network.of(promotionsPath)[0]?.body).toEqual({
      selection,
      preflight_fingerprint: "f1",
      confirmation: { source_tenant_id: source, target_tenant_id: target, ready: 1, excluded: 1 },
    });
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({
        source,
        target,
        run: runId,
        return: "/admin/tenants",
      }),
    );
    expect(screen.getByText("1 of 4 done")).toBeVisible();
    expect(screen.getByRole("link", { name: "Open operation" })).toHaveAttribute(
      "href",
      `/admin/operations/${runId}`,
    );
    expect(screen.getByText("Manual mapping")).toBeVisible();
    expect(await button("Generate promotion preflight")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Execute promotion" })).toBeNull();
  });

  it("tells when the same promotion runs already", async () => {
    await confirmed({
      [promotionsPath]: { result: "deduplicated", message: "It is already active.", operation: running },
      [runPath]: running,
    });
    expect(await screen.findByText("This promotion is already running")).toBeVisible();
    expect(screen.getByText("1 of 4 done")).toBeVisible();
  });

  it.each<[string, Answers[string], string]>([
    ["a busy target", problem(409, "scope_busy", { operation: running }), "The target tenant is busy"],
    [
      "a pause",
      problem(409, "operation_blocked", { reason_code: "operation_paused" }),
      "This cannot be started now",
    ],
    ["a missing right", problem(403, "forbidden"), "Your role does not allow this"],
    ["a tenant out of reach", problem(404, "not_found"), "Not found"],
    ["nothing ready", problem(422, "no_ready_subjects", { counts: preflight().counts }), "Nothing is ready"],
  ])("keeps the comparison and starts nothing: %s", async (_, answer, title) => {
    const { router } = await confirmed({ [promotionsPath]: answer });
    expect(await screen.findByText(title)).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(screen.getByText("Firewall")).toBeVisible();
    expect(router.state.location.search).toMatchObject({ source, target });
    expect(router.state.location.search).not.toHaveProperty("run");
  });

  it("links the run that is in the way", async () => {
    await confirmed({ [promotionsPath]: problem(409, "scope_busy", { operation: running }) });
    expect(await screen.findByRole("link", { name: "Open operation" })).toHaveAttribute(
      "href",
      `/admin/operations/${runId}`,
    );
  });

  it("says in the dialog what has changed and offers to generate again", async () => {
    const { user, network } = await confirmed({
      [promotionsPath]: problem(409, "preflight_stale", {
        changes: {
          unknown_preflight: false,
          rule_changed: false,
          selection_changed: false,
          source: 0,
          target: 1,
          counts_then: preflight().counts,
          counts_now: { ready: 0, blocked: 0, manual_mapping_required: 1, aligned: 2 },
          subjects: [{ subject_key: "intents:2", display_name: "Firewall", side: "target" }],
        },
      }),
    });
    const dialog = await screen.findByRole("alertdialog", { name: "The preflight is out of date" });
    expect(dialog).toHaveTextContent("1 policy of Harbour & Sons was captured anew or deleted.");
    expect(dialog).toHaveTextContent("Firewall, in Harbour & Sons");
    expect(within(dialog).queryByRole("button", { name: "Execute promotion" })).toBeNull();
    await user.click(within(dialog).getByRole("button", { name: "Generate again" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    await waitFor(() => expect(network.of(preflightPath)).toHaveLength(2));
  });

  it("says what the numbers are when others were confirmed", async () => {
    await confirmed({
      [promotionsPath]: problem(422, "confirmation_mismatch", {
        counts: { ready: 7, blocked: 0, manual_mapping_required: 1, aligned: 1 },
      }),
    });
    const dialog = await screen.findByRole("alertdialog", { name: "The numbers have changed" });
    expect(dialog).toHaveTextContent("7 ready, 0 blocked, 1 manual mapping");
    expect(within(dialog).getByRole("button", { name: "Generate again" })).toHaveFocus();
  });

  it("lets the same be tried again when the network is lost", async () => {
    const { user, network } = await confirmed({
      [promotionsPath]: () => {
        throw new TypeError("no network");
      },
    });
    const dialog = await screen.findByRole("alertdialog");
    expect(await within(dialog).findByText("The server cannot be reached")).toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "Execute promotion" }));
    await waitFor(() => expect(network.of(promotionsPath)).toHaveLength(2));
  });

  it("shows the run of the address", async () => {
    open({ [runPath]: running }, `&run=${runId}`);
    expect(await screen.findByText("1 of 4 done")).toBeVisible();
  });

  it("compares anew when the run has ended", async () => {
    vi.useFakeTimers({
      shouldAdvanceTime: true,
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"],
    });
    const ended = {
      ...running,
      status: "completed",
      outcome: "succeeded",
      completed_at: "2026-11-24T09:01:00Z",
    };
    let asked = 0;
    const { network } = open({ [runPath]: () => (asked++ === 0 ? running : ended) }, `&run=${runId}`);
    await screen.findByText("1 of 4 done");
    await vi.advanceTimersByTimeAsync(5_000);
    await waitFor(() => expect(network.of(previewPath)).toHaveLength(2));
    expect(said()).toBe("Promotion: Succeeded.");
    vi.useRealTimers();
  });
});
