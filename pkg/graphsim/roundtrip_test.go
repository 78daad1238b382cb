package graphsim_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

// copied are the collections a plain copy can carry over, in order of
// dependence, with what has to be expanded to read them whole.
var copied = []struct{ folder, expand string }{
	{"roleScopeTags", ""},
	{"groups", ""},
	{"assignmentFilters", ""},
	{"notificationMessageTemplates", ""},
	{"namedLocations", ""},
	{"configurationPolicies", "settings"},
	{"compliancePolicies", "settings"},
	{"deviceConfigurations", ""},
	{"deviceCompliancePolicies", "scheduledActionsForRule($expand=scheduledActionConfigurations)"},
	{"iosManagedAppProtections", ""},
	{"androidManagedAppProtections", ""},
	{"deviceShellScripts", ""},
	{"deviceCustomAttributeShellScripts", ""},
	{"windowsAutopilotDeploymentProfiles", ""},
	{"windowsDriverUpdateProfiles", ""},
	{"conditionalAccessPolicies", ""},
}

// serverOwned is what a copy leaves out, at any depth where the service owns it.
var serverOwned = []string{
	"id", "createdDateTime", "lastModifiedDateTime", "modifiedDateTime", "version", "isAssigned", "settingCount", "creationSource",
	"supportsScopeTags", "deployedAppCount", "inventorySyncStatus", "newUpdates", "deviceReporting", "templateId", "managementServiceAppId", "defaultLocale", "isBuiltIn", "priorityMetaData",
}

func bodyOf(o object) object {
	out := object{}
	for k, v := range o {
		if !slices.Contains(serverOwned, k) && !strings.HasPrefix(k, "@odata.context") {
			out[k] = v
		}
	}
	return out
}

// settled drops what a copy may differ in: nested ids and masked values.
func settled(o object) string {
	GinkgoHelper()
	out := bodyOf(o)
	for _, rule := range asList(out["scheduledActionsForRule"]) {
		rule.(object)["id"] = "rule"
		for _, a := range asList(rule.(object)["scheduledActionConfigurations"]) {
			a.(object)["id"] = "action"
			if a.(object)["notificationTemplateId"] == nil || a.(object)["notificationTemplateId"] == "" {
				a.(object)["notificationTemplateId"] = "00000000-0000-0000-0000-000000000000"
			}
			delete(a.(object), "notificationMessageCCList")
		}
	}
	for _, s := range asList(out["omaSettings"]) {
		for _, p := range []string{"value", "isEncrypted", "secretReferenceValueId", "isReadOnly"} {
			delete(s.(object), p)
		}
	}
	if grant, isObject := out["grantControls"].(object); isObject {
		if strength, isObject := grant["authenticationStrength"].(object); isObject {
			grant["authenticationStrength"] = strength["id"]
		}
	}
	for k, v := range out {
		if v == nil {
			delete(out, k)
		}
	}
	data, err := json.Marshal(out)
	Expect(err).NotTo(HaveOccurred())
	return string(data)
}

var _ = Describe("copying a real tenant into an empty one", func() {
	It("is accepted and reads back as it was sent, object by object", func() {
		sets := corpusSets()
		if len(sets) == 0 {
			Skip("no corpus at " + corpusFolder)
		}
		copies := 0
		for _, set := range sets {
			s := start(quiet(graphsim.Tenant{Directory: dirA, Folder: set}, graphsim.Tenant{Directory: dirB}))
			ids := map[string]string{}
			prepareTarget(s, ids)
			for _, c := range copied {
				path := "/beta/" + graphPaths[c.folder]
				for _, o := range s.everything(dirA, path) {
					if copyOne(s, filepath.Base(set)+" "+c.folder, path, c.expand, o, ids) {
						copies++
					}
				}
			}
		}
		Expect(copies).To(BeNumerically(">", 700))
	})
})

// prepareTarget gives the empty tenant the applications, strengths and terms
// of use of the full one, which no copy creates.
func prepareTarget(s *rig, ids map[string]string) {
	GinkgoHelper()
	ids[dirA] = dirB
	for _, c := range []string{"servicePrincipals", "authenticationStrengthPolicies"} {
		for _, o := range stored(s.sim, dirA, c) {
			_, err := s.sim.UpsertObject(dirB, c, o)
			Expect(err).NotTo(HaveOccurred())
		}
	}
	for _, o := range stored(s.sim, dirA, "conditionalAccessPolicies") {
		grant, _ := o["grantControls"].(object)
		for _, terms := range asList(grant["termsOfUse"]) {
			_, err := s.sim.UpsertObject(dirB, "agreements", object{"id": terms, "displayName": "Terms"})
			Expect(err).NotTo(HaveOccurred())
		}
	}
}

func copyOne(s *rig, label, path, expand string, o object, ids map[string]string) bool {
	GinkgoHelper()
	if o["isBuiltIn"] == true {
		return false
	}
	query := ""
	if expand != "" {
		query = "?$expand=" + expand
	}
	source := s.call(dirA, "GET", path+"/"+o["id"].(string)+query, nil).body
	data, err := json.Marshal(bodyOf(source))
	Expect(err).NotTo(HaveOccurred())
	text := guids.ReplaceAllStringFunc(string(data), func(g string) string {
		if mapped := ids[g]; mapped != "" {
			return mapped
		}
		return g
	})
	text = withoutUnknown(text, ids)
	var body object
	Expect(json.Unmarshal([]byte(text), &body)).To(Succeed())
	made := s.call(dirB, "POST", path, body)
	Expect(made.status).To(BeElementOf(200, 201), label+" "+o["id"].(string)+" "+string(made.raw))
	ids[o["id"].(string)] = made.body["id"].(string)
	back := s.call(dirB, "GET", path+"/"+made.body["id"].(string)+query, nil).body
	Expect(settled(back)).To(Equal(settled(body)), label)
	return true
}

// withoutUnknown leaves out group, user and location ids that the set itself
// does not describe.
func withoutUnknown(text string, ids map[string]string) string {
	GinkgoHelper()
	var o object
	Expect(json.Unmarshal([]byte(text), &o)).To(Succeed())
	conditions, _ := o["conditions"].(object)
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	for part, names := range map[string][]string{"users": {"includeGroups", "excludeGroups", "includeUsers", "excludeUsers"}, "locations": {"includeLocations", "excludeLocations"}} {
		where, _ := conditions[part].(object)
		for _, name := range names {
			kept := []any{}
			for _, v := range asList(where[name]) {
				if id := v.(string); !guids.MatchString(id) || known[id] || strings.HasPrefix(id, "00000000") {
					kept = append(kept, v)
				}
			}
			if where[name] != nil {
				where[name] = kept
			}
		}
	}
	data, err := json.Marshal(o)
	Expect(err).NotTo(HaveOccurred())
	return string(data)
}
