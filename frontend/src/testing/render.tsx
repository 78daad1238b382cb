import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createAppRouter } from "@/app/router";
import { AppTheme } from "@/app/theme";
import { createAppQueryClient } from "@/shared/api/query-client";
import { AnnouncerProvider } from "@/shared/ui/announcer";
import { type Answers, mockNetwork } from "./network";
import { me } from "./samples";

/**
 * The whole application at an address, on a network that gives these answers.
 * "GET /api/v1/me" is a signed-in owner unless answered otherwise.
 */
export function renderRoute(address: string, answers: Answers = {}) {
  const network = mockNetwork({
    "GET /api/v1/me": me(),
    "GET /api/v1/me/notifications": { items: [], next_cursor: null },
    ...answers,
  });
  const queryClient = createAppQueryClient(0);
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [address] }));
  const view = render(
    <QueryClientProvider client={queryClient}>
      <AppTheme>
        <AnnouncerProvider>
          <RouterProvider router={router} />
        </AnnouncerProvider>
      </AppTheme>
    </QueryClientProvider>,
  );
  return { ...view, router, network, user: userEvent.setup() };
}
