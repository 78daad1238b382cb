package graphsim

import "encoding/json"

// Policies in the narrow sense: settings catalog, device configuration,
// compliance, administrative templates, intents, enrolment, updates.

func catalogChildren() []child {
	return []child{
		{name: "settings", page: 25, derived: map[string]derivation{"settingDefinitions": settingDefinitions}},
		{name: "assignments"},
	}
}

const rulesKey = "scheduledActionsForRule"

var catalogRules = []rule{when(wholeSettings, "settings"), when(offeredSettings, "settings"), when(offeredTemplate, "templateReference"), when(hideSecrets, "settings")}

var actionItems = child{name: "scheduledActionConfigurations"}

func intunePolicyTable() []*collection {
	return append([]*collection{
		{
			folder: "configurationPolicies", path: "deviceManagement/configurationPolicies", typ: "deviceManagementConfigurationPolicy",
			perm: "DeviceManagementConfiguration", name: "name", page: 25, codes: putVerbs,
			required: []string{"name", "platforms", "technologies", "settings"}, links: []string{"assignments"},
			patchless: []string{"settings"}, server: []string{"creationSource", "priorityMetaData"}, tags: "roleScopeTagIds", dates: modified,
			counted: true, marked: true, expand: []string{"settings", "assignments"}, assign: assignList("assignments", ok),
			children: catalogChildren(), rules: catalogRules,
		},
		{
			folder: "deviceConfigurations", path: "deviceManagement/deviceConfigurations", many: true, typed: true, versioned: true,
			perm: "DeviceManagementConfiguration", codes: allVerbs2, required: []string{"displayName"}, links: []string{"assignments"},
			tags: "roleScopeTagIds", dates: modified, expand: []string{"assignments"}, assign: assignList("assignments", ok),
			children: []child{{name: "assignments"}}, rules: []rule{when(uniqueOmaURIs, "omaSettings"), when(hideOmaSecrets, "omaSettings"), bindCertificates},
			defaults: Object{"supportsScopeTags": true}, derived: certificateLinks(),
			actions: []action{{name: "windowsPrivacyAccessControls", method: "POST", run: setPrivacyControls}},
		},
		{
			folder: "deviceCompliancePolicies", path: "deviceManagement/deviceCompliancePolicies", many: true, typed: true, versioned: true,
			perm: "DeviceManagementConfiguration", codes: allVerbs2, required: []string{"displayName"}, links: []string{"assignments"},
			patchless: []string{"scheduledActionsForRule"}, tags: "roleScopeTagIds", dates: modified,
			expand: []string{"assignments", "scheduledActionsForRule"}, assign: assignList("assignments", ok),
			children: []child{{name: "assignments"}, {name: "scheduledActionsForRule", hidden: true, expand: []string{"scheduledActionConfigurations"}}},
			rules:    []rule{when(oneBlockAction, rulesKey), when(knownScheduledActions, rulesKey), when(knownComplianceScript, "deviceCompliancePolicyScript")},
			actions:  []action{{name: "scheduleActionsForRules", method: "POST", run: scheduleActions("deviceComplianceScheduledActionForRules")}},
		},
		{
			folder: "compliancePolicies", path: "deviceManagement/compliancePolicies", typ: "deviceManagementCompliancePolicy",
			perm: "DeviceManagementConfiguration", name: "name", page: 25, codes: putVerbs,
			required: []string{"name", "platforms", "technologies", "settings"}, links: []string{"assignments"},
			patchless: []string{"settings", "scheduledActionsForRule"}, server: []string{"creationSource"}, tags: "roleScopeTagIds", dates: modified,
			counted: true, marked: true, expand: []string{"settings", "assignments", "scheduledActionsForRule"}, assign: assignList("assignments", ok),
			children: append(catalogChildren(), child{name: "scheduledActionsForRule", expand: []string{"scheduledActionConfigurations"}, children: []child{actionItems}}),
			rules:    append([]rule{when(knownScheduledActions, rulesKey)}, catalogRules...),
			actions:  []action{{name: "setScheduledActions", method: "POST", run: scheduleActions("scheduledActions")}},
		},
		{
			folder: "groupPolicyConfigurations", path: "deviceManagement/groupPolicyConfigurations", typ: "groupPolicyConfiguration",
			perm: "DeviceManagementConfiguration", codes: statuses{create: created, patch: ok, remove: noContent}, required: []string{"displayName"},
			links: []string{"definitionValues", "assignments"}, server: []string{"policyConfigurationIngestionType"}, tags: "roleScopeTagIds",
			dates: modified, expand: []string{"assignments", "definitionValues"}, assign: assignList("assignments", ok), closed: closedTemplates,
			children: []child{{name: "assignments"}, definitionValuesChild()},
			actions:  []action{{name: "updateDefinitionValues", method: "POST", run: updateDefinitionValues}},
		},
		{
			folder: "intents", path: "deviceManagement/intents", typ: "deviceManagementIntent", perm: "DeviceManagementConfiguration",
			codes: statuses{patch: ok, remove: ok}, required: []string{"displayName"}, links: []string{"assignments", "categories"},
			patchless: []string{"settings", "settingsDelta", "templateId"}, tags: "roleScopeTagIds", dates: onlyLast, marked: true,
			expand: []string{"settings", "assignments"}, assign: assignList("assignments", noContent), closed: closedIntents,
			children: []child{{name: "assignments"}, {name: "settings"}},
			actions:  []action{{name: "updateSettings", method: "POST", run: updateIntentSettings}},
			defaults: Object{"isMigratingToConfigurationPolicy": nil},
		},
	}, append(enrolmentRows(), updateRows()...)...)
}

func enrolmentRows() []*collection {
	return []*collection{
		{
			folder: "windowsAutopilotDeploymentProfiles", path: "deviceManagement/windowsAutopilotDeploymentProfiles", many: true,
			perm: "DeviceManagementServiceConfig", codes: allVerbs, required: []string{"displayName"}, links: []string{"assignments", "assignedDevices"},
			server: []string{"managementServiceAppId"}, tags: "roleScopeTagIds", dates: modified, expand: []string{"assignments"},
			assign:   &assignment{action: "assignments", status: created, single: true},
			children: []child{{name: "assignments"}}, rules: []rule{when(autopilotName, "displayName", "deviceNameTemplate")}, guard: guardAssigned,
		},
		{
			folder: "deviceEnrollmentConfigurations", path: "deviceManagement/deviceEnrollmentConfigurations", many: true, typed: true, versioned: true,
			perm: "DeviceManagementServiceConfig", codes: allVerbs, required: []string{"displayName"}, links: []string{"assignments"},
			server: []string{"priority", "deviceEnrollmentConfigurationType"}, immutable: []string{"platformType"}, tags: "roleScopeTagIds",
			dates: modified, expand: []string{"assignments"}, assign: assignList("enrollmentConfigurationAssignments", ok),
			children: []child{{name: "assignments"}}, rules: []rule{enrolmentPriority, when(knownApps("selectedMobileAppIds"), "selectedMobileAppIds")}, guard: guardDefault,
			actions: []action{{name: "setPriority", method: "POST", run: setPriority}},
		},
		{
			folder: "termsAndConditions", path: "deviceManagement/termsAndConditions", typ: "termsAndConditions",
			perm: "DeviceManagementServiceConfig", codes: allVerbs, required: []string{"displayName", "title", "bodyText", "acceptanceStatement"},
			links: []string{"assignments"}, tags: "roleScopeTagIds", dates: modified, versioned: true,
			assign:   &assignment{action: "assignments", status: created, single: true, filterless: true},
			children: []child{{name: "assignments"}}, rules: []rule{termsLength},
		},
	}
}

func updateRows() []*collection {
	row := func(folder, typ string, rest collection) *collection {
		rest.folder, rest.path, rest.typ = folder, "deviceManagement/"+folder, typ
		rest.perm, rest.codes, rest.top = "DeviceManagementConfiguration", allVerbs, 200
		rest.required, rest.links, rest.tags, rest.dates = []string{"displayName"}, []string{"assignments"}, "roleScopeTagIds", modified
		rest.expand, rest.assign, rest.children = []string{"assignments"}, assignList("assignments", noContent), []child{{name: "assignments"}}
		return &rest
	}
	return []*collection{
		row("windowsFeatureUpdateProfiles", "windowsFeatureUpdateProfile", collection{
			server: []string{"deployableContentDisplayName", "endOfSupportDate"}, rules: []rule{when(featureUpdate, "rolloutSettings", "installLatestWindows10OnWindows11IneligibleDevice")},
		}),
		row("windowsQualityUpdateProfiles", "windowsQualityUpdateProfile", collection{
			server: []string{"releaseDateDisplayName", "deployableContentDisplayName"},
		}),
		row("windowsQualityUpdatePolicies", "windowsQualityUpdatePolicy", collection{}),
		row("windowsDriverUpdateProfiles", "windowsDriverUpdateProfile", collection{
			immutable: []string{"approvalType"}, server: []string{"inventorySyncStatus", "newUpdates", "deviceReporting"},
			defaults: Object{"newUpdates": json.Number("0"), "deviceReporting": json.Number("0"), "inventorySyncStatus": nil},
		}),
	}
}
