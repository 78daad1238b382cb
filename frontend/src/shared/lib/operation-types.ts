import type { Schema } from "@/shared/api/client";

type OperationType = Schema<"Operation">["type"];

/** The kinds of queued work, in the server's order and words. */
export const operationTypeLabels: Record<OperationType, string> = {
  "connection.verify": "Verify connection",
  "inventory.sync": "Inventory sync",
  "promotion.execute": "Promotion",
  "report.permission_posture": "Permission posture report",
  "report.entra_admin_roles": "Entra admin roles report",
  "baseline.compare": "Baseline comparison",
  "evidence.collect": "Evidence collection",
  "review.compose": "Review composition",
  "review_pack.generate": "Review pack",
};

export const operationTypes = Object.keys(operationTypeLabels) as OperationType[];
