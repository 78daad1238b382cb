package api_test

import (
	"encoding/json"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// property is a property of a component of the description.
func property(component, name string) map[string]any {
	GinkgoHelper()
	text, err := api.New(api.Deps{}).Document()
	Expect(err).NotTo(HaveOccurred())
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	Expect(json.Unmarshal(text, &doc)).To(Succeed())
	Expect(doc.Components.Schemas).To(HaveKey(component))
	Expect(doc.Components.Schemas[component].Properties).To(HaveKey(name))
	return doc.Components.Schemas[component].Properties[name]
}

func texts[T ~string](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

var _ = Describe("Words of the description", func() {
	types := make([]subject.TypeKey, 0, len(subject.Types()))
	for _, t := range subject.Types() {
		types = append(types, t.Key)
	}

	DescribeTable("are those of the rooms' catalogues", func(place string, values []any) {
		component, name, _ := strings.Cut(place, ".")
		p := property(component, name)
		if items, ok := p["items"].(map[string]any); ok {
			p = items
		}
		Expect(p["enum"]).To(Equal(values))
	},
		Entry("compare states", "CompareItem.state", texts(compare.States())),
		Entry("compare states to choose", "PreviewRequest.states", texts(compare.States())),
		Entry("causes", "CompareItem.causes", texts(compare.Causes())),
		Entry("match kinds", "Match.kind", texts(compare.MatchKinds())),
		Entry("change kinds", "Change.kind", texts(compare.ChangeKinds())),
		Entry("assignment rules", "Selection.assignments", texts(compare.AssignmentsRules())),
		Entry("buckets", "PreflightItem.bucket", texts(promotion.Buckets())),
		Entry("buckets to choose", "PreflightRequest.buckets", texts(promotion.Buckets())),
		Entry("actions", "PreflightItem.action", texts(promotion.Actions())),
		Entry("reasons", "PreflightReason.code", texts(promotion.ReasonCodes())),
		Entry("reference kinds", "NamedReference.kind", texts(subject.RefKinds())),
		Entry("policy types", "PolicyType.key", texts(types)),
		Entry("policy types to sync", "SyncRequest.policy_types", texts(types)),
	)

	It("lists exactly one count per compare state and per bucket", func() {
		for _, s := range compare.States() {
			property("CompareCounts", string(s))
		}
		for _, b := range promotion.Buckets() {
			property("ProblemCounts", string(b))
		}
	})
})
