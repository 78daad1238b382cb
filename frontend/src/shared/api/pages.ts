interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

interface Answer<Item> {
  data?: Page<Item>;
  error?: unknown;
}

/** Reads a list to its end, page by page. For lists that are known to be short. */
export async function allItems<Item>(load: (cursor?: string) => Promise<Answer<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { data, error } = await load(cursor);
    if (!data) throw error;
    items.push(...data.items);
    cursor = data.next_cursor ?? undefined;
  } while (cursor);
  return items;
}

/** Options for useInfiniteQuery over a list of the contract. The first page has no cursor. */
export const byCursor = {
  pageParamName: "cursor",
  initialPageParam: null as string | null,
  getNextPageParam: (page: Page<unknown>): string | null => page.next_cursor,
};
