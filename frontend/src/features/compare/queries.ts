import { api, client, type Schema } from "@/shared/api/client";
import { toProblem } from "@/shared/api/problem";
import type { Selection } from "./search";

export type Preview = Schema<"Preview">;

/** As many as the server gives at once. */
const pageSize = 10_000;

async function page(
  workspaceId: string,
  selection: Selection,
  signal: AbortSignal,
  cursor?: string,
): Promise<Preview> {
  const { data, error } = await client.POST("/workspaces/{workspace_id}/cross-tenant-compare/preview", {
    params: { path: { workspace_id: workspaceId } },
    body: { ...selection, limit: pageSize, cursor },
    signal,
  });
  if (!data) throw error;
  return data;
}

async function whole(workspaceId: string, selection: Selection, signal: AbortSignal): Promise<Preview> {
  const first = await page(workspaceId, selection, signal);
  const items = [...first.items];
  for (let cursor = first.next_cursor; cursor; ) {
    const next = await page(workspaceId, selection, signal, cursor);
    items.push(...next.items);
    cursor = next.next_cursor;
  }
  return { ...first, items, next_cursor: null };
}

/** The whole comparison; when the inventory moves between two pages it begins anew, once. */
async function read(workspaceId: string, selection: Selection, signal: AbortSignal): Promise<Preview> {
  try {
    return await whole(workspaceId, selection, signal);
  } catch (error) {
    if (toProblem(error).code !== "cursor_stale") throw error;
    return whole(workspaceId, selection, signal);
  }
}

/** Every comparison of a workspace begins with this key. */
export const previewsKey = (workspaceId: string) => ["compare", workspaceId] as const;

const samePair = (one: Selection, other: Selection): boolean =>
  one.source_tenant_id === other.source_tenant_id && one.target_tenant_id === other.target_tenant_id;

/** The comparison; while a filter changes, the one before of the same pair stays. */
export const previewQuery = (workspaceId: string, selection: Selection) => ({
  queryKey: [...previewsKey(workspaceId), selection] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => read(workspaceId, selection, signal),
  placeholderData: (before: Preview | undefined) =>
    before && samePair(before.selection, selection) ? before : undefined,
});

/** What is different in one subject. */
export const diffQuery = (workspaceId: string, selection: Selection, subjectKey: string) =>
  api.queryOptions("post", "/workspaces/{workspace_id}/cross-tenant-compare/diff", {
    params: { path: { workspace_id: workspaceId } },
    body: { ...selection, subject_key: subjectKey },
  });
