package graphsim_test

import (
	"encoding/json"
	"testing/fstest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

// stored are the objects of a collection by name.
func stored(sim *graphsim.Server, directory, collection string) map[string]object {
	GinkgoHelper()
	list, err := sim.Objects(directory, collection)
	Expect(err).NotTo(HaveOccurred())
	out := map[string]object{}
	for _, o := range list {
		name, isName := o["displayName"].(string)
		if !isName {
			name, _ = o["name"].(string)
		}
		out[name] = o
	}
	return out
}

var _ = Describe("loading a folder of exports", func() {
	var sim *graphsim.Server
	BeforeEach(func() { sim = start(quiet(fixtures(dirA))).sim })

	It("reports what it could not use and goes on", func() {
		report := sim.LoadReports()[0]
		Expect(report.Malformed).To(Equal(1))
		Expect(report.Merged).To(Equal(1))
		var paths []string
		for _, p := range report.Problems {
			paths = append(paths, p.Path)
		}
		Expect(paths).To(ConsistOf("configurationPolicies/broken.json", "intents.settings/nobody.json", "unknownThings"))
		Expect(report.Objects).To(HaveKeyWithValue("configurationPolicies", 3))
	})

	It("keeps one of two equal objects and renames the third that only has the id", func() {
		all := stored(sim, dirA, "configurationPolicies")
		Expect(all).To(HaveLen(3))
		Expect(all["Firewall"]).To(HaveKeyWithValue("id", catalogID))
		Expect(all["Firewall renamed"]["id"]).NotTo(Equal(catalogID))
	})

	It("derives missing ids from directory and path", func() {
		first := stored(sim, dirA, "configurationPolicies")["No id"]["id"]
		again := stored(start(quiet(fixtures(dirA))).sim, dirA, "configurationPolicies")["No id"]["id"]
		elsewhere := stored(start(quiet(fixtures(dirB))).sim, dirB, "configurationPolicies")["No id"]["id"]
		Expect(first).To(Equal(again))
		Expect(first).NotTo(Equal(elsewhere))
	})

	It("turns names of scope tags and groups into ids, making what is missing", func() {
		firewall := stored(sim, dirA, "configurationPolicies")["Firewall"]
		tags := stored(sim, dirA, "roleScopeTags")
		Expect(firewall["roleScopeTagIds"]).To(Equal([]any{"0", tags["Europe"]["id"]}))
		Expect(tags["Africa"]["id"]).To(Equal("4"))
		groups := stored(sim, dirA, "groups")
		Expect(groups).To(And(HaveKey("Autopilot fleet"), HaveKey("Migrated group"), HaveKey("Helpdesk"), HaveKey("Emergency accounts"), HaveLen(5)))
		Expect(groups["Autopilot fleet"]).To(HaveKeyWithValue("membershipRule", `(device.model -eq "X")`))
		target := firewall["assignments"].([]any)[0].(object)["target"]
		Expect(target).To(And(HaveKeyWithValue("groupId", groups["Autopilot fleet"]["id"]), Not(HaveKey("groupName"))))
		access := stored(sim, dirA, "conditionalAccessPolicies")["MFA outside the office"]
		Expect(access["conditions"].(object)["users"].(object)["excludeGroups"]).To(Equal([]any{groups["Emergency accounts"]["id"]}))
	})

	It("folds names, wraps single elements, drops annotations and fills in the directory", func() {
		firewall := stored(sim, dirA, "configurationPolicies")["Firewall"]
		Expect(firewall).To(And(HaveKeyWithValue("description", "of "+dirA), Not(HaveKey("@odata.context")), Not(HaveKey("#microsoft.graph.assign")), Not(HaveKey("createdDateTime@odata.type"))))
		baseline := stored(sim, dirA, "intents")["Baseline"]
		Expect(baseline).To(And(HaveKeyWithValue("templateId", "034ccd46-190c-4afc-adf1-ad7cc11262eb"), Not(HaveKey("settingsDelta")), HaveKeyWithValue("settings", HaveLen(1))))
		renamed := stored(sim, dirA, "configurationPolicies")["Firewall renamed"]
		Expect(renamed).To(And(HaveKeyWithValue("roleScopeTagIds", []any{"0"}), HaveKeyWithValue("settings", HaveLen(1))))
		rules := stored(sim, dirA, "deviceCompliancePolicies")["Windows"]["scheduledActionsForRule"].([]any)
		Expect(rules[0].(object)["scheduledActionConfigurations"]).To(HaveLen(1))
	})

	It("puts child files into their parents", func() {
		Expect(stored(sim, dirA, "intents")["ASR"]["settings"]).To(HaveLen(1))
	})

	It("takes the name of a filter for its id, and ids from Go that are not offered", func() {
		t := fixtures(dirA)
		t.NotOffered = []string{"sim_policy_firewall"}
		t.Objects = map[string][]graphsim.Object{"deviceShellScripts": {{"displayName": "S", "assignments": []any{
			target("allDevicesAssignmentTarget", object{"deviceAndAppManagementAssignmentFilterId": "corporate", "deviceAndAppManagementAssignmentFilterType": "include"}),
		}}}}
		s := start(quiet(t))
		script := stored(s.sim, dirA, "deviceShellScripts")["S"]
		Expect(script["assignments"].([]any)[0].(object)["target"]).To(HaveKeyWithValue("deviceAndAppManagementAssignmentFilterId", filterID))
		Expect(s.post(catalog, catalogPolicy("x")).code()).To(Equal("InvalidReferenceId"))
	})

	It("loads from any file system and from Go values, and refuses what is no folder", func() {
		files := fstest.MapFS{"assignmentFilters/a.json": {Data: []byte("\xef\xbb\xbf" + `{"displayName": "A", "platform": "iOS", "rule": "r"}`)}}
		other, err := graphsim.New(graphsim.Config{Tenants: []graphsim.Tenant{{Directory: dirA, FS: files}}})
		Expect(err).NotTo(HaveOccurred())
		Expect(stored(other, dirA, "assignmentFilters")).To(HaveKey("A"))
		Expect(other.AddTenantFrom(graphsim.Tenant{Directory: dirB, Objects: map[string][]graphsim.Object{"groups": {{"displayName": "G"}}}})).To(Succeed())
		Expect(stored(other, dirB, "groups")).To(HaveKey("G"))
		Expect(other.AddTenant(dirB, "")).To(MatchError(ContainSubstring("already")))
		Expect(other.AddTenant("no guid", "")).To(HaveOccurred())
		Expect(other.AddTenant("dddddddd-0000-4000-8000-00000000000d", "testdata/nowhere")).To(HaveOccurred())
		Expect(other.AddTenantFrom(graphsim.Tenant{Directory: "dddddddd-0000-4000-8000-00000000000d", Objects: map[string][]graphsim.Object{"typo": {}}})).To(HaveOccurred())
		Expect(other.Close()).To(Succeed())
	})

	It("offers in every tenant what any folder mentions, except what a tenant does not offer", func() {
		s := start(quiet(fixtures(dirA), graphsim.Tenant{Directory: dirB}))
		withdrawn := with(catalogPolicy("x"), object{"settings": []any{choice("sim_policy_withdrawn", "sim_policy_withdrawn_0")}})
		Expect(s.call(dirB, "POST", catalog, withdrawn).status).To(Equal(201))
		Expect(s.call(dirA, "POST", catalog, withdrawn).status).To(Equal(400))
		templated := with(catalogPolicy("x"), object{"templateReference": object{"templateId": "60000000-0000-4000-8000-000000000001_1"}})
		made := s.call(dirB, "POST", catalog, templated)
		Expect(made.status).To(Equal(201))
		Expect(made.body["templateReference"]).To(HaveKeyWithValue("templateFamily", "endpointSecurityFirewall"))
		templates := s.call(dirB, "GET", "/beta/deviceManagement/configurationPolicyTemplates?$filter=templateFamily eq 'endpointSecurityFirewall'", nil).values()
		Expect(templates).To(HaveLen(1))
		Expect(s.call(dirB, "GET", "/beta/deviceManagement/configurationPolicyTemplates/"+templates[0]["id"].(string)+"/settingTemplates", nil).values()).To(HaveLen(1))
		Expect(s.everything(dirA, "/beta/deviceManagement/configurationSettings?$select=id,displayName")).NotTo(ContainElement(HaveKeyWithValue("id", "sim_policy_withdrawn")))
	})
})

var _ = Describe("fresh ids", func() {
	It("leave alone what means the same in every tenant", func() {
		cfg := quiet(graphsim.Tenant{Directory: dirA, Objects: map[string][]graphsim.Object{
			"directoryRoleDefinitions":       {{"id": groupID, "displayName": "Role"}},
			"authenticationStrengthPolicies": {{"id": filterID, "displayName": "Strength", "policyType": "builtIn"}},
			"servicePrincipals":              {{"id": locationID, "appId": app, "displayName": "App"}},
		}})
		cfg.FreshIDs = true
		sim := start(cfg).sim
		Expect(stored(sim, dirA, "directoryRoleDefinitions")["Role"]).To(HaveKeyWithValue("id", groupID))
		Expect(stored(sim, dirA, "authenticationStrengthPolicies")["Strength"]).To(HaveKeyWithValue("id", filterID))
		Expect(stored(sim, dirA, "servicePrincipals")["App"]).To(And(HaveKeyWithValue("appId", app), Not(HaveKeyWithValue("id", locationID))))
	})

	It("makes the same graph with other ids, the same way each time", func() {
		cfg := quiet(fixtures(dirA))
		plain := start(cfg).sim
		cfg.FreshIDs = true
		fresh, again := start(cfg).sim, start(cfg).sim
		text := func(sim *graphsim.Server, names map[string]string) map[string]string {
			out := map[string]string{}
			for _, c := range []string{
				"groups", "assignmentFilters", "configurationPolicies", "deviceCompliancePolicies", "notificationMessageTemplates", "namedLocations",
				"conditionalAccessPolicies", "intents", "roleScopeTags", "iosManagedAppProtections", "deviceConfigurations", "deviceEnrollmentConfigurations",
			} {
				for name, o := range stored(sim, dirA, c) {
					data, err := json.Marshal(o)
					Expect(err).NotTo(HaveOccurred())
					out[c+"/"+name] = string(data)
					names[o["id"].(string)] = c + "/" + name
				}
			}
			return out
		}
		plainNames, freshNames := map[string]string{}, map[string]string{}
		before, after := text(plain, plainNames), text(fresh, freshNames)
		Expect(after).To(Equal(text(again, map[string]string{})))
		Expect(after).To(HaveLen(len(before)))
		for id := range plainNames {
			if len(id) > 3 {
				Expect(freshNames).NotTo(HaveKey(id), plainNames[id])
			}
		}
		for name := range before {
			Expect(byName(after[name], freshNames)).To(Equal(byName(before[name], plainNames)), name)
		}
	})
})
