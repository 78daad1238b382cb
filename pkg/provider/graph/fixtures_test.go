package graph

import "github.com/tenantatlas/tenantatlas/pkg/subject"

const (
	groupA    = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e01"
	groupB    = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e02"
	filterOne = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e03"
	appOne    = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e04"
	rootOne   = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e05"
	rootTwo   = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e06"
	policyOne = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e07"
	mailOne   = "c0f6f3b2-0e4d-4d3e-8d1a-0a1b2c3d4e08"
)

func toGroup(id string) object {
	return object{"target": object{odataType: "#microsoft.graph.groupAssignmentTarget", "groupId": id}}
}

func toGroupFiltered(id string) object {
	a := toGroup(id)
	a["target"].(object)[filterID] = filterOne
	a["target"].(object)[filterType] = "include"
	return a
}

func notGroup(id string) object {
	return object{"target": object{odataType: "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": id}}
}

// contextObjects are the same in both tenants, so that ids need no mapping.
func contextObjects() map[string][]object {
	root := func(id, name string) object {
		return object{"id": id, odataType: "#microsoft.graph.windows81TrustedRootCertificate", "displayName": name, "certFileName": name + ".cer", "trustedRootCertificate": "AQID", "destinationStore": "computerCertStoreRoot"}
	}
	return map[string][]object{
		"groups": {
			{"id": groupA, "displayName": "All engineers", "mailEnabled": false, "mailNickname": "a", "securityEnabled": true},
			{"id": groupB, "displayName": "Exempt", "mailEnabled": false, "mailNickname": "b", "securityEnabled": true},
		},
		"assignmentFilters":            {{"id": filterOne, "displayName": "Corporate", "platform": "windows10AndLater", "rule": `(device.deviceOwnership -eq "Corporate")`}},
		"mobileApps":                   {{"id": appOne, odataType: "#microsoft.graph.iosStoreApp", "displayName": "Mail"}},
		"deviceConfigurations":         {root(rootOne, "Root one"), root(rootTwo, "Root two")},
		"notificationMessageTemplates": {{"id": mailOne, "displayName": "Warn", "brandingOptions": "none", "localizedNotificationMessages": []any{object{"id": mailOne + "_en", "locale": "en-us", "subject": "s", "messageTemplate": "m", "isDefault": true}}}},
	}
}

// fixture is one policy in two states.
type fixture struct {
	key    subject.TypeKey
	name   string // of the entry, when a type has several
	first  object
	second func(object) // changes the first state
}

func describe(o object) { o["description"] = "second" }

func simple(key subject.TypeKey, o object) fixture {
	return fixture{key: key, first: o, second: describe}
}

func setting(id, value string) object {
	return object{"id": "0", "settingInstance": object{
		odataType:             "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance",
		"settingDefinitionId": id, "choiceSettingValue": object{"value": id + value, "children": []any{}},
	}}
}

func actions(template string, more ...object) []any {
	all := append([]object{{"actionType": "block", "gracePeriodHours": 24, "notificationTemplateId": zeroGUID, "notificationMessageCCList": []any{}}}, more...)
	if template != "" {
		all = append(all, object{"actionType": "notification", "gracePeriodHours": 0, "notificationTemplateId": template, "notificationMessageCCList": []any{groupA}})
	}
	return []any{object{"ruleName": "PasswordRequired", "scheduledActionConfigurations": list(all)}}
}

func script(key subject.TypeKey, more object) fixture {
	o := object{
		"displayName": "Script", "description": "first", "scriptContent": "V3JpdGUtSG9zdCAx", "fileName": "a.ps1", "runAsAccount": "system",
		"assignments": []any{toGroup(groupA)},
	}
	for k, v := range more {
		o[k] = v
	}
	return fixture{key: key, first: o, second: func(o object) { o["description"], o["scriptContent"] = "second", "V3JpdGUtSG9zdCAy" }}
}

func protectionFixture(key subject.TypeKey, identifier object) fixture {
	return fixture{
		key: key, first: object{
			"displayName": "Protect", "description": "first", "periodOfflineBeforeAccessCheck": "PT12H", "pinRequired": true, "appGroupType": "selectedPublicApps",
			"targetedAppManagementLevels": "unmanaged", "apps": []any{object{"mobileAppIdentifier": identifier}}, "assignments": []any{toGroup(groupA), notGroup(groupB)},
		},
		second: func(o object) {
			o["pinRequired"] = false
			other, _ := clone(identifier).(object)
			for k := range other {
				if k != odataType {
					other[k] = "com.example.other"
				}
			}
			o["apps"] = []any{object{"mobileAppIdentifier": identifier}, object{"mobileAppIdentifier": other}}
			o["assignments"] = []any{toGroup(groupB)}
		},
	}
}

func fixtures() []fixture {
	return append(append(configurationFixtures(), accessFixtures()...), serviceFixtures()...)
}

func configurationFixtures() []fixture {
	return []fixture{
		{
			key: "configuration_policies", first: object{
				"id": policyOne, "name": "Catalog", "description": "first", "platforms": "windows10", "technologies": "mdm", "roleScopeTagIds": []any{"0"},
				"templateReference": object{"templateId": "", "templateFamily": "none"},
				"settings":          []any{setting("device_vendor_msft_policy_config_a", "_1"), setting("device_vendor_msft_policy_config_b", "_0")},
				"assignments":       []any{toGroupFiltered(groupA)},
			},
			second: func(o object) {
				o["settings"] = []any{setting("device_vendor_msft_policy_config_a", "_0")}
				o["assignments"] = []any{toGroup(groupA), notGroup(groupB)}
			},
		},
		{
			key: "device_configurations", first: object{
				odataType: "#microsoft.graph.windows10CustomConfiguration", "displayName": "OMA", "description": "first",
				"omaSettings": []any{object{odataType: "#microsoft.graph.omaSettingInteger", "displayName": "x", "omaUri": "./Device/x", "value": 1}}, "assignments": []any{toGroup(groupA)},
			},
			second: func(o object) { o["description"] = nil; o["assignments"] = []any{} },
		},
		{
			key: "device_configurations", name: "linked", first: object{
				odataType: "#microsoft.graph.windowsWifiEnterpriseEAPConfiguration", "displayName": "Wi-Fi", "description": "first", "ssid": "corp",
				"rootCertificatesForServerValidation@odata.bind": []any{"https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('" + rootOne + "')"},
				"rootCertificateForClientValidation@odata.bind":  "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('" + rootOne + "')",
			},
			second: func(o object) {
				o["rootCertificatesForServerValidation@odata.bind"] = []any{"x/deviceConfigurations('" + rootOne + "')", "x/deviceConfigurations('" + rootTwo + "')"}
				o["rootCertificateForClientValidation@odata.bind"] = "x/deviceConfigurations('" + rootTwo + "')"
			},
		},
		{
			key: "device_compliance_policies", first: object{
				odataType: "#microsoft.graph.windows10CompliancePolicy", "displayName": "Compliance", "description": "first", "passwordRequired": true,
				"scheduledActionsForRule": actions(mailOne), "assignments": []any{toGroup(groupA)},
			},
			second: func(o object) {
				o["passwordRequired"] = false
				o["scheduledActionsForRule"] = actions("", object{"actionType": "retire", "gracePeriodHours": 720, "notificationTemplateId": zeroGUID, "notificationMessageCCList": []any{}})
			},
		},
		{
			key: "compliance_policies", first: object{
				"name": "Linux", "description": "first", "platforms": "linux", "technologies": "linuxMdm", "roleScopeTagIds": []any{"0"}, "templateReference": object{"templateId": "", "templateFamily": "none"}, "settings": []any{setting("linux_distribution", "_1")},
				"scheduledActionsForRule": actions(""), "assignments": []any{toGroup(groupA)},
			},
			second: func(o object) {
				o["settings"] = []any{setting("linux_distribution", "_2")}
				o["scheduledActionsForRule"] = actions(mailOne)
			},
		},
		script("device_management_scripts", object{"runAs32Bit": true, "enforceSignatureCheck": false}),
		script("device_shell_scripts", object{"executionFrequency": "PT1H", "retryCount": 3, "blockExecutionNotifications": true}),
		{key: "device_custom_attribute_shell_scripts", first: object{
			"displayName": "Attribute", "description": "first", "customAttributeName": "n", "customAttributeType": "string",
			"scriptContent": "ZWNobyAx", "fileName": "a.sh", "runAsAccount": "system", "assignments": []any{toGroup(groupA)},
		}, second: describe},
		{
			key: "device_health_scripts", first: object{
				"displayName": "Heal", "description": "first", "publisher": "p", "detectionScriptContent": "ZXhpdCAx", "remediationScriptContent": "ZXhpdCAw", "runAsAccount": "system",
				"assignments": []any{object{
					"target": toGroup(groupA)["target"], "runRemediationScript": true,
					"runSchedule": object{odataType: "#microsoft.graph.deviceHealthScriptDailySchedule", "interval": 1, "time": "01:00:00.0000000", "useUtc": false},
				}},
			},
			second: func(o object) {
				o["detectionScriptContent"] = "ZXhpdCAy"
				o["assignments"].([]any)[0].(object)["runRemediationScript"] = false
			},
		},
		simple("device_compliance_scripts", object{"displayName": "Detect", "description": "first", "publisher": "p", "detectionScriptContent": "ZXhpdCAx", "runAsAccount": "system"}),
		{
			key: "reusable_policy_settings", first: object{
				"displayName": "Reusable", "description": "first", "settingDefinitionId": "vendor_msft_firewall_dynamickeyword",
				"settingInstance": setting("vendor_msft_firewall_dynamickeyword", "_1")["settingInstance"],
			},
			second: func(o object) {
				o["settingInstance"] = setting("vendor_msft_firewall_dynamickeyword", "_2")["settingInstance"]
			},
		},
	}
}

func accessFixtures() []fixture {
	return []fixture{
		{
			key: "conditional_access_policies", first: object{
				"displayName": "MFA", "state": "disabled",
				"conditions": object{
					"clientAppTypes": []any{"all"}, "applications": object{"includeApplications": []any{"All"}, "excludeApplications": []any{}},
					"users": object{"includeUsers": []any{"All"}, "excludeGroups": []any{groupB}},
				},
				"grantControls": object{"operator": "OR", "builtInControls": []any{"mfa"}}, "sessionControls": nil,
			},
			second: func(o object) { o["state"] = "enabledForReportingButNotEnforced" },
		},
		{
			key: "named_locations", name: "addresses", first: object{
				odataType: "#microsoft.graph.ipNamedLocation", "displayName": "Office", "isTrusted": true,
				"ipRanges": []any{object{odataType: "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}},
			},
			second: func(o object) {
				o["ipRanges"] = []any{object{odataType: "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.0/24"}}
			},
		},
		{
			key: "named_locations", name: "countries", first: object{odataType: "#microsoft.graph.countryNamedLocation", "displayName": "Home", "countriesAndRegions": []any{"DE"}, "includeUnknownCountriesAndRegions": false},
			second: func(o object) { o["countriesAndRegions"] = []any{"DE", "FR"} },
		},
		protectionFixture("ios_managed_app_protections", object{odataType: "#microsoft.graph.iosMobileAppIdentifier", "bundleId": "com.example.mail"}),
		protectionFixture("android_managed_app_protections", object{odataType: "#microsoft.graph.androidMobileAppIdentifier", "packageId": "com.example.mail"}),
	}
}

func serviceFixtures() []fixture {
	message := func(locale, subject string, isDefault bool) object {
		return object{"locale": locale, "subject": subject, "messageTemplate": "text", "isDefault": isDefault}
	}
	return []fixture{
		{
			key: "assignment_filters", first: object{"displayName": "Filter", "description": "first", "platform": "iOS", "rule": `(device.model -eq "x")`, "roleScopeTags": []any{"0"}, "assignmentFilterManagementType": "devices"},
			second: func(o object) { o["rule"] = `(device.model -eq "y")` },
		},
		{
			key: "role_scope_tags", first: object{"displayName": "Branch", "description": "first", "assignments": []any{toGroup(groupA)}},
			second: func(o object) { o["description"] = "second"; o["assignments"] = []any{toGroup(groupB)} },
		},
		{
			key: "role_definitions", first: object{
				odataType: "#microsoft.graph.deviceAndAppManagementRoleDefinition", "displayName": "Helpdesk", "description": "first", "isBuiltIn": false,
				"rolePermissions": []any{object{"resourceActions": []any{object{"allowedResourceActions": []any{"Microsoft.Intune_Roles_Read"}, "notAllowedResourceActions": []any{}}}}},
			},
			second: describe,
		},
		{
			key: "notification_message_templates", first: object{
				"displayName": "Notice", "description": "first", "brandingOptions": "includeCompanyLogo",
				"localizedNotificationMessages": []any{message("de-de", "eins", false), message("en-us", "one", true), message("fr-fr", "un", false)},
			},
			second: func(o object) {
				o["brandingOptions"] = "none"
				o["localizedNotificationMessages"] = []any{message("de-de", "zwei", false), message("en-us", "one", true), message("it-it", "uno", false)}
			},
		},
		{
			key: "windows_autopilot_deployment_profiles", first: object{
				odataType: "#microsoft.graph.azureADWindowsAutopilotDeploymentProfile", "displayName": "Autopilot", "description": "first", "deviceNameTemplate": "PC%SERIAL%",
				"assignments": []any{toGroup(groupA)},
			},
			second: func(o object) { o["description"] = "second"; o["assignments"] = []any{toGroup(groupB)} },
		},
		{
			key: "device_enrollment_configurations", first: object{
				odataType: "#microsoft.graph.windows10EnrollmentCompletionPageConfiguration", "displayName": "Status page", "description": "first", "priority": 1,
				"showInstallationProgress": true, "selectedMobileAppIds": []any{appOne}, "assignments": []any{toGroup(groupA)},
			},
			second: func(o object) { o["showInstallationProgress"] = false },
		},
		{key: "windows_feature_update_profiles", first: object{"displayName": "Feature", "description": "first", "featureUpdateVersion": "Windows 11, version 25H2", "assignments": []any{toGroup(groupA)}}, second: describe},
		{key: "windows_quality_update_profiles", first: object{"displayName": "Expedite", "description": "first", "expeditedUpdateSettings": object{"qualityUpdateRelease": "2026-10-13T00:00:00Z", "daysUntilForcedReboot": 1}}, second: describe},
		{key: "windows_driver_update_profiles", first: object{"displayName": "Drivers", "description": "first", "approvalType": "manual"}, second: describe},
		{
			key: "terms_and_conditions", first: object{"displayName": "Terms", "description": "first", "title": "t", "bodyText": "b", "acceptanceStatement": "a", "assignments": []any{toGroup(groupA), toGroup(groupB)}},
			second: func(o object) { o["title"] = "u"; o["assignments"] = []any{toGroup(groupB)} },
		},
		{
			key: "mobile_app_configurations", first: object{
				odataType: "#microsoft.graph.iosMobileAppConfiguration", "displayName": "App settings", "description": "first", "targetedMobileApps": []any{appOne},
				"settings": []any{object{"appConfigKey": "k", "appConfigKeyType": "stringType", "appConfigKeyValue": "v"}}, "assignments": []any{toGroup(groupA)},
			},
			second: func(o object) {
				o["settings"] = []any{object{"appConfigKey": "k", "appConfigKeyType": "stringType", "appConfigKeyValue": "w"}}
			},
		},
		{key: "device_management_settings", first: object{"secureByDefault": true, "deviceComplianceCheckinThresholdDays": 30}, second: func(o object) { o["secureByDefault"] = false }},
	}
}
