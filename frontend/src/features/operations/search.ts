import type { Schema } from "@/shared/api/client";

type Operation = Schema<"Operation">;
export type ItemStatus = Schema<"OperationItem">["status"];

/** What of the list of operations is in the address. */
export interface OperationsSearch {
  type?: Operation["type"];
  status?: Operation["status"];
  outcome?: Operation["outcome"];
  /** Id of a tenant; as source or as target. */
  tenant?: string;
  /** A preset such as "24h", or a time. */
  since?: string;
}

/** What of an operation's page is in the address. */
export interface OperationSearch {
  /** Only items with this status. */
  items?: ItemStatus;
}
