import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, client } from "./client";
import { clearExpired } from "./session-state";

/** Who is signed in, and what the server lets them do where. */
export const meQuery = () => api.queryOptions("get", "/me", {}, { staleTime: 60_000 });

/** Ends the session at the server and forgets everything that was loaded. */
export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { error } = await client.DELETE("/session");
      if (error) throw error;
    },
    onSuccess: () => queryClient.clear(),
  });
}

/** After signing in: what failed is asked again. */
export async function sessionBegan(queryClient: QueryClient): Promise<void> {
  clearExpired();
  await queryClient.invalidateQueries();
}
