package graphsim_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

func many(n int) graphsim.Tenant {
	var list []graphsim.Object
	for i := range n {
		list = append(list, graphsim.Object{
			"name": fmt.Sprintf("Policy %02d", i), "platforms": "windows10", "technologies": "mdm",
			"settings": []any{choice("d", "d_1")},
		})
	}
	return graphsim.Tenant{Directory: dirA, Objects: map[string][]graphsim.Object{"configurationPolicies": list}}
}

var _ = Describe("lists", func() {
	It("pages by 25 in the catalog with absolute links that repeat the query", func() {
		s := start(quiet(many(60)))
		first := s.get("/beta/deviceManagement/configurationPolicies?$select=id,name")
		Expect(first.values()).To(HaveLen(25))
		next := first.body["@odata.nextLink"].(string)
		Expect(next).To(HavePrefix(s.web.URL + "/beta/deviceManagement/configurationPolicies?"))
		all := s.everything(dirA, "/beta/deviceManagement/configurationPolicies?$select=id,name")
		Expect(all).To(HaveLen(60))
		Expect(all[59]).To(And(HaveKey("name"), Not(HaveKey("platforms"))))
		Expect(s.everything(dirA, "/beta/deviceManagement/configurationPolicies?$top=7")).To(HaveLen(60))
		Expect(s.get("/beta/deviceManagement/configurationPolicies?$top=1001").status).To(Equal(400))
	})

	It("lets page tokens expire and refuses forged ones", func() {
		s := start(quiet(many(30)))
		next := s.get("/beta/deviceManagement/configurationPolicies").body["@odata.nextLink"].(string)
		s.clock.Forward(61 * time.Minute)
		s.tokens = map[string]string{}
		Expect(s.get(next).status).To(Equal(400))
		Expect(s.get("/beta/deviceManagement/configurationPolicies?$skiptoken=zzz").status).To(Equal(400))
	})

	It("counts", func() {
		s := start(quiet(many(30)))
		a := s.get("/beta/deviceManagement/configurationPolicies?$count=true&$top=1")
		Expect(a.body["@odata.count"]).To(BeNumerically("==", 30))
		Expect(string(s.get("/beta/deviceManagement/configurationPolicies/$count").raw)).To(Equal("30"))
	})

	DescribeTable("filters", func(filter string, want int) {
		s := start(quiet(many(30)))
		a := s.get("/beta/deviceManagement/configurationPolicies?$top=100&$filter=" + filter)
		Expect(a.status).To(Equal(200), string(a.raw))
		Expect(a.values()).To(HaveLen(want))
	},
		Entry("equality", "name eq 'Policy 07'", 1),
		Entry("equality without regard to case", "name eq 'policy 07'", 1),
		Entry("prefix", "startswith(name,'Policy 1')", 10),
		Entry("in", "name in ('Policy 01','Policy 02','Nothing')", 2),
		Entry("and, not, parentheses", "(platforms eq 'windows10') and not startswith(name,'Policy 0')", 20),
		Entry("or", "name eq 'Policy 01' or name eq 'Policy 02'", 2),
		Entry("inequality", "name ne 'Policy 01'", 29),
		Entry("a doubled quote", "name eq 'it''s'", 0),
		Entry("null", "description eq null", 30),
		Entry("nested property", "templateReference/templateFamily eq 'none'", 30),
	)

	It("answers any filter text with a list or a refusal", func() {
		s := start(quiet(many(3)))
		words := []string{"name", "eq", "ne", "and", "or", "not", "(", ")", ",", "'", "'a'", "in", "startswith(", "contains(name,", "isof('x')", "null", "1", "/", "é"}
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 9).Draw(t, "words"), " ")
			a := s.get("/beta/deviceManagement/configurationPolicies?$filter=" + url.QueryEscape(text))
			if a.status != 200 && a.status != 400 {
				t.Fatalf("%q: %d", text, a.status)
			}
		})
	})

	It("refuses what it cannot filter", func() {
		s := start(quiet(many(3)))
		for _, path := range []string{
			"/beta/deviceManagement/configurationPolicies?$filter=endswith(name,'x')", "/beta/deviceManagement/configurationPolicies?$filter=name",
			"/beta/deviceAppManagement/managedAppPolicies?$filter=displayName eq 'x'", "/beta/deviceManagement/deviceHealthScripts?$filter=displayName eq 'x'",
			"/beta/deviceManagement/configurationPolicies?$expand=nothing", "/beta/deviceManagement/configurationPolicies?$search=x",
		} {
			Expect(s.get(path).status).To(Equal(400), path)
		}
	})

	It("sorts", func() {
		s := start(quiet(many(3)))
		names := s.get("/beta/deviceManagement/configurationPolicies?$orderby=name desc").values()
		Expect(names[0]["name"]).To(Equal("Policy 02"))
	})
})

var _ = Describe("what reads leave out", func() {
	var s *rig
	BeforeEach(func() { s = start(quiet(fixtures(dirA))) })

	It("expands settings and assignments only when asked, under both ways to write an id", func() {
		base := "/beta/deviceManagement/configurationPolicies"
		one := s.get(base + "/" + catalogID).body
		Expect(one).To(And(Not(HaveKey("settings")), Not(HaveKey("assignments")), HaveKeyWithValue("settingCount", BeNumerically("==", 2)), HaveKeyWithValue("isAssigned", true)))
		full := s.get(base + "('" + catalogID + "')?$expand=settings,assignments").body
		Expect(full["settings"]).To(HaveLen(2))
		Expect(full["assignments"]).To(HaveLen(2))
		Expect(s.get(base + "/" + catalogID + "/settings").values()).To(HaveLen(2))
		Expect(s.get(base + "/" + catalogID + "/assignments").values()).To(HaveLen(2))
	})

	It("gives setting definitions, exported or made readable", func() {
		settings := s.get("/beta/deviceManagement/configurationPolicies/" + catalogID + "/settings?$expand=settingDefinitions").values()
		name := func(i int) string {
			return settings[i]["settingDefinitions"].([]any)[0].(object)["displayName"].(string)
		}
		Expect(name(0)).To(Equal("Turn the firewall on"))
		Expect(name(1)).To(Equal("Sim Policy Default Inbound Action"))
	})

	It("nests the expansion of compliance actions and has no route to them", func() {
		base := "/beta/deviceManagement/deviceCompliancePolicies"
		Expect(s.get(base).values()[0]).NotTo(HaveKey("scheduledActionsForRule"))
		flat := s.get(base + "?$expand=scheduledActionsForRule").values()[0]["scheduledActionsForRule"].([]any)[0].(object)
		Expect(flat).NotTo(HaveKey("scheduledActionConfigurations"))
		deep := s.get(base + "?$expand=assignments,scheduledActionsForRule($expand=scheduledActionConfigurations)").values()[0]
		Expect(deep["scheduledActionsForRule"].([]any)[0].(object)["scheduledActionConfigurations"]).To(HaveLen(1))
		id := deep["id"].(string)
		Expect(s.get(base + "/" + id + "/scheduledActionsForRule").status).To(Equal(400))
	})

	It("nulls script contents in lists", func() {
		list := s.get("/beta/deviceManagement/deviceShellScripts").values()[0]
		Expect(list).To(HaveKeyWithValue("scriptContent", BeNil()))
		Expect(s.get("/beta/deviceManagement/deviceShellScripts/" + list["id"].(string)).body["scriptContent"]).To(Equal("ZWNobyBoZWxsbwo="))
	})

	It("omits a reusable setting's instance from lists unless selected", func() {
		base := "/beta/deviceManagement/reusablePolicySettings"
		Expect(s.post(base, named(object{"settingDefinitionId": "sim_policy_firewall", "settingInstance": choice("sim_policy_firewall", "sim_policy_firewall_1")["settingInstance"]})).status).To(Equal(201))
		Expect(s.get(base).values()[0]).NotTo(HaveKey("settingInstance"))
		Expect(s.get(base + "?$select=id,settingInstance").values()[0]).To(HaveKey("settingInstance"))
	})

	It("names types where a collection holds several, and everywhere under full metadata", func() {
		full := func(path string) object {
			req := s.request(dirA, http.MethodGet, path, nil)
			req.Header.Set("Accept", "application/json;odata.metadata=full")
			return do(req).values()[0]
		}
		Expect(s.get("/beta/deviceManagement/deviceConfigurations").values()[0]).To(HaveKeyWithValue("@odata.type", "#microsoft.graph.windows10CustomConfiguration"))
		Expect(s.get("/beta/deviceManagement/configurationPolicies").values()[0]).NotTo(HaveKey("@odata.type"))
		Expect(s.get("/beta/deviceAppManagement/iosManagedAppProtections").values()[0]).NotTo(HaveKey("@odata.type"))
		Expect(s.get("/beta/deviceAppManagement/managedAppPolicies").values()[0]).To(HaveKeyWithValue("@odata.type", "#microsoft.graph.iosManagedAppProtection"))
		Expect(full("/beta/deviceManagement/configurationPolicies")).To(And(HaveKeyWithValue("@odata.type", "#microsoft.graph.deviceManagementConfigurationPolicy"),
			HaveKey("@odata.id"), HaveKeyWithValue("roleScopeTagIds@odata.type", "#Collection(String)")))
		policy := s.get("/beta/identity/conditionalAccess/policies").values()[0]
		Expect(policy["conditions"]).NotTo(HaveKey("@odata.type"))
	})

	It("says what is wrong the way each area does", func() {
		intune := s.get("/beta/deviceManagement/configurationPolicies/" + groupID)
		Expect(intune.status).To(Equal(404))
		Expect(intune.body["error"].(object)["message"]).To(HavePrefix("{"), "Intune's message is a JSON text")
		req := s.request(dirA, http.MethodGet, "/beta/groups/"+filterID, nil)
		req.Header.Set("client-request-id", "echo-me")
		directory := do(req)
		Expect(directory.header.Get("client-request-id")).To(Equal("echo-me"))
		Expect(directory.body["error"].(object)["message"]).NotTo(HavePrefix("{"))
		Expect(s.get("/beta/deviceManagement/nothing").status).To(Equal(400))
		Expect(strings.Count(directory.header.Get("request-id"), "-")).To(Equal(4))
	})

	It("serves the singleton in both ways", func() {
		Expect(s.get("/beta/deviceManagement?$select=settings").body["settings"]).To(HaveKeyWithValue("secureByDefault", true))
		Expect(s.get("/beta/deviceManagement/settings").body).To(HaveKeyWithValue("secureByDefault", true))
		Expect(s.patch("/beta/deviceManagement", object{"settings": object{"secureByDefault": false}}).status).To(Equal(200))
		Expect(s.get("/beta/deviceManagement/settings").body).To(And(HaveKeyWithValue("secureByDefault", false), HaveKeyWithValue("deviceComplianceCheckinThresholdDays", BeNumerically("==", 30))))
	})
})
