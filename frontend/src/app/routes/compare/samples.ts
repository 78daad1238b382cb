import { screen, within } from "@testing-library/react";
import type { Schema } from "@/shared/api/client";
import type { Answers } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { allowed, operation, tenant, workspaceId } from "@/testing/samples";

// Two tenants, three policies and their preflight, for the specs of this page.
export const source = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23";
export const target = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22";
export const runId = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e99";
export const base = `/api/v1/workspaces/${workspaceId}`;
export const previewPath = `POST ${base}/cross-tenant-compare/preview`;
export const preflightPath = `POST ${base}/cross-tenant-compare/preflight`;
export const promotionsPath = `POST ${base}/cross-tenant-compare/promotions`;
export const runPath = `GET ${base}/operations/:id`;

export const selection: Schema<"Selection"> = {
  source_tenant_id: source,
  target_tenant_id: target,
  policy_types: [],
  q: "",
  subject_keys: [],
  match_rule: "exact_name",
  assignments: "include",
};

export const generateAction = {
  name: "generate_preflight",
  label: "Generate promotion preflight",
  kind: "mutation",
  href: null,
  confirmation_required: false,
} as const;

export const executeAction = {
  ...generateAction,
  name: "execute_promotion",
  label: "Execute promotion",
} as const;

export const side = (
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

export function item(
  key: string,
  name: string,
  state: Schema<"CompareItem">["state"],
): Schema<"CompareItem"> {
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

export const preview = (values: Partial<Schema<"Preview">> = {}): Schema<"Preview"> => ({
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

export const preflight = (values: Partial<Schema<"Preflight">> = {}): Schema<"Preflight"> => ({
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

export const running = operation({
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

export const answers = (more: Answers = {}): Answers => ({
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

export const address = (more = "") => `/admin/cross-tenant-compare?source=${source}&target=${target}${more}`;
export const open = (more: Answers = {}, query = "") => renderRoute(address(query), answers(more));
export const button = (name: string | RegExp) => screen.findByRole("button", { name });
export const said = () => screen.getByTestId("announcer").textContent;

export async function confirmed(more: Answers, query = "") {
  const page = open(more, query);
  await page.user.click(await button("Generate promotion preflight"));
  await page.user.click(await button("Execute promotion"));
  const dialog = await screen.findByRole("alertdialog");
  await page.user.click(within(dialog).getByRole("button", { name: "Execute promotion" }));
  return page;
}
