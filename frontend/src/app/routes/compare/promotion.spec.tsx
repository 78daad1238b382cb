import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { type Answers, problem, reply } from "@/testing/network";
import { refused } from "@/testing/samples";
import {
  button,
  confirmed,
  open,
  preflight,
  preflightPath,
  previewPath,
  promotionsPath,
  runId,
  running,
  runPath,
  said,
  selection,
  source,
  target,
} from "./samples";

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
