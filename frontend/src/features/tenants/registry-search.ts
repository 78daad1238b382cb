import type { Schema } from "@/shared/api/client";

/** What of the registry is in the address. */
export interface RegistrySearch {
  /** Part of a name or directory id. */
  q?: string;
  health?: Schema<"Connection">["status"];
  /** Archived tenants are shown, too. */
  archived?: boolean;
  sort?: "name" | "directory" | "health" | "sync";
  desc?: boolean;
}
