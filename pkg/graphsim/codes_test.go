package graphsim_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// row is what one collection answers to each of its verbs.
type row struct {
	path             string
	body, change     object
	created, updated int
	put              bool
	assign, key      string
	assigned         int
	removed          int
}

func typed(kind string, more object) object {
	out := object{"@odata.type": "#microsoft.graph." + kind, "displayName": "New"}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func named(more object) object {
	out := object{"displayName": "New"}
	for k, v := range more {
		out[k] = v
	}
	return out
}

var _ = DescribeTable("status codes of a collection", func(r row) {
	s := start(quiet(fixtures(dirA)))
	made := s.post("/beta/"+r.path, r.body)
	Expect(made.status).To(Equal(r.created), string(made.raw))
	id := made.body["id"].(string)
	one := "/beta/" + r.path + "/" + id

	Expect(s.get(one).status).To(Equal(200))
	if r.put {
		Expect(s.put(one, r.change).status).To(Equal(r.updated))
	} else {
		changed := s.patch(one, r.change)
		Expect(changed.status).To(Equal(r.updated), string(changed.raw))
	}
	if r.assign != "" {
		assigned := s.post(one+"/"+r.assign, object{r.key: []any{group(groupID)}})
		Expect(assigned.status).To(Equal(r.assigned), string(assigned.raw))
		Expect(s.get(one + "?$expand=assignments").body["assignments"]).To(HaveLen(1))
		Expect(s.post(one+"/"+r.assign, object{r.key: []any{}}).status).To(Equal(r.assigned))
		Expect(s.get(one + "?$expand=assignments").body["assignments"]).To(BeEmpty(), "assign replaces the whole set")
		Expect(s.post(one+"/"+r.assign, object{"wrong": []any{}}).status).To(Equal(400))
	}
	Expect(s.del(one).status).To(Equal(r.removed))
	Expect(s.get(one).status).To(Equal(404))
},
	Entry("settings catalog", row{
		path: "deviceManagement/configurationPolicies", body: catalogPolicy("New"), created: 201,
		change: catalogPolicy("Newer"), put: true, updated: 204, assign: "assign", key: "assignments", assigned: 200, removed: 200,
	}),
	Entry("device configuration", row{
		path: "deviceManagement/deviceConfigurations", body: typed("iosGeneralDeviceConfiguration", nil), created: 201,
		change: typed("iosGeneralDeviceConfiguration", object{"cameraBlocked": true}), updated: 204, assign: "assign", key: "assignments", assigned: 200, removed: 200,
	}),
	Entry("compliance", row{
		path: "deviceManagement/deviceCompliancePolicies", body: compliance("New"), created: 201,
		change: typed("windows10CompliancePolicy", object{"tpmRequired": true}), updated: 204, assign: "assign", key: "assignments", assigned: 200, removed: 200,
	}),
	Entry("compliance v2", row{
		path: "deviceManagement/compliancePolicies", body: catalogPolicy("New"), created: 201,
		change: object{"description": "d"}, updated: 204, assign: "assign", key: "assignments", assigned: 200, removed: 200,
	}),
	Entry("conditional access", row{
		path: "identity/conditionalAccess/policies", body: accessPolicy("New"), created: 201,
		change: object{"state": "enabled"}, updated: 204, removed: 204,
	}),
	Entry("named location", row{
		path: "identity/conditionalAccess/namedLocations", created: 201, updated: 204, removed: 204,
		body:   typed("countryNamedLocation", object{"countriesAndRegions": []any{"DE"}}),
		change: typed("countryNamedLocation", object{"countriesAndRegions": []any{"FR"}}),
	}),
	Entry("app protection", row{
		path: "deviceAppManagement/iosManagedAppProtections", body: named(nil), created: 201, change: object{"pinRequired": true},
		updated: 204, assign: "assign", key: "assignments", assigned: 204, removed: 204,
	}),
	Entry("information protection", row{
		path: "deviceAppManagement/mdmWindowsInformationProtectionPolicies", body: named(nil), created: 201,
		change: object{"enforcementLevel": "noProtection"}, updated: 200, assign: "assign", key: "assignments", assigned: 204, removed: 204,
	}),
	Entry("app configuration of managed apps", row{
		path: "deviceAppManagement/targetedManagedAppConfigurations", body: named(nil), created: 201,
		change: object{"customSettings": []any{}}, updated: 204, assign: "assign", key: "assignments", assigned: 204, removed: 204,
	}),
	Entry("app configuration of devices", row{
		path: "deviceAppManagement/mobileAppConfigurations", created: 201, updated: 204, removed: 200,
		body:   typed("androidManagedStoreAppConfiguration", object{"targetedMobileApps": []any{"e0000000-0000-4000-8000-000000000001"}}),
		change: typed("androidManagedStoreAppConfiguration", object{"packageId": "x"}),
		assign: "microsoft.graph.managedDeviceMobileAppConfiguration/assign", key: "assignments", assigned: 200,
	}),
	Entry("platform script", row{
		path: "deviceManagement/deviceManagementScripts", body: named(object{"scriptContent": "eA=="}), created: 201,
		change: object{"fileName": "b.ps1"}, updated: 200, assign: "assign", key: "deviceManagementScriptAssignments", assigned: 200, removed: 200,
	}),
	Entry("remediation", row{
		path: "deviceManagement/deviceHealthScripts", body: named(object{"detectionScriptContent": "eA=="}), created: 201,
		change: object{"publisher": "p"}, updated: 200, assign: "assign", key: "deviceHealthScriptAssignments", assigned: 200, removed: 200,
	}),
	Entry("shell script", row{
		path: "deviceManagement/deviceShellScripts", body: named(object{"scriptContent": "eA=="}), created: 201,
		change: object{"fileName": "b.sh"}, updated: 200, assign: "assign", key: "deviceManagementScriptAssignments", assigned: 200, removed: 200,
	}),
	Entry("compliance script", row{
		path: "deviceManagement/deviceComplianceScripts", body: named(object{"detectionScriptContent": "eA=="}), created: 201,
		change: object{"publisher": "p"}, updated: 200, assign: "assign", key: "deviceHealthScriptAssignments", assigned: 200, removed: 200,
	}),
	Entry("custom attribute", row{
		path: "deviceManagement/deviceCustomAttributeShellScripts", created: 201, updated: 200, removed: 200,
		body: named(object{"customAttributeName": "a", "customAttributeType": "string", "scriptContent": "eA=="}), change: object{"fileName": "b.sh"},
		assign: "assign", key: "deviceManagementScriptAssignments", assigned: 200,
	}),
	Entry("filter", row{
		path: "deviceManagement/assignmentFilters", body: named(object{"platform": "iOS", "rule": "r"}), created: 201,
		change: object{"rule": "s"}, updated: 200, removed: 200,
	}),
	Entry("scope tag", row{
		path: "deviceManagement/roleScopeTags", body: named(nil), created: 200, change: object{"description": "d"}, updated: 200,
		assign: "assign", key: "assignments", assigned: 200, removed: 200,
	}),
	Entry("notification template", row{
		path: "deviceManagement/notificationMessageTemplates", body: named(nil), created: 200,
		change: object{"brandingOptions": "none"}, updated: 200, removed: 200,
	}),
	Entry("role definition", row{
		path: "deviceManagement/roleDefinitions", body: typed("deviceAndAppManagementRoleDefinition", nil), created: 200,
		change: object{"description": "d"}, updated: 200, removed: 200,
	}),
	Entry("reusable setting", row{
		path: "deviceManagement/reusablePolicySettings", created: 201, updated: 204, removed: 200, put: true,
		body:   named(object{"settingDefinitionId": "sim_policy_firewall", "settingInstance": choice("sim_policy_firewall", "sim_policy_firewall_1")["settingInstance"]}),
		change: named(object{"settingDefinitionId": "sim_policy_firewall", "settingInstance": choice("sim_policy_firewall", "sim_policy_firewall_0")["settingInstance"]}),
	}),
	Entry("Autopilot profile", row{
		path: "deviceManagement/windowsAutopilotDeploymentProfiles", created: 201, updated: 200, removed: 200,
		body: typed("azureADWindowsAutopilotDeploymentProfile", nil), change: object{"locale": "os-default"},
	}),
	Entry("enrolment configuration", row{
		path: "deviceManagement/deviceEnrollmentConfigurations", body: typed("deviceEnrollmentLimitConfiguration", nil), created: 201,
		change: typed("deviceEnrollmentLimitConfiguration", object{"limit": 3}), updated: 200, assign: "assign", key: "enrollmentConfigurationAssignments", assigned: 200, removed: 200,
	}),
	Entry("terms and conditions", row{
		path: "deviceManagement/termsAndConditions", created: 201, updated: 200, removed: 200,
		body: named(object{"title": "t", "bodyText": "b", "acceptanceStatement": "a"}), change: object{"title": "u"},
	}),
	Entry("feature updates", row{
		path: "deviceManagement/windowsFeatureUpdateProfiles", body: named(object{"featureUpdateVersion": "Windows 11, version 24H2"}), created: 201,
		change: object{"description": "d"}, updated: 200, assign: "assign", key: "assignments", assigned: 204, removed: 200,
	}),
	Entry("expedited updates", row{
		path: "deviceManagement/windowsQualityUpdateProfiles", body: named(nil), created: 201,
		change: object{"description": "d"}, updated: 200, assign: "assign", key: "assignments", assigned: 204, removed: 200,
	}),
	Entry("hotpatch policies", row{
		path: "deviceManagement/windowsQualityUpdatePolicies", body: named(nil), created: 201,
		change: object{"hotpatchEnabled": true}, updated: 200, assign: "assign", key: "assignments", assigned: 204, removed: 200,
	}),
	Entry("driver updates", row{
		path: "deviceManagement/windowsDriverUpdateProfiles", body: named(object{"approvalType": "manual"}), created: 201,
		change: object{"description": "d"}, updated: 200, assign: "assign", key: "assignments", assigned: 204, removed: 200,
	}),
	Entry("group", row{
		path: "groups", created: 201, updated: 204, removed: 204, change: object{"description": "d"},
		body: named(object{"mailEnabled": false, "mailNickname": "new", "securityEnabled": true}),
	}),
	Entry("authentication strength", row{
		path: "identity/conditionalAccess/authenticationStrength/policies", created: 201, updated: 204, removed: 204,
		body: named(object{"allowedCombinations": []any{"fido2"}}), change: object{"description": "d"},
	}),
)

var _ = Describe("writing one assignment at a time", func() {
	It("adds with 201, refuses a repeat, removes by id and keeps an assigned Autopilot profile", func() {
		s := start(quiet(fixtures(dirA)))
		path := "/beta/deviceManagement/windowsAutopilotDeploymentProfiles"
		one := path + "/" + s.post(path, typed("azureADWindowsAutopilotDeploymentProfile", nil)).body["id"].(string)
		added := s.post(one+"/assignments", group(groupID))
		Expect(added.status).To(Equal(201), string(added.raw))
		Expect(s.post(one+"/assignments", group(groupID)).status).To(Equal(409))
		Expect(s.del(one).status).To(Equal(400))
		Expect(s.del(one + "/assignments/" + added.body["id"].(string)).status).To(Equal(204))
		Expect(s.del(one).status).To(Equal(200))
	})

	It("lets only one Autopilot profile target all devices", func() {
		s := start(quiet(fixtures(dirA)))
		path := "/beta/deviceManagement/windowsAutopilotDeploymentProfiles"
		first := s.post(path, typed("azureADWindowsAutopilotDeploymentProfile", nil)).body["id"].(string)
		second := s.post(path, typed("azureADWindowsAutopilotDeploymentProfile", nil)).body["id"].(string)
		Expect(s.post(path+"/"+first+"/assignments", allDevices()).status).To(Equal(201))
		refused := s.post(path+"/"+second+"/assignments", allDevices())
		Expect(refused.status).To(Equal(400))
		Expect(string(refused.raw)).To(ContainSubstring("already assigned to All Devices"))
	})

	It("serves terms and conditions the same way, without expansion", func() {
		s := start(quiet(fixtures(dirA)))
		path := "/beta/deviceManagement/termsAndConditions"
		one := path + "/" + s.post(path, named(object{"title": "t", "bodyText": "b", "acceptanceStatement": "a"})).body["id"].(string)
		Expect(s.post(one+"/assignments", group(groupID)).status).To(Equal(201))
		Expect(s.get(one + "/assignments").values()).To(HaveLen(1))
		Expect(s.get(one + "?$expand=assignments").status).To(Equal(400))
	})
})
