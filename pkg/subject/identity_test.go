package subject_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

var _ = Describe("A name", func() {
	DescribeTable("loses one version at its end, and only that", func(name, want string) {
		Expect(subject.WithoutVersion(subject.NormaliseName(name))).To(Equal(want))
	},
		Entry("after a dash", "Baseline - v3.1", "Baseline"),
		Entry("after a dash without space", "Baseline-v3", "Baseline"),
		Entry("after a space", "Baseline v3", "Baseline"),
		Entry("with three numbers", "Baseline v3.1.1", "Baseline"),
		Entry("in upper case", "Baseline V3", "Baseline"),
		Entry("in brackets", "Baseline (1.2)", "Baseline"),
		Entry("in brackets with a v", "Baseline (v1.2)", "Baseline"),
		Entry("in brackets without space", "Baseline(1.2)", "Baseline"),
		Entry("with white space after it", "Baseline - v3.1  ", "Baseline"),
		Entry("only the last of two", "Baseline v1 - v2", "Baseline v1"),
		Entry("not a bare number", "Baseline 3", "Baseline 3"),
		Entry("not a bare number in brackets", "Baseline (3)", "Baseline (3)"),
		Entry("not a version glued to a word", "Baselinev3", "Baselinev3"),
		Entry("not a version in the middle", "Baseline v3 for all", "Baseline v3 for all"),
		Entry("not a version with letters", "Baseline v3b", "Baseline v3b"),
		Entry("not when nothing else is left", "v3.1", "v3.1"),
		Entry("not when only a dash is left", "- v3.1", "- v3.1"),
		Entry("not when nothing but brackets is left", "(1.2)", "(1.2)"),
	)

	DescribeTable("is the same", func(a, b string, same bool) {
		if same {
			Expect(subject.NormaliseName(a)).To(Equal(subject.NormaliseName(b)))
		} else {
			Expect(subject.NormaliseName(a)).NotTo(Equal(subject.NormaliseName(b)))
		}
	},
		Entry("whatever the white space", " A \t B\u00a0", "A B", true),
		Entry("however an accent is written", "Cafe\u0301", "Caf\u00e9", true),
		Entry("but not in another case", "A", "a", false),
		Entry("but not for a look-alike letter", "A", "\u0410", false),
	)
})

var _ = Describe("A subject key", func() {
	key := func(typ subject.TypeKey, raw string) subject.Key {
		GinkgoHelper()
		return parsed(typ, raw).Identity.Key(subject.ExactName)
	}

	DescribeTable("is equal for the same subject", func(typ subject.TypeKey, a, b string) {
		Expect(key(typ, a)).To(Equal(key(typ, b)))
	},
		Entry("with platforms in another order", subject.TypeKey("configuration_policies"), `{"name":"P","technologies":"mdm,enrollment"}`, `{"name":"P","technologies":"enrollment, mdm"}`),
		Entry("with no template family in four spellings: none", subject.TypeKey("configuration_policies"), `{"name":"P","templateReference":{"templateFamily":"none"}}`, `{"name":"P"}`),
		Entry("with no template family in four spellings: empty", subject.TypeKey("configuration_policies"), `{"name":"P","templateReference":{"templateFamily":""}}`, `{"name":"P"}`),
		Entry("with no template family in four spellings: null", subject.TypeKey("configuration_policies"), `{"name":"P","templateReference":{"templateFamily":null}}`, `{"name":"P"}`),
		Entry("whatever the content", subject.TypeKey("configuration_policies"), `{"name":"P","description":"a"}`, `{"name":"P","description":"b"}`),
		Entry("with the type's number sign or without", profile, `{"displayName":"P","@odata.type":"#microsoft.graph.x"}`, `{"displayName":"P","@odata.type":"microsoft.graph.x"}`),
		Entry("with a concrete type where the collection holds one", subject.TypeKey("intents"), `{"displayName":"P","@odata.type":"#microsoft.graph.deviceManagementIntent"}`, `{"displayName":"P"}`),
	)

	DescribeTable("differs for another subject", func(typ subject.TypeKey, a, b string) {
		Expect(key(typ, a)).NotTo(Equal(key(typ, b)))
	},
		Entry("of another platform", subject.TypeKey("configuration_policies"), `{"name":"P","platforms":"iOS"}`, `{"name":"P","platforms":"macOS"}`),
		Entry("of another template family", subject.TypeKey("configuration_policies"), `{"name":"P","templateReference":{"templateFamily":"baseline"}}`, `{"name":"P"}`),
		Entry("of another concrete type", profile, `{"displayName":"P","@odata.type":"#microsoft.graph.x"}`, `{"displayName":"P","@odata.type":"#microsoft.graph.y"}`),
		Entry("of another name", profile, `{"displayName":"P"}`, `{"displayName":"Q"}`),
	)

	It("of the singleton needs no name", func() {
		Expect(parsed("device_management_settings", `{"id":"x"}`).Identity.Name).To(Equal("Device management settings"))
	})

	It("under the other rule joins versions of one name", func() {
		a := parsed(profile, `{"displayName":"P - v1"}`).Identity
		b := parsed(profile, `{"displayName":"P - v2"}`).Identity
		Expect(a.Key(subject.ExactName)).NotTo(Equal(b.Key(subject.ExactName)))
		Expect(a.Key(subject.IgnoreVersionSuffix)).To(Equal(b.Key(subject.IgnoreVersionSuffix)))
	})
})
