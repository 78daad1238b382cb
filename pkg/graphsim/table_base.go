package graphsim

// The rows other objects refer to: scope tags, filters, message templates,
// roles, reusable settings.

var (
	allVerbs  = statuses{create: created, patch: ok, remove: ok}
	allVerbs2 = statuses{create: created, patch: noContent, remove: ok}
	quietOK   = statuses{create: ok, patch: ok, remove: ok}
	putVerbs  = statuses{create: created, patch: noContent, put: noContent, remove: ok}
)

func assignList(key string, status int) *assignment {
	return &assignment{action: "assign", key: key, status: status}
}

func intuneBaseTable() []*collection {
	return []*collection{
		{
			folder: "roleScopeTags", path: "deviceManagement/roleScopeTags", typ: "roleScopeTag", perm: "DeviceManagementRBAC",
			ids: tagID, unique: true, codes: quietOK, required: []string{"displayName"}, links: []string{"assignments"},
			server: []string{"isBuiltIn"}, expand: []string{"assignments"}, assign: assignList("assignments", ok), children: []child{{name: "assignments"}},
			defaults: Object{"isBuiltIn": false}, guard: guardBuiltIn,
		},
		{
			folder: "assignmentFilters", path: "deviceManagement/assignmentFilters", typ: "deviceAndAppManagementAssignmentFilter",
			perm: "DeviceManagementConfiguration", codes: allVerbs, required: []string{"displayName", "platform", "rule"},
			immutable: []string{"platform"}, server: []string{"payloads"}, tags: "roleScopeTags", dates: modified,
			guard: guardFilterInUse, defaults: Object{"assignmentFilterManagementType": "devices"},
		},
		{
			folder: "notificationMessageTemplates", path: "deviceManagement/notificationMessageTemplates", typ: "notificationMessageTemplate",
			perm: "DeviceManagementServiceConfig", codes: quietOK, required: []string{"displayName"},
			links: []string{"localizedNotificationMessages"}, server: []string{"defaultLocale"}, tags: "roleScopeTagIds", dates: onlyLast,
			expand: []string{"localizedNotificationMessages"}, rules: []rule{when(shortTemplateName, "displayName")},
			children: []child{{
				name: "localizedNotificationMessages", codes: statuses{create: ok, patch: ok, remove: ok},
				prepare: prepareMessage, fixed: []string{"locale"},
			}},
		},
		{
			folder: "roleDefinitions", path: "deviceManagement/roleDefinitions", typ: "roleDefinition", many: true, perm: "DeviceManagementRBAC",
			unique: true, codes: quietOK, required: []string{"displayName"}, links: []string{"roleAssignments"},
			server: []string{"isBuiltIn", "isBuiltInRoleDefinition"}, tags: "roleScopeTagIds", guard: guardBuiltIn,
			defaults: Object{"isBuiltIn": false, "isBuiltInRoleDefinition": false},
		},
		{
			folder: "reusablePolicySettings", path: "deviceManagement/reusablePolicySettings", typ: "deviceManagementReusablePolicySetting",
			perm: "DeviceManagementConfiguration", versioned: true, codes: putVerbs, required: []string{"displayName", "settingDefinitionId", "settingInstance"},
			patchless: []string{"settingInstance"}, server: []string{"referencingConfigurationPolicyCount"}, dates: modified,
			selected: []string{"settingInstance"}, rules: []rule{when(offeredSettings, "settingInstance"), when(hideSecrets, "settingInstance")}, guard: guardReusableInUse,
		},
		{
			folder: "deviceCategories", path: "deviceManagement/deviceCategories", typ: "deviceCategory",
			perm: "DeviceManagementManagedDevices", codes: allVerbs, required: []string{"displayName"}, tags: "roleScopeTagIds",
		},
		{
			folder: "operationApprovalPolicies", path: "deviceManagement/operationApprovalPolicies", typ: "operationApprovalPolicy",
			perm: "DeviceManagementConfiguration", codes: allVerbs, required: []string{"displayName", "policyType"}, dates: onlyLast,
		},
		{
			folder: "settings", path: "deviceManagement/settings", typ: "deviceManagementSettings", single: true,
			perm: "DeviceManagementConfiguration", codes: statuses{patch: ok},
		},
	}
}
