import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { createAppQueryClient } from "@/shared/api/query-client";
import { AnnouncerProvider } from "@/shared/ui/announcer";
import { createAppRouter } from "./router";
import { AppTheme } from "./theme";

/** The whole application. */
export function App() {
  const [queryClient] = useState(() => createAppQueryClient());
  const [router] = useState(() => createAppRouter(queryClient));
  return (
    <QueryClientProvider client={queryClient}>
      <AppTheme>
        <AnnouncerProvider>
          <RouterProvider router={router} />
        </AnnouncerProvider>
      </AppTheme>
    </QueryClientProvider>
  );
}
