/** What of the audit trail is in the address. */
export interface AuditSearch {
  action?: string;
  /** Id of the person. */
  actor?: string;
  /** Id of the tenant. */
  tenant?: string;
  /** Id of the operation. */
  operation?: string;
  /** A preset such as "24h", or a time. */
  since?: string;
}
