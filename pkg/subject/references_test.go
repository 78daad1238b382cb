package subject_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// holding is an object of a type with an id at a reference path.
func holding(t *subject.Type, path, id string) string {
	GinkgoHelper()
	var value any = id
	steps := strings.Split(path, ".")
	slices.Reverse(steps)
	for _, step := range steps {
		name, many := strings.CutSuffix(step, "[]")
		if many {
			value = []any{value}
		}
		value = map[string]any{name: value}
	}
	o, ok := value.(map[string]any)
	Expect(ok).To(BeTrue())
	if t.Name != "" {
		o[t.Name] = "P"
	}
	text, err := json.Marshal(o)
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

const someID = "1f0b6a2c-3f0e-4f5b-9d57-0b8a5f6a1e44"

var _ = Describe("References", func() {
	for _, t := range subject.Types() {
		places := t.References
		if t.ScopeTags != "" {
			places = append(slices.Clone(places), subject.Ref{Path: t.ScopeTags + "[]", Kind: subject.RefScopeTag})
		}
		for _, place := range places {
			It(fmt.Sprintf("of %s stand at %s", t.Key, place.Path), func() {
				s := parsed(t.Key, holding(t, place.Path, someID))
				Expect(s.References()).To(ConsistOf(subject.Reference{Kind: place.Kind, ID: someID}))
				called := func(name string) subject.NameOf {
					return func(subject.Reference) (string, bool) { return name, true }
				}
				stands := `"name":"A"`
				if subject.SameEverywhere(place.Kind) {
					stands = `"id":"` + someID + `"`
				}
				Expect(string(subject.Portable(s.Content, called("A")))).To(ContainSubstring(stands))
			})
		}
	}

	It("of catalog settings lead to reusable settings, or to the discovery script", func() {
		value := setting("a", `"simpleSettingValue":{"@odata.type":"#microsoft.graph.deviceManagementConfigurationReferenceSettingValue","value":"`+someID+`"}`)
		Expect(parsed("configuration_policies", catalogPolicy(value)).References()).To(ConsistOf(subject.Reference{Kind: subject.RefReusableSetting, ID: someID}))
		Expect(parsed("compliance_policies", catalogPolicy(value)).References()).To(ConsistOf(subject.Reference{Kind: subject.RefComplianceScript, ID: someID}))
	})

	It("of assignments lead to groups and filters", func() {
		s := parsed(profile, `{"displayName":"P","assignments":[
			{"target":{"@odata.type":"#microsoft.graph.exclusionGroupAssignmentTarget","groupId":"g","deviceAndAppManagementAssignmentFilterId":"f","deviceAndAppManagementAssignmentFilterType":"include"}},
			{"source":"policySets","target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"from a policy set"}}]}`)
		Expect(s.References()).To(ConsistOf(subject.Reference{Kind: subject.RefGroup, ID: "g"}, subject.Reference{Kind: subject.RefFilter, ID: "f"}))
		Expect(subject.ExcludedGroups(s.Assignments)).To(ConsistOf("g"))
		Expect(subject.AssignmentTargets(s.Assignments)).To(ConsistOf(subject.AssignmentTarget{To: "group_excluded", Filtered: true}))
	})

	DescribeTable("are none where a value means the same in every tenant, or nothing", func(path, value string, t subject.TypeKey) {
		Expect(parsed(t, holding(subject.Lookup(t), path, value)).References()).To(BeEmpty())
	},
		Entry("all users", "conditions.users.includeUsers[]", "All", access),
		Entry("Office 365", "conditions.applications.includeApplications[]", "Office365", access),
		Entry("trusted locations", "conditions.locations.includeLocations[]", "AllTrusted", access),
		Entry("a built-in authentication strength", "grantControls.authenticationStrength.id", "00000000-0000-0000-0000-000000000004", access),
		Entry("the default scope tag", "roleScopeTagIds[]", "0", profile),
		Entry("no notification template", "scheduledActionsForRule[].scheduledActionConfigurations[].notificationTemplateId", "00000000-0000-0000-0000-000000000000", subject.TypeKey("device_compliance_policies")),
	)

	It("replace the directory's own id, wherever it stands", func() {
		s := parsed(profile, `{"displayName":"P","o":{"deep":["`+strings.ToUpper(directory)+`"]}}`)
		Expect(s.References()).To(ConsistOf(subject.Reference{Kind: subject.RefTenant, ID: directory}))
		other, err := subject.Parse(subject.Lookup(profile), []byte(`{"displayName":"P","o":{"deep":["another"]}}`), "another")
		Expect(err).NotTo(HaveOccurred())
		Expect(subject.Portable(s.Content, nobody)).To(Equal(subject.Portable(other.Content, nobody)))
	})

	It("stand by kind and name, so that two kinds of one name differ", func() {
		named := func(subject.Reference) (string, bool) { return "One name", true }
		a := subject.Portable(subject.Reference{Kind: subject.RefGroup, ID: "1"}, named)
		b := subject.Portable(subject.Reference{Kind: subject.RefFilter, ID: "1"}, named)
		Expect(a).NotTo(Equal(b))
	})
})
