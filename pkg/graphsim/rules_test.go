package graphsim_test

import (
	"fmt"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

func with(o, more object) object {
	out := object{}
	for k, v := range o {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func target(kind string, more object) object {
	return object{"target": with(object{"@odata.type": "#microsoft.graph." + kind}, more)}
}

// The paths most refusals concern.
const (
	intents   = "/beta/deviceManagement/intents"
	admx      = "/beta/deviceManagement/groupPolicyConfigurations"
	policies  = "/beta/identity/conditionalAccess/policies"
	locations = "/beta/identity/conditionalAccess/namedLocations"
	devices   = "/beta/deviceManagement/deviceConfigurations"
	complying = "/beta/deviceManagement/deviceCompliancePolicies"
	filters   = "/beta/deviceManagement/assignmentFilters"
	tags      = "/beta/deviceManagement/roleScopeTags"
	messages  = "/beta/deviceManagement/notificationMessageTemplates"
	enrolment = "/beta/deviceManagement/deviceEnrollmentConfigurations"
)

var unknownID = "0f0f0f0f-0000-4000-8000-000000000001"

var _ = DescribeTable("refusals", func(method, path string, body object, status int, text string) {
	s := start(quiet(fixtures(dirA)))
	a := s.call(dirA, method, path, body)
	Expect(a.status).To(Equal(status), string(a.raw))
	Expect(string(a.raw)).To(ContainSubstring(text))
},
	Entry("settings in a PATCH", "PATCH", catalog+"/"+catalogID, object{"settings": []any{}}, 400, "ModelValidationFailure"),
	Entry("a PATCH of one setting", "PATCH", catalog+"/"+catalogID+"/settings/0", object{}, 400, "No OData route"),
	Entry("assignments in a create", "POST", catalog, with(catalogPolicy("x"), object{"assignments": []any{}}), 400, "ModelValidationFailure"),
	Entry("a policy without settings", "POST", catalog, object{"name": "x", "platforms": "linux", "technologies": "mdm", "settings": []any{}}, 400, "at least one setting"),
	Entry("an unknown definition", "POST", catalog, with(catalogPolicy("x"), object{"settings": []any{choice("sim_unknown", "x")}}), 400, "InvalidReferenceId"),
	Entry("a definition that is not offered", "POST", catalog, with(catalogPolicy("x"), object{"settings": []any{choice("sim_policy_withdrawn", "x")}}), 400, "InvalidReferenceId"),
	Entry("an unknown template", "POST", catalog, with(catalogPolicy("x"), object{"templateReference": object{"templateId": "none_1"}}), 400, "InvalidReferenceId"),
	Entry("an unknown scope tag", "POST", catalog, with(catalogPolicy("x"), object{"roleScopeTagIds": []any{"77"}}), 400, "Scope Tags validation failed"),
	Entry("a description that is too long", "POST", catalog, with(catalogPolicy("x"), object{"description": strings.Repeat("d", 1501)}), 400, "1500"),
	Entry("a name left out", "POST", filters, object{"platform": "iOS", "rule": "r"}, 400, "displayName"),
	Entry("a body that is no object", "POST", catalog, nil, 400, "Unable to read JSON"),
	Entry("an unknown group", "POST", catalog+"/"+catalogID+"/assign", object{"assignments": []any{group(unknownID)}}, 400, "AADGroupId"),
	Entry("a group that is no GUID", "POST", catalog+"/"+catalogID+"/assign", object{"assignments": []any{group("Pilot devices")}}, 400, "AADGroupId"),
	Entry("the same target twice", "POST", catalog+"/"+catalogID+"/assign", object{"assignments": []any{group(groupID), group(groupID)}}, 400, "more than once"),
	Entry("an unknown filter", "POST", catalog+"/"+catalogID+"/assign", object{"assignments": []any{target("allDevicesAssignmentTarget",
		object{"deviceAndAppManagementAssignmentFilterId": unknownID, "deviceAndAppManagementAssignmentFilterType": "include"})}}, 400, "Filters"),
	Entry("a filter on an exclusion", "POST", catalog+"/"+catalogID+"/assign", object{"assignments": []any{target("exclusionGroupAssignmentTarget",
		object{"groupId": groupID, "deviceAndAppManagementAssignmentFilterId": filterID, "deviceAndAppManagementAssignmentFilterType": "include"})}}, 400, "exclusion"),
	Entry("all devices for app protection", "POST", "/beta/deviceAppManagement/iosManagedAppProtections/T_b0000000-0000-4000-8000-000000000001/assign",
		object{"assignments": []any{allDevices()}}, 400, "not supported"),
	Entry("apps in a PATCH of app protection", "PATCH", "/beta/deviceAppManagement/iosManagedAppProtections/T_b0000000-0000-4000-8000-000000000001",
		object{"apps": []any{}}, 400, "ModelValidationFailure"),
	Entry("a device configuration without type", "POST", devices, object{"displayName": "x"}, 400, "abstract"),
	Entry("a PATCH without the type", "PATCH", devices+"/c0000000-0000-4000-8000-000000000001", object{"description": "x"}, 400, "@odata.type"),
	Entry("a PATCH with another type", "PATCH", devices+"/c0000000-0000-4000-8000-000000000001", typed("iosCustomConfiguration", nil), 400, "Cannot change type"),
	Entry("the same OMA-URI twice", "POST", devices, typed("windows10CustomConfiguration", object{"omaSettings": []any{object{"omaUri": "./a"}, object{"omaUri": "./a"}}}), 400, "more than once"),
	Entry("no block action", "POST", complying, typed("windows10CompliancePolicy", nil), 400, "one and only one block"),
	Entry("scheduled actions in a PATCH", "PATCH", complying+"/70000000-0000-4000-8000-000000000001", compliance("x"), 400, "ModelValidationFailure"),
	Entry("an unknown notification template", "POST", complying+"/70000000-0000-4000-8000-000000000001/scheduleActionsForRules", object{"deviceComplianceScheduledActionForRules": []any{
		object{"scheduledActionConfigurations": []any{object{"actionType": "block", "notificationTemplateId": unknownID}}},
	}}, 400, "notification template"),
	Entry("a second scope tag of a name", "POST", tags, object{"displayName": "Africa"}, 409, "NameAlreadyExists"),
	Entry("a change of the Default tag", "PATCH", tags+"/0", object{"displayName": "x"}, 400, "Built-in"),
	Entry("another platform of a filter", "PATCH", filters+"/"+filterID, object{"platform": "iOS"}, 400, "cannot be changed"),
	Entry("deleting a used filter", "DELETE", filters+"/"+filterID, nil, 400, "in use"),
	Entry("a template name over 50 characters", "POST", messages, object{"displayName": strings.Repeat("n", 51)}, 400, "50 characters"),
	Entry("a second message of a locale", "POST", messages+"/"+templateID+"/localizedNotificationMessages",
		object{"locale": "en-US", "subject": "s", "messageTemplate": "m"}, 400, "exists already"),
	Entry("an Autopilot name with a bracket", "POST", "/beta/deviceManagement/windowsAutopilotDeploymentProfiles",
		object{"@odata.type": "#microsoft.graph.azureADWindowsAutopilotDeploymentProfile", "displayName": "a (b)"}, 400, "not allowed"),
	Entry("an enrolment page with unknown apps", "POST", enrolment, typed("windows10EnrollmentCompletionPageConfiguration", object{"selectedMobileAppIds": []any{unknownID}}), 400, "mobile app"),
	Entry("a script that is not base64", "POST", "/beta/deviceManagement/deviceShellScripts", object{"displayName": "x", "scriptContent": "echo!"}, 400, "Edm.Binary"),
	Entry("administrative templates", "POST", admx, object{"displayName": "x"}, 400, "no longer supported"),
	Entry("endpoint security intents", "POST", "/beta/deviceManagement/templates/0e237410-1367-4844-bd7f-15fb0f08943b/createInstance", object{"displayName": "x", "settingsDelta": []any{}}, 400, "no longer supported"),
	Entry("a change of such an intent", "PATCH", intents+"/90000000-0000-4000-8000-000000000001", object{"displayName": "x"}, 400, "no longer supported"),
	Entry("an unknown intent template", "POST", "/beta/deviceManagement/templates/"+unknownID+"/createInstance", object{"displayName": "x"}, 400, "InvalidReferenceId"),
	Entry("a POST to intents", "POST", intents, object{"displayName": "x"}, 400, "No OData route"),
	Entry("feature updates for devices Windows 11 does not fit", "POST", "/beta/deviceManagement/windowsFeatureUpdateProfiles",
		object{"displayName": "x", "installLatestWindows10OnWindows11IneligibleDevice": true}, 400, "no longer supported"),
	Entry("a rollout in the past", "POST", "/beta/deviceManagement/windowsFeatureUpdateProfiles",
		object{"displayName": "x", "rolloutSettings": object{"offerStartDateTimeInUTC": "2020-01-01T00:00:00Z"}}, 400, "in the future"),
	Entry("an unknown named location", "POST", policies, accessWith("locations", object{"includeLocations": []any{unknownID}}), 400, "1040: "),
	Entry("no client app types", "POST", policies, accessWith("clientAppTypes", []any{}), 400, "1064: "),
	Entry("no applications", "POST", policies, accessWith("applications", object{"includeApplications": []any{}}), 400, "1011: "),
	Entry("an application without service principal", "POST", policies, accessWith("applications", object{"includeApplications": []any{unknownID}}), 400, "1033: "),
	Entry("an unknown excluded group", "POST", policies, accessWith("users", object{"includeUsers": []any{"All"}, "excludeGroups": []any{unknownID}}), 400, "1020: "),
	Entry("an unknown strength", "POST", policies, with(accessPolicy("x"), object{"grantControls": object{"operator": "OR", "authenticationStrength": object{"id": unknownID}}}), 400, "1075: "),
	Entry("deleting a trusted location", "DELETE", locations+"/"+locationID, nil, 400, "1054: "),
	Entry("a repeated mail nickname", "POST", "/v1.0/groups", object{"displayName": "x", "mailEnabled": true, "securityEnabled": false, "groupTypes": []any{"Unified"}, "mailNickname": "pilot"}, 400, "mailNickname"),
)

func accessWith(name string, v any) object {
	p := accessPolicy("x")
	p["conditions"].(object)[name] = v
	return p
}

var _ = Describe("rules that change what is stored", func() {
	var s *rig
	BeforeEach(func() { s = start(quiet(fixtures(dirA))) })

	It("ignores the service's own properties in bodies", func() {
		a := s.post(catalog, with(catalogPolicy("x"), object{"id": groupID, "createdDateTime": "1999-01-01T00:00:00Z", "settingCount": 99, "isAssigned": true, "settings@odata.context": "x"}))
		Expect(a.status).To(Equal(201))
		Expect(a.body["id"]).NotTo(Equal(groupID))
		Expect(a.body).To(And(HaveKeyWithValue("settingCount", BeNumerically("==", 1)), HaveKeyWithValue("isAssigned", false), HaveKeyWithValue("roleScopeTagIds", []any{"0"})))
		Expect(a.body["createdDateTime"]).To(HavePrefix("2026-03-01T12:00:00"))
	})

	It("makes ids in each collection's form and lets names repeat", func() {
		Expect(s.post("/beta/deviceAppManagement/androidManagedAppProtections", named(nil)).body["id"]).To(HavePrefix("T_"))
		Expect(s.post(tags, object{"displayName": "Asia"}).body["id"]).To(MatchRegexp(`^\d+$`))
		first, second := s.post(catalog, catalogPolicy("same")), s.post(catalog, catalogPolicy("same"))
		Expect(first.body["id"]).NotTo(Equal(second.body["id"]))
	})

	It("replaces the whole policy with PUT, keeping identity and assignments", func() {
		Expect(s.patch(catalog+"/"+catalogID, object{"description": "kept?"}).status).To(Equal(204))
		s.clock.Forward(1e9)
		Expect(s.put(catalog+"/"+catalogID, catalogPolicy("Replaced")).status).To(Equal(204))
		now := s.get(catalog + "/" + catalogID + "?$expand=settings,assignments").body
		Expect(now).To(And(HaveKeyWithValue("name", "Replaced"), HaveKeyWithValue("description", BeNil()), HaveKeyWithValue("createdDateTime", "2025-01-01T00:00:00Z")))
		Expect(now["settings"]).To(HaveLen(1))
		Expect(now["assignments"]).To(HaveLen(2))
		Expect(now["lastModifiedDateTime"]).To(HavePrefix("2026-03-01T12:00:01"))
	})

	It("counts versions where the type has them", func() {
		id := s.post(devices, typed("iosCustomConfiguration", nil)).body["id"].(string)
		Expect(s.patch(devices+"/"+id, typed("iosCustomConfiguration", object{"description": "d"})).status).To(Equal(204))
		Expect(s.get(devices + "/" + id).body["version"]).To(BeNumerically("==", 2))
	})

	It("replaces compliance actions through their own call", func() {
		path := complying + "/70000000-0000-4000-8000-000000000001"
		a := s.post(path+"/scheduleActionsForRules", object{"deviceComplianceScheduledActionForRules": []any{object{
			"ruleName":                      "PasswordRequired",
			"scheduledActionConfigurations": []any{object{"actionType": "block", "gracePeriodHours": 12}, object{"actionType": "notification", "gracePeriodHours": 24, "notificationTemplateId": templateID}},
		}}})
		Expect(a.status).To(Equal(200), string(a.raw))
		rule := s.get(path + "?$expand=scheduledActionsForRule($expand=scheduledActionConfigurations)").body["scheduledActionsForRule"].([]any)[0].(object)
		Expect(rule["scheduledActionConfigurations"]).To(HaveLen(2))
	})

	It("targets apps, moves priorities and localises messages through their own calls", func() {
		path := "/beta/deviceAppManagement/iosManagedAppProtections/T_b0000000-0000-4000-8000-000000000001"
		apps := []any{object{"mobileAppIdentifier": object{"@odata.type": "#microsoft.graph.iosMobileAppIdentifier", "bundleId": "com.example.a"}}}
		Expect(s.post(path+"/targetApps", object{"apps": apps, "appGroupType": "selectedPublicApps"}).status).To(Equal(204))
		Expect(s.get(path + "?$expand=apps").body["apps"].([]any)[0].(object)["id"]).To(Equal("com.example.a"))

		page := s.post(enrolment, typed("deviceEnrollmentLimitConfiguration", object{"priority": 9})).body
		Expect(page["priority"]).To(BeNumerically("==", 1))
		Expect(s.post(enrolment+"/"+page["id"].(string)+"/setpriority", object{"priority": 4}).status).To(Equal(200))
		Expect(s.get(enrolment + "/" + page["id"].(string)).body["priority"]).To(BeNumerically("==", 4))

		added := s.post(messages+"/"+templateID+"/localizedNotificationMessages", object{"locale": "de-de", "subject": "s", "messageTemplate": "m", "isDefault": true})
		Expect(added.status).To(Equal(200))
		Expect(s.get(messages + "/" + templateID).body["defaultLocale"]).To(Equal("de-de"))
		one := messages + "/" + templateID + "/localizedNotificationMessages/" + added.body["id"].(string)
		Expect(s.patch(one, object{"locale": "fr-fr"}).status).To(Equal(400))
		Expect(s.patch(one, object{"subject": "t"}).status).To(Equal(200))
		Expect(s.del(one).status).To(Equal(200))
		Expect(s.get(messages + "/" + templateID + "?$expand=localizedNotificationMessages").body["localizedNotificationMessages"]).To(HaveLen(1))
	})

	It("protects the enrolment default, which can only be changed", func() {
		all := s.get(enrolment).values()
		one := enrolment + "/" + all[0]["id"].(string)
		Expect(all[0]["id"]).To(HaveSuffix("_DefaultLimit"))
		Expect(s.patch(one, typed("deviceEnrollmentLimitConfiguration", object{"limit": 7})).status).To(Equal(200))
		Expect(s.del(one).status).To(Equal(400))
		Expect(s.post(one+"/assign", object{"enrollmentConfigurationAssignments": []any{}}).status).To(Equal(400))
	})

	It("creates baselines from templates and updates their settings", func() {
		const template = "034ccd46-190c-4afc-adf1-ad7cc11262eb"
		a := s.post("/beta/deviceManagement/templates/"+template+"/createInstance", object{"displayName": "B2", "settingsDelta": []any{
			object{"@odata.type": "#microsoft.graph.deviceManagementBooleanSettingInstance", "definitionId": "sim--baseline_lock", "valueJson": "true"},
		}})
		Expect(a.status).To(Equal(200), string(a.raw))
		one := intents + "/" + a.body["id"].(string)
		Expect(s.post(one+"/updateSettings", object{"settings": []any{
			object{"@odata.type": "#microsoft.graph.deviceManagementBooleanSettingInstance", "definitionId": "sim--baseline_lock", "valueJson": "false"},
		}}).status).To(Equal(204))
		settings := s.get(one + "/settings").values()
		Expect(settings).To(HaveLen(1))
		Expect(settings[0]["valueJson"]).To(Equal("false"))
		Expect(s.post(one+"/assign", object{"assignments": []any{group(groupID)}}).status).To(Equal(204))
		Expect(s.get("/beta/deviceManagement/templates/" + template).body).To(HaveKeyWithValue("templateType", "securityBaseline"))
	})

	It("updates the values of uploaded ADMX in one call", func() {
		one := admx + "/a0000000-0000-4000-8000-000000000001"
		values := s.get(one + "/definitionValues?$expand=definition").values()
		Expect(values[0]["definition"]).To(HaveKeyWithValue("id", "a1000000-0000-4000-8000-000000000001"))
		old := values[0]["id"].(string)
		presentations := s.get(one + "/definitionValues/" + old + "/presentationValues?$expand=presentation").values()
		Expect(presentations[0]["presentation"]).To(HaveKey("label"))
		bind := "https://graph.microsoft.com/beta/deviceManagement/groupPolicyDefinitions('a1000000-0000-4000-8000-000000000001')"
		Expect(s.post(one+"/updateDefinitionValues", object{"added": []any{object{"enabled": false, "definition@odata.bind": bind}}, "updated": []any{}, "deletedIds": []any{old}}).status).To(Equal(204))
		after := s.get(one + "/definitionValues").values()
		Expect(after).To(HaveLen(1))
		Expect(after[0]).To(And(HaveKeyWithValue("enabled", false), Not(HaveKey("definition@odata.bind"))))
		Expect(s.post(one+"/updateDefinitionValues", object{"added": []any{object{"definition@odata.bind": "x('" + unknownID + "')"}}}).status).To(Equal(400))
	})

	It("links certificates by binding and by reference, with the right verb", func() {
		root := s.post(devices, typed("windows81TrustedRootCertificate", nil)).body["id"].(string)
		url := s.web.URL + "/beta/deviceManagement/deviceConfigurations('" + root + "')"
		scep := s.post(devices, typed("windows81SCEPCertificateProfile", object{"rootCertificate@odata.bind": url})).body["id"].(string)
		Expect(s.get(devices + "/" + scep + "/rootCertificate").body["id"]).To(Equal(root))
		Expect(s.put(devices+"/"+scep+"/rootCertificate/$ref", object{"@odata.id": url}).status).To(Equal(204))
		Expect(s.post(devices+"/"+scep+"/rootCertificate/$ref", object{"@odata.id": url}).status).To(Equal(400))
		Expect(s.post(devices+"/"+scep+"/rootCertificatesForServerValidation/$ref", object{"@odata.id": url}).status).To(Equal(204))
		Expect(s.get(devices + "/" + scep + "/rootCertificatesForServerValidation").values()).To(HaveLen(1))
		Expect(s.post(devices, typed("windows81SCEPCertificateProfile", object{"rootCertificate@odata.bind": "x('" + unknownID + "')"})).status).To(Equal(404))
	})

	It("keeps locations that policies use and protects the default with security defaults on", func() {
		Expect(s.patch(locations+"/"+locationID, typed("ipNamedLocation", object{"displayName": "Office", "isTrusted": false})).status).To(Equal(204))
		Expect(string(s.del(locations + "/" + locationID).raw)).To(ContainSubstring("1055: "))
		Expect(s.patch("/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", object{"isEnabled": true}).status).To(Equal(204))
		Expect(string(s.post(policies, with(accessPolicy("x"), object{"state": "enabled"})).raw)).To(ContainSubstring("1007: "))
	})

	It("asks for approval where another administrator has to agree", func() {
		_, err := s.sim.UpsertObject(dirA, "operationApprovalPolicies", object{"displayName": "p", "policyType": "script"})
		Expect(err).NotTo(HaveOccurred())
		path := "/beta/deviceManagement/deviceShellScripts"
		Expect(string(s.post(path, named(object{"scriptContent": "eA=="})).raw)).To(ContainSubstring("x-msft-approval-justification"))
		req := s.request(dirA, http.MethodPost, path, named(object{"scriptContent": "eA=="}))
		req.Header.Set("x-msft-approval-justification", "cGxlYXNl")
		waiting := do(req)
		Expect(waiting.status).To(Equal(403))
		Expect(waiting.header.Get("x-msft-approval-code")).NotTo(BeEmpty())
	})

	It("resolves directory objects and role members", func() {
		found := s.post("/v1.0/directoryObjects/getByIds", object{"ids": []any{groupID, unknownID}, "types": []any{"group"}}).values()
		Expect(found).To(HaveLen(1))
		roles := s.get("/v1.0/directoryRoles").values()
		Expect(len(roles)).To(BeNumerically(">", 15))
		_, err := s.sim.UpsertObject(dirA, "roleAssignments", object{"roleDefinitionId": roles[0]["roleTemplateId"], "principalId": groupID, "directoryScopeId": "/"})
		Expect(err).NotTo(HaveOccurred())
		Expect(s.get("/v1.0/directoryRoles/" + roles[0]["id"].(string) + "/members").values()).To(HaveLen(1))
		a := s.get("/v1.0/roleManagement/directory/roleAssignments?$expand=principal,roleDefinition").values()[0]
		Expect(a["principal"]).To(HaveKeyWithValue("displayName", "Pilot devices"))
		Expect(a["roleDefinition"]).To(HaveKeyWithValue("displayName", roles[0]["displayName"]))
		Expect(s.get("/beta/reports/authenticationMethods/userRegistrationDetails").values()).To(BeEmpty())
	})
})

var _ = Describe("groups", func() {
	It("tell direct and nested members, and keep them out of plain reads", func() {
		s := start(quiet(graphsim.Tenant{Directory: dirA, Objects: map[string][]graphsim.Object{
			"users": {{"id": unknownID, "displayName": "Ada", "userPrincipalName": "ada@example.com"}},
			"groups": {
				{"id": groupID, "displayName": "Outer", "members": []any{filterID}},
				{"id": filterID, "displayName": "Inner", "members": []any{object{"id": unknownID}, object{"id": groupID}}},
			},
		}}))
		one := "/v1.0/groups/" + groupID
		Expect(s.get(one).body).NotTo(HaveKey("members"))
		Expect(s.get(one + "/members").values()).To(HaveLen(1))
		all := s.get(one + "/transitiveMembers").values()
		Expect(all).To(HaveLen(2))
		Expect(all[1]).To(And(HaveKeyWithValue("displayName", "Ada"), HaveKeyWithValue("@odata.type", "#microsoft.graph.user")))
		Expect(s.get("/v1.0/groups/" + catalogID).code()).To(Equal("Request_ResourceNotFound"))
	})
})

var _ = Describe("secrets", func() {
	secret := func(value, state string) object {
		return with(catalogPolicy("Secret"), object{"settings": []any{object{"settingInstance": object{
			"@odata.type": "#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance", "settingDefinitionId": "sim_policy_firewall",
			"simpleSettingValue": object{"@odata.type": "#microsoft.graph.deviceManagementConfigurationSecretSettingValue", "value": value, "valueState": state},
		}}}})
	}
	value := func(policy object) object {
		return policy["settings"].([]any)[0].(object)["settingInstance"].(object)["simpleSettingValue"].(object)
	}

	It("gives tokens for clear values, good in their own tenant only", func() {
		s := start(quiet(fixtures(dirA), fixtures(dirB)))
		id := s.post(catalog, secret("hunter2", "notEncrypted")).body["id"].(string)
		read := s.get(catalog + "/" + id + "?$expand=settings")
		Expect(string(read.raw)).NotTo(ContainSubstring("hunter2"))
		Expect(value(read.body)).To(HaveKeyWithValue("valueState", "encryptedValueToken"))
		token := value(read.body)["value"].(string)
		Expect(s.post(catalog, secret(token, "encryptedValueToken")).status).To(Equal(201))
		Expect(s.call(dirB, "POST", catalog, secret(token, "encryptedValueToken")).status).To(Equal(400))
	})

	It("masks OMA texts and tells them on request", func() {
		s := start(quiet(fixtures(dirA)))
		oma := typed("windows10CustomConfiguration", object{"omaSettings": []any{
			object{"@odata.type": "#microsoft.graph.omaSettingString", "displayName": "s", "omaUri": "./s", "value": "hunter2"},
			object{"@odata.type": "#microsoft.graph.omaSettingStringXml", "displayName": "x", "omaUri": "./x", "value": "PGE+PC9hPg==", "fileName": "x.xml"},
			object{"@odata.type": "#microsoft.graph.omaSettingInteger", "displayName": "i", "omaUri": "./i", "value": 3},
		}})
		made := s.post(devices, oma)
		Expect(made.status).To(Equal(201))
		items := made.body["omaSettings"].([]any)
		Expect(items[0]).To(And(HaveKeyWithValue("value", "****"), HaveKeyWithValue("isEncrypted", true)))
		Expect(items[1]).To(HaveKeyWithValue("value", "PGEvPg=="))
		Expect(items[2]).To(And(HaveKeyWithValue("value", BeNumerically("==", 3)), HaveKeyWithValue("isEncrypted", false)))
		reference := items[0].(object)["secretReferenceValueId"].(string)
		clear := s.get(devices + "/" + made.body["id"].(string) + "/getOmaSettingPlainTextValue(secretReferenceValueId='" + reference + "')")
		Expect(clear.body).To(HaveKeyWithValue("value", "hunter2"))
		refused := s.post(devices, with(oma, object{"omaSettings": items}))
		Expect(refused.code()).To(Equal("NotSupported"))
		stored, err := s.sim.Objects(dirA, "deviceConfigurations")
		Expect(err).NotTo(HaveOccurred())
		Expect(fmt.Sprint(stored)).NotTo(ContainSubstring("hunter2"))
	})

	It("does not know the clear value of what was loaded masked", func() {
		s := start(quiet(fixtures(dirA)))
		Expect(s.get(devices + "/c0000000-0000-4000-8000-000000000001/getOmaSettingPlainTextValue(secretReferenceValueId='c0000000-0000-4000-8000-000000000001_ref')").status).To(Equal(404))
		Expect(s.patch(devices+"/c0000000-0000-4000-8000-000000000001", typed("windows10CustomConfiguration", object{"description": "d"})).status).To(Equal(204))
	})
})
