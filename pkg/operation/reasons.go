package operation

// The reason codes of skipped items: we decided not to write.
const (
	ReasonTargetChanged        = "target_changed"
	ReasonDependencyFailed     = "dependency_failed"
	ReasonOperationPaused      = "operation_paused"
	ReasonAuthorizationRevoked = "authorization_revoked"
	ReasonCancelled            = "cancelled"
	ReasonDeadline             = "deadline"
	ReasonCrashLoop            = "crash_loop"
)

// The reason codes of failed items: no safe payload, refused, or unproven.
const (
	ReasonPayloadUnresolvable = "payload_unresolvable"
	ReasonTargetRefused       = "target_refused"
	ReasonReadbackUnequal     = "readback_unequal"
	ReasonOutcomeUnknown      = "outcome_unknown"
	ReasonDuplicateInTarget   = "duplicate_in_target"
)

// The reason codes of a start that is refused (operation_blocked), besides
// ReasonOperationPaused.
const (
	ReasonConnectionUnverified = "connection_unverified"
	ReasonWriteDisabled        = "write_disabled"
	ReasonPermissionMissing    = "permission_missing"
	ReasonTenantArchived       = "tenant_archived"
)

// Reason is one entry of the catalogue: a code, the verdict it explains, and
// the plain sentence people read.
type Reason struct {
	Code     string
	Status   ItemStatus // skipped or failed; empty when it only blocks a start
	Sentence string
}

// reasons is the one list of reason codes of runs and items.
var reasons = []Reason{
	{ReasonTargetChanged, ItemSkipped, "The target changed after the preflight, so nothing was written."},
	{ReasonDependencyFailed, ItemSkipped, "Something this depends on was not applied, so nothing was written."},
	{ReasonOperationPaused, ItemSkipped, "This kind of operation is paused; what had not been begun was left out."},
	{ReasonAuthorizationRevoked, ItemSkipped, "The person who started this may no longer do it; what had not been begun was left out."},
	{ReasonCancelled, ItemSkipped, "The operation was cancelled; what had not been begun was left out."},
	{ReasonDeadline, ItemSkipped, "The operation ran out of time; what had not been begun was left out."},
	{ReasonCrashLoop, ItemSkipped, "The operation was interrupted too often and was given up; what had not been begun was left out."},
	{ReasonPayloadUnresolvable, ItemFailed, "No safe content for the target could be made from what was captured."},
	{ReasonTargetRefused, ItemFailed, "The target refused the change."},
	{ReasonReadbackUnequal, ItemFailed, "What the target returned after the change is not what was intended."},
	{ReasonOutcomeUnknown, ItemFailed, "A change was begun and its result could not be proven. Check the target."},
	{ReasonDuplicateInTarget, ItemFailed, "The target holds two equal objects. Remove one of them in the target."},
	{ReasonConnectionUnverified, "", "The target's connection has not been verified. Verify it and try again."},
	{ReasonWriteDisabled, "", "Writing is switched off for the target's connection."},
	{ReasonPermissionMissing, "", "The target's connection lacks a permission this needs."},
	{ReasonTenantArchived, "", "One of the tenants is archived."},
}

// Reasons returns the catalogue of reason codes.
func Reasons() []Reason { return append([]Reason(nil), reasons...) }

// Sentence is the plain sentence of a reason code, or "" when the catalogue of
// this room does not know it (types may have codes of their own).
func Sentence(code string) string {
	for _, r := range reasons {
		if r.Code == code {
			return r.Sentence
		}
	}
	return ""
}

// endsRun holds the reasons that stop a whole run, not one item.
var endsRun = map[string]bool{
	ReasonCancelled: true, ReasonOperationPaused: true, ReasonAuthorizationRevoked: true,
	ReasonDeadline: true, ReasonCrashLoop: true,
}
