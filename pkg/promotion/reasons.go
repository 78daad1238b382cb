package promotion

import "github.com/tenantatlas/tenantatlas/pkg/subject"

// Bucket is where preflight puts a subject.
type Bucket string

// The buckets. Aligned subjects are information: nothing is written.
const (
	Ready                 Bucket = "ready"
	Blocked               Bucket = "blocked"
	ManualMappingRequired Bucket = "manual_mapping_required"
	Aligned               Bucket = "aligned"
)

// Reason says why a subject is not ready.
type Reason struct {
	Code      ReasonCode
	Reference *NamedReference // what it is about, if it is about one thing
}

// NamedReference is a reference as an administrator knows it.
type NamedReference struct {
	Kind subject.RefKind
	Name string // empty when even its own tenant does not know it
}

// ReasonCode is a published reason of preflight.
type ReasonCode string

// The reasons that block a subject.
const (
	EndpointRetired             ReasonCode = "endpoint_retired"
	TypeUnsupported             ReasonCode = "type_unsupported"
	ReadOnlyObject              ReasonCode = "read_only_object"
	SecretNotExportable         ReasonCode = "secret_not_exportable"
	TenantBoundValue            ReasonCode = "tenant_bound_value"
	ContentNotExportable        ReasonCode = "content_not_exportable"
	PermissionMissing           ReasonCode = "permission_missing"
	ApprovalRequired            ReasonCode = "approval_required"
	TemplateInactive            ReasonCode = "template_inactive"
	ImmutableChange             ReasonCode = "immutable_change"
	NameConflict                ReasonCode = "name_conflict"
	NameInvalid                 ReasonCode = "name_invalid"
	AssignmentKindUnsupported   ReasonCode = "assignment_kind_unsupported"
	AutopilotAllDevicesConflict ReasonCode = "autopilot_all_devices_conflict"
	LockoutRisk                 ReasonCode = "ca_lockout_risk"
	SecurityDefaultsOn          ReasonCode = "security_defaults_on"
	SourceStale                 ReasonCode = "source_stale"
	SourceIncomplete            ReasonCode = "source_incomplete"
	TargetUnreadable            ReasonCode = "target_unreadable"
	DependencyBlocked           ReasonCode = "dependency_blocked"
)

// The reasons that need a person to map something.
const (
	TargetAmbiguous              ReasonCode = "target_ambiguous"
	AssignmentsWouldBeRemoved    ReasonCode = "assignments_would_be_removed"
	GroupNotFound                ReasonCode = "group_not_found"
	GroupAmbiguous               ReasonCode = "group_ambiguous"
	UserNotFound                 ReasonCode = "user_not_found"
	FilterNotFound               ReasonCode = "filter_not_found"
	ScopeTagNotFound             ReasonCode = "scope_tag_not_found"
	NotificationTemplateNotFound ReasonCode = "notification_template_not_found"
	ComplianceScriptNotFound     ReasonCode = "compliance_script_not_found"
	ReusableSettingNotFound      ReasonCode = "reusable_setting_not_found"
	AppNotFound                  ReasonCode = "app_not_found"
	AppAmbiguous                 ReasonCode = "app_ambiguous"
	NamedLocationNotFound        ReasonCode = "named_location_not_found"
	TermsOfUseNotFound           ReasonCode = "terms_of_use_not_found"
	AuthStrengthNotFound         ReasonCode = "auth_strength_not_found"
	CertificateAmbiguous         ReasonCode = "certificate_ambiguous"
)

// ReasonRow is one row of the reason catalogue.
type ReasonRow struct {
	Code    ReasonCode
	Bucket  Bucket
	Message string // plain sentence: what is wrong and what would change it
}

// Reasons is the catalogue, in the order reasons are shown.
var Reasons = []ReasonRow{
	{EndpointRetired, Blocked, "Microsoft has closed this family of policies to creation and management. Recreate it in the settings catalog."},
	{TypeUnsupported, Blocked, "This type of policy cannot be promoted."},
	{ReadOnlyObject, Blocked, "This object is built in; it cannot be created or changed."},
	{SecretNotExportable, Blocked, "It holds a secret value that Microsoft Graph does not return, so it cannot be carried over. Configure it in the target by hand."},
	{TenantBoundValue, Blocked, "It holds a value that only means something in its own tenant. Configure it in the target by hand."},
	{ContentNotExportable, Blocked, "Its content, such as an imported certificate or key, is not returned by Microsoft Graph. Create it in the target by hand."},
	{PermissionMissing, Blocked, "The target has not granted the permission that writing this type needs. Grant it and verify the connection."},
	{ApprovalRequired, Blocked, "The target protects this type with Multi Admin Approval, which an unattended write cannot pass."},
	{TemplateInactive, Blocked, "It is made from a template that the target does not offer, or no longer offers."},
	{ImmutableChange, Blocked, "The change touches a property that cannot be changed after creation. Replace the object by hand."},
	{NameConflict, Blocked, "The target has a policy of this type with the same name but for another platform, template or kind. Rename one of them."},
	{NameInvalid, Blocked, "The name is longer than the target allows or holds characters it refuses. Rename it in the source."},
	{AssignmentKindUnsupported, Blocked, "It is assigned in a way that this type of policy cannot carry in the target."},
	{AutopilotAllDevicesConflict, Blocked, "Another Autopilot profile of the target is already assigned to all devices."},
	{LockoutRisk, Blocked, "It is switched on for all users and excludes nobody, which could lock every administrator out of the target."},
	{SecurityDefaultsOn, Blocked, "The target uses security defaults; Conditional Access policies cannot be switched on beside them."},
	{SourceStale, Blocked, "The source was read too long ago to promote from. Sync the source."},
	{SourceIncomplete, Blocked, "The source's policies of this type, or their assignments, could not be read completely. Sync the source."},
	{TargetUnreadable, Blocked, "The target's policies or references of this kind could not be read completely, or were read too long ago. Sync the target."},
	{DependencyBlocked, Blocked, "It refers to another policy of this selection that is not ready."},
	{TargetAmbiguous, ManualMappingRequired, "More than one policy of the source or the target fits by name, so it is not certain which one is meant."},
	{AssignmentsWouldBeRemoved, ManualMappingRequired, "Applying the source's assignments would remove all assignments, or an exclusion, that the target has now."},
	{GroupNotFound, ManualMappingRequired, "A group it refers to does not exist in the target under that name."},
	{GroupAmbiguous, ManualMappingRequired, "A group it refers to exists more than once in the target under that name."},
	{UserNotFound, ManualMappingRequired, "It refers to a single user; users are not carried over."},
	{FilterNotFound, ManualMappingRequired, "An assignment filter it uses does not exist exactly once in the target."},
	{ScopeTagNotFound, ManualMappingRequired, "A scope tag it uses does not exist exactly once in the target."},
	{NotificationTemplateNotFound, ManualMappingRequired, "A notification template it uses does not exist exactly once in the target."},
	{ComplianceScriptNotFound, ManualMappingRequired, "A compliance script it uses does not exist exactly once in the target."},
	{ReusableSettingNotFound, ManualMappingRequired, "A reusable setting it uses does not exist exactly once in the target."},
	{AppNotFound, ManualMappingRequired, "An application it refers to does not exist in the target."},
	{AppAmbiguous, ManualMappingRequired, "An application it refers to exists more than once in the target under that name."},
	{NamedLocationNotFound, ManualMappingRequired, "A named location it uses does not exist exactly once in the target."},
	{TermsOfUseNotFound, ManualMappingRequired, "Terms of use it requires do not exist exactly once in the target."},
	{AuthStrengthNotFound, ManualMappingRequired, "An authentication strength it requires does not exist exactly once in the target."},
	{CertificateAmbiguous, ManualMappingRequired, "A certificate profile it uses does not exist exactly once in the target."},
}

var reasonByCode = func() map[ReasonCode]*ReasonRow {
	m := make(map[ReasonCode]*ReasonRow, len(Reasons))
	for i := range Reasons {
		m[Reasons[i].Code] = &Reasons[i]
	}
	return m
}()

// Message is the plain sentence of a reason.
func (r Reason) Message() string { return reasonByCode[r.Code].Message }

// notFound and several name the reason per reference kind; a kind without a
// reason of its own for "several" uses the first.
var notFound = map[subject.RefKind]ReasonCode{
	subject.RefGroup: GroupNotFound, subject.RefUser: UserNotFound, subject.RefFilter: FilterNotFound,
	subject.RefScopeTag: ScopeTagNotFound, subject.RefNotificationTemplate: NotificationTemplateNotFound,
	subject.RefComplianceScript: ComplianceScriptNotFound, subject.RefReusableSetting: ReusableSettingNotFound,
	subject.RefApp: AppNotFound, subject.RefApplication: AppNotFound, subject.RefNamedLocation: NamedLocationNotFound,
	subject.RefTermsOfUse: TermsOfUseNotFound, subject.RefAuthStrength: AuthStrengthNotFound,
	subject.RefCertificateProfile: CertificateAmbiguous,
}

var several = map[subject.RefKind]ReasonCode{subject.RefGroup: GroupAmbiguous, subject.RefApp: AppAmbiguous}
