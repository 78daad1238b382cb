import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type Answers, never, problem } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { answers, base, button, open, preview, previewPath, side, source, target } from "./samples";

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
