package subject

import "slices"

const retired = "Microsoft has closed this family to creation and management; recreate the policy in the settings catalog."

// The catalogue: one row a policy type, in the order an administrator would
// look for them. Facts come from Microsoft's published metadata and from what
// working tools observe; see the decision note on normalisation.
var catalogue = []Type{
	{
		Key: "configuration_policies", Label: "Settings catalog policies", Collection: "configurationPolicies",
		Path: "/deviceManagement/configurationPolicies", Name: "name",
		ODataType: "microsoft.graph.deviceManagementConfigurationPolicy",
		Assigning: AssignSet, ScopeTags: "roleScopeTagIds", Catalog: true,
		Discriminators: []string{"platforms", "technologies", "templateReference.templateFamily"},
		Volatile:       []string{"settingCount", "creationSource", "priorityMetaData", "templateReference.templateDisplayName", "templateReference.templateDisplayVersion", "disableEntraGroupPolicyAssignment"},
		Portable:       true, WriteOrder: 60,
	},
	{
		Key: "device_configurations", Label: "Device configuration profiles", Collection: "deviceConfigurations",
		Path: "/deviceManagement/deviceConfigurations", Name: "displayName",
		Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Volatile: []string{
			"qualityUpdatesPauseStartDate", "featureUpdatesPauseStartDate", "qualityUpdatesWillBeRolledBack", "featureUpdatesWillBeRolledBack",
			"qualityUpdatesPauseExpiryDateTime", "featureUpdatesPauseExpiryDateTime", "qualityUpdatesRollbackStartDateTime", "featureUpdatesRollbackStartDateTime",
			"omaSettings[].secretReferenceValueId",
		},
		Keyed:      map[string][]string{"omaSettings": {"omaUri"}},
		Sets:       []string{"rootCertificatesForServerValidation", "networkAccessConfigurations"},
		References: certificateLinks,
		Base64:     []string{"payload", "trustedRootCertificate"},
		Secrets:    []string{"preSharedKey", "password", "pfxBlob", "preSharedKeyIsSet", "proxyPassword", "passwordFormatString"},
		RefKind:    RefCertificateProfile, Portable: true, WriteOrder: 50,
	},
	{
		Key: "device_compliance_policies", Label: "Compliance policies", Collection: "deviceCompliancePolicies",
		Path: "/deviceManagement/deviceCompliancePolicies", Name: "displayName",
		Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Volatile: []string{"wslDistributions", "scheduledActionsForRule[].id", "scheduledActionsForRule[].ruleName", "scheduledActionsForRule[].scheduledActionConfigurations[].id"},
		Sets:     []string{"scheduledActionsForRule", "scheduledActionsForRule[].scheduledActionConfigurations", "validOperatingSystemBuildRanges"},
		References: []Ref{
			{"scheduledActionsForRule[].scheduledActionConfigurations[].notificationTemplateId", RefNotificationTemplate},
			{"scheduledActionsForRule[].scheduledActionConfigurations[].notificationMessageCCList[]", RefGroup},
			{"deviceCompliancePolicyScript.deviceComplianceScriptId", RefComplianceScript},
		},
		Portable: true, WriteOrder: 60,
	},
	{
		Key: "compliance_policies", Label: "Compliance policies (settings catalog)", Collection: "compliancePolicies",
		Path: "/deviceManagement/compliancePolicies", Name: "name",
		ODataType: "microsoft.graph.deviceManagementCompliancePolicy",
		Assigning: AssignSet, ScopeTags: "roleScopeTagIds", Catalog: true,
		Discriminators: []string{"platforms", "technologies"},
		Volatile:       []string{"settingCount", "creationSource", "scheduledActionsForRule[].id", "scheduledActionsForRule[].ruleName", "scheduledActionsForRule[].scheduledActionConfigurations[].id"},
		Sets:           []string{"scheduledActionsForRule", "scheduledActionsForRule[].scheduledActionConfigurations"},
		References: []Ref{
			{"scheduledActionsForRule[].scheduledActionConfigurations[].notificationTemplateId", RefNotificationTemplate},
			{"scheduledActionsForRule[].scheduledActionConfigurations[].notificationMessageCCList[]", RefGroup},
		},
		Portable: true, WriteOrder: 60,
	},
	{
		Key: "conditional_access_policies", Label: "Conditional Access policies", Collection: "conditionalAccessPolicies",
		Path: "/identity/conditionalAccess/policies", Name: "displayName",
		ODataType: "microsoft.graph.conditionalAccessPolicy",
		Volatile: []string{
			"templateId", "deletedDateTime", "partialEnablementStrategy", "conditions.deviceStates", "conditions.times",
			"grantControls.authenticationStrength.createdDateTime", "grantControls.authenticationStrength.modifiedDateTime", "grantControls.authenticationStrength.displayName",
			"grantControls.authenticationStrength.description", "grantControls.authenticationStrength.policyType", "grantControls.authenticationStrength.requirementsSatisfied",
			"grantControls.authenticationStrength.allowedCombinations", "grantControls.authenticationStrength.combinationConfigurations",
		},
		References: []Ref{
			{"conditions.users.includeUsers[]", RefUser},
			{"conditions.users.excludeUsers[]", RefUser},
			{"conditions.users.includeGroups[]", RefGroup},
			{"conditions.users.excludeGroups[]", RefGroup},
			{"conditions.applications.includeApplications[]", RefApplication},
			{"conditions.applications.excludeApplications[]", RefApplication},
			{"conditions.locations.includeLocations[]", RefNamedLocation},
			{"conditions.locations.excludeLocations[]", RefNamedLocation},
			{"grantControls.authenticationStrength.id", RefAuthStrength},
			{"grantControls.termsOfUse[]", RefTermsOfUse},
		},
		Portable: true, WriteOrder: 80,
	},
	{
		Key: "named_locations", Label: "Named locations", Collection: "namedLocations",
		Path: "/identity/conditionalAccess/namedLocations", Name: "displayName",
		Volatile: []string{"deletedDateTime"},
		Sets:     []string{"ipRanges"},
		RefKind:  RefNamedLocation, Portable: true, WriteOrder: 20,
	},
	appProtection("ios_managed_app_protections", "App protection policies (iOS)", "iosManagedAppProtections", "microsoft.graph.iosManagedAppProtection"),
	appProtection("android_managed_app_protections", "App protection policies (Android)", "androidManagedAppProtections", "microsoft.graph.androidManagedAppProtection"),
	script("device_management_scripts", "PowerShell scripts", "deviceManagementScripts", "microsoft.graph.deviceManagementScript"),
	script("device_shell_scripts", "Shell scripts", "deviceShellScripts", "microsoft.graph.deviceShellScript"),
	customAttributes(),
	{
		Key: "device_health_scripts", Label: "Remediations", Collection: "deviceHealthScripts",
		Path: "/deviceManagement/deviceHealthScripts", Name: "displayName",
		ODataType: "microsoft.graph.deviceHealthScript", Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Volatile:     []string{"isGlobalScript", "highestAvailableVersion", "deviceHealthScriptType"},
		Base64:       []string{"detectionScriptContent", "remediationScriptContent"},
		ReadOnlyWhen: []Match{{"isGlobalScript", true}},
		Portable:     true, WriteOrder: 60,
	},
	{
		Key: "device_compliance_scripts", Label: "Compliance scripts", Collection: "deviceComplianceScripts",
		Path: "/deviceManagement/deviceComplianceScripts", Name: "displayName",
		ODataType: "microsoft.graph.deviceComplianceScript", ScopeTags: "roleScopeTagIds",
		Base64:  []string{"detectionScriptContent"},
		RefKind: RefComplianceScript, Portable: true, WriteOrder: 30,
	},
	{
		Key: "reusable_policy_settings", Label: "Reusable settings", Collection: "reusablePolicySettings",
		Path: "/deviceManagement/reusablePolicySettings", Name: "displayName",
		ODataType: "microsoft.graph.deviceManagementReusablePolicySetting", Catalog: true,
		Discriminators: []string{"settingDefinitionId"},
		Volatile:       []string{"referencingConfigurationPolicyCount", "referencingConfigurationPolicies"},
		RefKind:        RefReusableSetting, Portable: true, WriteOrder: 30,
	},
	{
		Key: "group_policy_configurations", Label: "Administrative templates", Collection: "groupPolicyConfigurations",
		Path: "/deviceManagement/groupPolicyConfigurations", Name: "displayName",
		ODataType: "microsoft.graph.groupPolicyConfiguration", Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Volatile: []string{
			"policyConfigurationIngestionType", "definitionValues[].id", "definitionValues[].configurationType", "definitionValues[].createdDateTime",
			"definitionValues[].presentationValues[].id", "definitionValues[].presentationValues[].createdDateTime",
		},
		Sets:   []string{"definitionValues", "definitionValues[].presentationValues"},
		WhyNot: retired, WhyNotCode: "endpoint_retired",
	},
	{
		Key: "intents", Label: "Endpoint security policies (templates)", Collection: "intents",
		Path: "/deviceManagement/intents", Name: "displayName",
		ODataType: "microsoft.graph.deviceManagementIntent", Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Discriminators: []string{"templateId"},
		Volatile:       []string{"isMigratingToConfigurationPolicy", "versionInfo", "templateDisplayName", "settings[].id", "settings[].value", "categories"},
		Keyed:          map[string][]string{"settings": {"definitionId"}},
		WhyNot:         retired, WhyNotCode: "endpoint_retired",
	},
	{
		Key: "assignment_filters", Label: "Assignment filters", Collection: "assignmentFilters",
		Path: "/deviceManagement/assignmentFilters", Name: "displayName",
		ODataType: "microsoft.graph.deviceAndAppManagementAssignmentFilter", ScopeTags: "roleScopeTags",
		Discriminators: []string{"platform"}, Volatile: []string{"payloads"}, Immutable: []string{"platform"},
		RefKind: RefFilter, Portable: true, WriteOrder: 15,
	},
	{
		Key: "role_scope_tags", Label: "Scope tags", Collection: "roleScopeTags",
		Path: "/deviceManagement/roleScopeTags", Name: "displayName",
		ODataType: "microsoft.graph.roleScopeTag", Assigning: AssignSet, Volatile: []string{"isBuiltIn", "permissions"},
		ReadOnlyWhen: []Match{{"isBuiltIn", true}},
		RefKind:      RefScopeTag, Portable: true, WriteOrder: 10,
	},
	{
		Key: "role_definitions", Label: "Intune roles", Collection: "roleDefinitions",
		Path: "/deviceManagement/roleDefinitions", Name: "displayName",
		ScopeTags: "roleScopeTagIds",
		Volatile:  []string{"isBuiltIn", "isBuiltInRoleDefinition", "permissions", "roleAssignments"}, Sets: []string{"rolePermissions", "rolePermissions[].resourceActions"},
		ReadOnlyWhen: []Match{{"isBuiltIn", true}, {"isBuiltInRoleDefinition", true}},
		Portable:     true, WriteOrder: 12,
	},
	{
		Key: "notification_message_templates", Label: "Compliance notification templates", Collection: "notificationMessageTemplates",
		Path: "/deviceManagement/notificationMessageTemplates", Name: "displayName",
		ODataType: "microsoft.graph.notificationMessageTemplate", ScopeTags: "roleScopeTagIds",
		Volatile:     []string{"defaultLocale", "localizedNotificationMessages[].id", "localizedNotificationMessages[].lastModifiedDateTime"},
		Keyed:        map[string][]string{"localizedNotificationMessages": {"locale"}},
		ReadOnlyWhen: []Match{{"displayName", "EnrollmentNotificationInternalMEO"}},
		RefKind:      RefNotificationTemplate, Portable: true, WriteOrder: 20,
	},
	{
		Key: "windows_autopilot_deployment_profiles", Label: "Windows Autopilot deployment profiles", Collection: "windowsAutopilotDeploymentProfiles",
		Path: "/deviceManagement/windowsAutopilotDeploymentProfiles", Name: "displayName",
		Assigning: AssignSingle, ScopeTags: "roleScopeTagIds",
		Volatile: []string{"managementServiceAppId"},
		Portable: true, WriteOrder: 60,
	},
	{
		Key: "device_enrollment_configurations", Label: "Enrolment configurations", Collection: "deviceEnrollmentConfigurations",
		Path: "/deviceManagement/deviceEnrollmentConfigurations", Name: "displayName",
		Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Volatile:   []string{"priority", "deviceEnrollmentConfigurationType", "windowsMobileRestriction"},
		References: []Ref{{"selectedMobileAppIds[]", RefApp}},
		Immutable:  []string{"platformType"},
		Portable:   true, WriteOrder: 70, DefaultObject: &Match{"priority", float64(0)},
	},
	updateProfile("windows_feature_update_profiles", "Windows feature updates", "windowsFeatureUpdateProfiles", "microsoft.graph.windowsFeatureUpdateProfile",
		"deployableContentDisplayName", "endOfSupportDate", "installLatestWindows10OnWindows11IneligibleDevice"),
	updateProfile("windows_quality_update_profiles", "Windows expedited updates", "windowsQualityUpdateProfiles", "microsoft.graph.windowsQualityUpdateProfile",
		"releaseDateDisplayName", "deployableContentDisplayName"),
	driverUpdates(),
	{
		Key: "terms_and_conditions", Label: "Terms and conditions", Collection: "termsAndConditions",
		Path: "/deviceManagement/termsAndConditions", Name: "displayName",
		ODataType: "microsoft.graph.termsAndConditions", Assigning: AssignSingle, ScopeTags: "roleScopeTagIds",
		Portable: true, WriteOrder: 60,
	},
	{
		Key: "mobile_app_configurations", Label: "App configuration policies (devices)", Collection: "mobileAppConfigurations",
		Path: "/deviceAppManagement/mobileAppConfigurations", Name: "displayName",
		Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Keyed:      map[string][]string{"settings": {"appConfigKey"}, "permissionActions": {"permission"}},
		References: []Ref{{"targetedMobileApps[]", RefApp}},
		Portable:   true, WriteOrder: 60,
	},
	{
		Key: "device_management_settings", Label: "Device management settings", Collection: "settings",
		Path: "/deviceManagement", Name: "", Singleton: true,
		ODataType: "microsoft.graph.deviceManagementSettings",
		Portable:  true, WriteOrder: 40,
	},
}

// certificateLinks are the links to certificate profiles, which the provider
// inlines as objects that hold an id only.
var certificateLinks = func() []Ref {
	var refs []Ref
	for _, one := range []string{
		"rootCertificate", "rootCertificateForServerValidation", "rootCertificateForClientValidation", "identityCertificate",
		"identityCertificateForClientAuthentication", "secondaryRootCertificateForClientValidation",
		"secondaryIdentityCertificateForClientAuthentication", "smimeSigningCertificate", "smimeEncryptionCertificate",
		"singleSignOnExtensionPkinitCertificate",
	} {
		refs = append(refs, Ref{one + ".id", RefCertificateProfile})
	}
	for _, many := range []string{"rootCertificatesForServerValidation", "networkAccessConfigurations"} {
		refs = append(refs, Ref{many + "[].id", RefCertificateProfile})
	}
	return refs
}()

func appProtection(key TypeKey, label, collection, odata string) Type {
	return Type{
		Key: key, Label: label, Collection: collection, Path: "/deviceAppManagement/" + collection, Name: "displayName",
		ODataType: odata, Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Discriminators: []string{"targetedAppManagementLevels"},
		Volatile:       []string{"deployedAppCount", "deploymentSummary", "apps[].id", "apps[].version"},
		Sets:           []string{"apps", "exemptedAppProtocols", "exemptedAppPackages", "approvedKeyboards"},
		Portable:       true, WriteOrder: 60,
	}
}

func script(key TypeKey, label, collection, odata string) Type {
	return Type{
		Key: key, Label: label, Collection: collection, Path: "/deviceManagement/" + collection, Name: "displayName",
		ODataType: odata, Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Base64: []string{"scriptContent"}, Portable: true, WriteOrder: 60,
	}
}

func customAttributes() Type {
	t := script("device_custom_attribute_shell_scripts", "Custom attributes (macOS)", "deviceCustomAttributeShellScripts", "microsoft.graph.deviceCustomAttributeShellScript")
	t.Immutable = []string{"customAttributeName", "customAttributeType", "displayName"}
	return t
}

func updateProfile(key TypeKey, label, collection, odata string, volatile ...string) Type {
	return Type{
		Key: key, Label: label, Collection: collection, Path: "/deviceManagement/" + collection, Name: "displayName",
		ODataType: odata, Assigning: AssignSet, ScopeTags: "roleScopeTagIds",
		Volatile: volatile, Portable: true, WriteOrder: 60,
	}
}

func driverUpdates() Type {
	t := updateProfile("windows_driver_update_profiles", "Windows driver updates", "windowsDriverUpdateProfiles", "microsoft.graph.windowsDriverUpdateProfile",
		"inventorySyncStatus", "newUpdates", "deviceReporting")
	t.Immutable = []string{"approvalType"}
	return t
}

var byKey = func() map[TypeKey]*Type {
	m := make(map[TypeKey]*Type, len(catalogue))
	for i := range catalogue {
		m[catalogue[i].Key] = &catalogue[i]
	}
	return m
}()

// Types returns the catalogue in its fixed order. The rows are shared: read only.
func Types() []*Type {
	all := make([]*Type, len(catalogue))
	for i := range catalogue {
		all[i] = &catalogue[i]
	}
	return all
}

// Lookup returns the type with key, or nil.
func Lookup(key TypeKey) *Type { return byKey[key] }

// ByRefKind returns the types whose subjects a reference of kind points at.
func ByRefKind(kind RefKind) []*Type {
	return slices.DeleteFunc(Types(), func(t *Type) bool { return t.RefKind != kind })
}

var order = func() map[TypeKey]int {
	m := make(map[TypeKey]int, len(catalogue))
	for i := range catalogue {
		m[catalogue[i].Key] = i
	}
	return m
}()

// Order is a type's place in the catalogue, for sorting.
func Order(key TypeKey) int { return order[key] }
