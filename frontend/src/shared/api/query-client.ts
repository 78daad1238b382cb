import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { toProblem } from "./problem";
import { reportExpired } from "./session-state";

/** Failures that another try may cure. */
const transient = new Set(["unavailable", "unreachable", "unreadable", "internal"]);

function watchSession(error: unknown): void {
  if (toProblem(error).code === "unauthenticated") reportExpired();
}

/** One cache per page load; specs make their own without repeats. */
export function createAppQueryClient(retries = 2): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: watchSession }),
    mutationCache: new MutationCache({ onError: watchSession }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, error) => count < retries && transient.has(toProblem(error).code),
      },
      mutations: { retry: false },
    },
  });
}
