import { client, type Schema } from "@/shared/api/client";
import { toProblem } from "@/shared/api/problem";

export type Preflight = Schema<"Preflight">;
export type PreflightItem = Schema<"PreflightItem">;
export type Bucket = PreflightItem["bucket"];
export type Selection = Schema<"Selection">;
export type StartResult = Schema<"StartResult">;

/** As many as the server gives at once. */
const pageSize = 10_000;

async function page(workspaceId: string, selection: Selection, cursor?: string): Promise<Preflight> {
  const { data, error } = await client.POST("/workspaces/{workspace_id}/cross-tenant-compare/preflight", {
    params: { path: { workspace_id: workspaceId } },
    body: { ...selection, limit: pageSize, cursor },
  });
  if (!data) throw error;
  return data;
}

async function whole(workspaceId: string, selection: Selection): Promise<Preflight> {
  const first = await page(workspaceId, selection);
  const items = [...first.items];
  for (let cursor = first.next_cursor; cursor; ) {
    const next = await page(workspaceId, selection, cursor);
    items.push(...next.items);
    cursor = next.next_cursor;
  }
  return { ...first, items, next_cursor: null };
}

/** Generates a preflight with all its subjects; when truth moves between two pages, once more. */
export async function generatePreflight(workspaceId: string, selection: Selection): Promise<Preflight> {
  try {
    return await whole(workspaceId, selection);
  } catch (error) {
    if (toProblem(error).code !== "cursor_stale") throw error;
    return whole(workspaceId, selection);
  }
}

/** Starts the promotion of a preflight; sends what was confirmed along. */
export async function startPromotion(
  workspaceId: string,
  selection: Selection,
  preflight: Preflight,
): Promise<StartResult> {
  const { data, error } = await client.POST("/workspaces/{workspace_id}/cross-tenant-compare/promotions", {
    params: { path: { workspace_id: workspaceId } },
    body: {
      selection,
      preflight_fingerprint: preflight.fingerprint,
      confirmation: {
        source_tenant_id: selection.source_tenant_id,
        target_tenant_id: selection.target_tenant_id,
        ready: preflight.counts.ready,
        excluded: preflight.counts.blocked + preflight.counts.manual_mapping_required,
      },
    },
  });
  if (!data) throw error;
  return data;
}
