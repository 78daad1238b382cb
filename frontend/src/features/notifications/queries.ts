import { api } from "@/shared/api/client";

/** The newest notifications; asked for twice a minute while the page is seen. */
export const notificationsQuery = () =>
  api.queryOptions(
    "get",
    "/me/notifications",
    { params: { query: { limit: 50 } } },
    { refetchInterval: 30_000 },
  );
