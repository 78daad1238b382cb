package graphsim_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

// corpusFolder is where real exports lie beside a checkout, when they do.
const corpusFolder = "../../../shared/corpus"

func corpusSets() []string {
	dirs, err := filepath.Glob(filepath.Join(corpusFolder, "*"))
	if err != nil {
		return nil
	}
	var out []string
	for _, d := range dirs {
		if info, err := os.Stat(d); err == nil && info.IsDir() && !strings.HasPrefix(filepath.Base(d), "_") {
			out = append(out, d)
		}
	}
	return out
}

// values are the leaf values of a JSON value, as counted texts.
func values(v any, into map[string]int) {
	switch v := v.(type) {
	case object:
		for k, e := range v {
			if !strings.Contains(k, "@odata.") && !strings.HasPrefix(k, "#") {
				values(e, into)
			}
		}
	case []any:
		for _, e := range v {
			values(e, into)
		}
	default:
		data, err := json.Marshal(v)
		Expect(err).NotTo(HaveOccurred())
		into[string(data)]++
	}
}

var _ = Describe("the corpus of real exports", func() {
	It("loads without loss", func() {
		sets := corpusSets()
		if len(sets) == 0 {
			Skip("no corpus at " + corpusFolder)
		}
		Expect(len(sets)).To(BeNumerically(">=", 19))
		for _, set := range sets {
			sim, err := graphsim.New(graphsim.Config{Folders: map[string]string{dirA: set}})
			Expect(err).NotTo(HaveOccurred())
			report := sim.LoadReports()[0]
			Expect(report.Problems).To(BeEmpty(), set)
			have := map[string][]map[string]int{}
			for collection := range report.Objects {
				list, err := sim.Objects(dirA, collection)
				Expect(err).NotTo(HaveOccurred())
				for _, o := range list {
					leaves := map[string]int{}
					values(o, leaves)
					have[collection] = append(have[collection], leaves)
				}
			}
			expectAllValues(set, have)
			Expect(sim.Close()).To(Succeed())
		}
	})

	It("serves each set completely, also with fresh ids", func() {
		sets := corpusSets()
		if len(sets) == 0 {
			Skip("no corpus at " + corpusFolder)
		}
		for _, set := range sets {
			cfg := quiet(graphsim.Tenant{Directory: dirA, Folder: set}, graphsim.Tenant{Directory: dirB, Folder: set})
			cfg.FreshIDs = true
			s := start(cfg)
			for collection, n := range s.sim.LoadReports()[0].Objects {
				path := graphPaths[collection]
				Expect(path).NotTo(BeEmpty(), collection)
				if path == "deviceManagement/settings" {
					continue
				}
				a, b := s.everything(dirA, "/beta/"+path), s.everything(dirB, "/beta/"+path)
				Expect(len(a)).To(BeNumerically(">=", n), set+" "+collection)
				Expect(b).To(HaveLen(len(a)))
				for i := range a {
					if collection != "roleScopeTags" && collection != "directoryRoleDefinitions" {
						Expect(a[i]["id"]).NotTo(Equal(b[i]["id"]), set+" "+collection)
					}
				}
			}
		}
	})
})

var graphPaths = map[string]string{
	"androidManagedAppProtections": "deviceAppManagement/androidManagedAppProtections", "iosManagedAppProtections": "deviceAppManagement/iosManagedAppProtections",
	"assignmentFilters": "deviceManagement/assignmentFilters", "compliancePolicies": "deviceManagement/compliancePolicies",
	"conditionalAccessPolicies": "identity/conditionalAccess/policies", "namedLocations": "identity/conditionalAccess/namedLocations",
	"configurationPolicies": "deviceManagement/configurationPolicies", "deviceCompliancePolicies": "deviceManagement/deviceCompliancePolicies",
	"deviceConfigurations": "deviceManagement/deviceConfigurations", "deviceCustomAttributeShellScripts": "deviceManagement/deviceCustomAttributeShellScripts",
	"deviceEnrollmentConfigurations": "deviceManagement/deviceEnrollmentConfigurations", "deviceShellScripts": "deviceManagement/deviceShellScripts",
	"groupPolicyConfigurations": "deviceManagement/groupPolicyConfigurations", "groups": "groups", "intents": "deviceManagement/intents",
	"notificationMessageTemplates": "deviceManagement/notificationMessageTemplates", "roleDefinitions": "deviceManagement/roleDefinitions",
	"roleScopeTags": "deviceManagement/roleScopeTags", "settings": "deviceManagement/settings",
	"windowsAutopilotDeploymentProfiles": "deviceManagement/windowsAutopilotDeploymentProfiles",
	"windowsDriverUpdateProfiles":        "deviceManagement/windowsDriverUpdateProfiles", "windowsFeatureUpdateProfiles": "deviceManagement/windowsFeatureUpdateProfiles",
}

// expectAllValues finds, for every file of the set, a loaded object that holds
// all of the file's values, as often. Names that become ids, and the
// placeholder, are left out.
func expectAllValues(set string, have map[string][]map[string]int) {
	GinkgoHelper()
	files, err := filepath.Glob(filepath.Join(set, "*", "*.json"))
	Expect(err).NotTo(HaveOccurred())
	for _, f := range files {
		collection, _, _ := strings.Cut(filepath.Base(filepath.Dir(f)), ".")
		if collection == "_meta" {
			continue
		}
		data, err := os.ReadFile(filepath.Clean(f))
		Expect(err).NotTo(HaveOccurred())
		var o object
		Expect(json.Unmarshal(data, &o)).To(Succeed())
		delete(o, "id") // a second object of the same id gets another one
		delete(o, "roleScopeTagIds")
		want := map[string]int{}
		values(o, want)
		found := slices.ContainsFunc(have[collection], func(leaves map[string]int) bool { return holds(leaves, want) })
		Expect(found).To(BeTrue(), "no loaded object holds %s", f)
	}
}

func holds(have, want map[string]int) bool {
	for v, n := range want {
		became := strings.Contains(v, "%OrganizationId%") || v == `"DynamicMembership"` || v == `"StaticMembership"` || strings.Contains(v, "[SWC] - ") ||
			strings.Contains(v, "user.assignedPlans")
		if !became && have[v] < n {
			return false
		}
	}
	return true
}
