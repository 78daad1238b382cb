package subject_test

import (
	"encoding/base64"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

func base64Of(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// setting is one settings catalog instance.
func setting(id, value string) string {
	return `{"settingInstance":{"settingDefinitionId":"` + id + `",` + value + `}}`
}

func catalogPolicy(settings string) string { return `{"name":"P","settings":[` + settings + `]}` }

const (
	profile = subject.TypeKey("device_configurations")
	catalog = subject.TypeKey("configuration_policies")
	access  = subject.TypeKey("conditional_access_policies")
)

var _ = Describe("Content", func() {
	DescribeTable("is equal when only what means nothing differs", func(typ subject.TypeKey, a, b string) {
		Expect(content(typ, a)).To(Equal(content(typ, b)))
	},
		Entry("null and absent", profile, `{"displayName":"P","pin":null}`, `{"displayName":"P"}`),
		Entry("an empty list and absent", profile, `{"displayName":"P","apps":[]}`, `{"displayName":"P"}`),
		Entry("an empty text and absent", profile, `{"displayName":"P","note":""}`, `{"displayName":"P"}`),
		Entry("an empty object and absent", profile, `{"displayName":"P","o":{"x":null,"y":[]}}`, `{"displayName":"P"}`),
		Entry("a list of nothing but nulls and absent", profile, `{"displayName":"P","l":[null,""]}`, `{"displayName":"P"}`),
		Entry("the order of properties", profile, `{"displayName":"P","a":1,"b":2}`, `{"b":2,"a":1,"displayName":"P"}`),
		Entry("the order of plain values", profile, `{"displayName":"P","l":["a","b"]}`, `{"displayName":"P","l":["b","a"]}`),
		Entry("ids, times and versions of the service", profile,
			`{"displayName":"P","id":"1","createdDateTime":"2024-01-01T00:00:00Z","version":7,"supportsScopeTags":true}`, `{"displayName":"P"}`),
		Entry("annotations", profile,
			`{"displayName":"P","@odata.context":"x","assignments@odata.context":"y","#microsoft.graph.assign":{},"a@odata.type":"#Collection(String)"}`,
			`{"displayName":"P"}`),
		Entry("nested types that only repeat the metadata", profile,
			`{"displayName":"P","o":{"@odata.type":"#microsoft.graph.thing","x":1}}`, `{"displayName":"P","o":{"x":1}}`),
		Entry("the spelling of an instant", profile,
			`{"displayName":"P","at":"2024-05-01T10:00:00.0000000Z"}`, `{"displayName":"P","at":"2024-05-01T12:00:00+02:00"}`),
		Entry("the spelling of a duration", profile, `{"displayName":"P","for":"PT24H"}`, `{"displayName":"P","for":"P1D"}`),
		Entry("the spelling of no duration", profile, `{"displayName":"P","for":"PT0S"}`, `{"displayName":"P","for":"P0D"}`),
		Entry("the spelling of a number", profile, `{"displayName":"P","n":1}`, `{"displayName":"P","n":1.0}`),
		Entry("no scope tag and the default one", profile, `{"displayName":"P"}`, `{"displayName":"P","roleScopeTagIds":["0"]}`),
		Entry("white space at the end of a description", profile, `{"displayName":"P","description":"x \n"}`, `{"displayName":"P","description":"x"}`),
		Entry("the order of words in a set of words", catalog, `{"name":"P","technologies":"mdm,windows10XManagement"}`, `{"name":"P","technologies":"windows10XManagement, mdm"}`),
		Entry("the order of OMA settings, which have keys", profile,
			`{"displayName":"P","omaSettings":[{"omaUri":"./a","value":1},{"omaUri":"./b","value":2}]}`,
			`{"displayName":"P","omaSettings":[{"omaUri":"./b","value":2},{"omaUri":"./a","value":1}]}`),
		Entry("the order of objects that are a set", subject.TypeKey("named_locations"),
			`{"displayName":"P","ipRanges":[{"cidrAddress":"10.0.0.0/8"},{"cidrAddress":"192.168.0.0/16"}]}`,
			`{"displayName":"P","ipRanges":[{"cidrAddress":"192.168.0.0/16"},{"cidrAddress":"10.0.0.0/8"}]}`),
		Entry("line ends and a byte order mark inside a script", subject.TypeKey("device_management_scripts"),
			`{"displayName":"P","scriptContent":"`+base64Of("\ufeffa\r\nb")+`"}`, `{"displayName":"P","scriptContent":"`+base64Of("a\nb")+`"}`),
		Entry("white space in a filter rule", subject.TypeKey("assignment_filters"),
			`{"displayName":"P","rule":"(device.model  -eq \"x\")\n"}`, `{"displayName":"P","rule":"(device.model -eq \"x\")"}`),
		Entry("the order and numbering of catalog settings", catalog,
			catalogPolicy(setting("a", `"simpleSettingValue":{"value":1}`)+","+setting("b", `"simpleSettingValue":{"value":2}`)),
			`{"name":"P","settings":[{"id":"0",`+setting("b", `"simpleSettingValue":{"value":2}`)[1:]+`,{"id":"1",`+setting("a", `"simpleSettingValue":{"value":1}`)[1:]+`]}`),
		Entry("template references of single settings", catalog,
			catalogPolicy(setting("a", `"settingInstanceTemplateReference":{"settingInstanceTemplateId":"t"},"simpleSettingValue":{"settingValueTemplateReference":{"x":1},"value":1}`)),
			catalogPolicy(setting("a", `"simpleSettingValue":{"value":1}`))),
		Entry("the order of elements of a group collection", catalog,
			catalogPolicy(setting("g", `"groupSettingCollectionValue":[{"children":[{"settingDefinitionId":"x","simpleSettingValue":{"value":1}}]},{"children":[{"settingDefinitionId":"x","simpleSettingValue":{"value":2}}]}]`)),
			catalogPolicy(setting("g", `"groupSettingCollectionValue":[{"children":[{"settingDefinitionId":"x","simpleSettingValue":{"value":2}}]},{"children":[{"settingDefinitionId":"x","simpleSettingValue":{"value":1}}]}]`))),
		Entry("the spelling of a JSON value inside an intent", subject.TypeKey("intents"),
			`{"displayName":"P","settings":[{"definitionId":"d","valueJson":"{\"a\":1,\"b\":[]}"}]}`,
			`{"displayName":"P","settings":[{"definitionId":"d","valueJson":"{ \"a\" : 1.0 }"}]}`),
		Entry("the export spelling of an intent's settings", subject.TypeKey("intents"),
			`{"displayName":"P","settingsDelta":[{"definitionId":"d","valueJson":"true"}]}`,
			`{"displayName":"P","settings":[{"definitionId":"d","valueJson":"true","id":"1","value":true}]}`),
		Entry("a tenant's own Defender package", catalog,
			catalogPolicy(setting("device_vendor_msft_windowsadvancedthreatprotection_onboarding", `"simpleSettingValue":{"value":"blob"}`)),
			catalogPolicy("")),
	)

	DescribeTable("differs when something that means something differs", func(typ subject.TypeKey, a, b string) {
		Expect(content(typ, a)).NotTo(Equal(content(typ, b)))
	},
		Entry("false and absent", profile, `{"displayName":"P","x":false}`, `{"displayName":"P"}`),
		Entry("zero and absent", profile, `{"displayName":"P","x":0}`, `{"displayName":"P"}`),
		Entry("a number and its text", profile, `{"displayName":"P","x":1}`, `{"displayName":"P","x":"1"}`),
		Entry("upper and lower case", profile, `{"displayName":"P","x":"A"}`, `{"displayName":"P","x":"a"}`),
		Entry("how often a plain value stands in a list", profile, `{"displayName":"P","l":["a","a"]}`, `{"displayName":"P","l":["a"]}`),
		Entry("the order of objects in an ordinary list", profile, `{"displayName":"P","l":[{"a":1},{"a":2}]}`, `{"displayName":"P","l":[{"a":2},{"a":1}]}`),
		Entry("a nested type that says what the value means", profile,
			`{"displayName":"P","omaSettings":[{"@odata.type":"#microsoft.graph.omaSettingInteger","omaUri":"./a","value":1}]}`,
			`{"displayName":"P","omaSettings":[{"@odata.type":"#microsoft.graph.omaSettingString","omaUri":"./a","value":1}]}`),
		Entry("another instant", profile, `{"displayName":"P","at":"2024-05-01T10:00:00Z"}`, `{"displayName":"P","at":"2024-05-01T10:00:01Z"}`),
		Entry("months, which are no fixed number of days", profile, `{"displayName":"P","for":"P1M"}`, `{"displayName":"P","for":"P30D"}`),
		Entry("a child of a catalog choice", catalog,
			catalogPolicy(setting("a", `"choiceSettingValue":{"value":"a_1","children":[{"settingDefinitionId":"b","simpleSettingValue":{"value":1}}]}`)),
			catalogPolicy(setting("a", `"choiceSettingValue":{"value":"a_1","children":[{"settingDefinitionId":"b","simpleSettingValue":{"value":2}}]}`))),
		Entry("how often a group occurs in a collection", catalog,
			catalogPolicy(setting("g", `"groupSettingCollectionValue":[{"children":[{"settingDefinitionId":"x","simpleSettingValue":{"value":1}}]}]`)),
			catalogPolicy(setting("g", `"groupSettingCollectionValue":[{"children":[{"settingDefinitionId":"x","simpleSettingValue":{"value":1}}]},{"children":[{"settingDefinitionId":"x","simpleSettingValue":{"value":1}}]}]`))),
		Entry("a property whose name looks like a mark of ours", subject.TypeKey("intents"),
			`{"displayName":"P","settings":[{"definitionId":"d","valueJson":"{\"$secret\":true}"}]}`,
			`{"displayName":"P","settings":[{"definitionId":"d","valueJson":"{\"$$secret\":true}"}]}`),
	)

	It("holds neither the name nor the assignments", func() {
		Expect(content(profile, `{"displayName":"A","assignments":[{"target":{"groupId":"g"}}]}`)).To(Equal(content(profile, `{"displayName":"B"}`)))
	})
})

var _ = Describe("Traits", func() {
	DescribeTable("tell what decides about promoting an object", func(typ subject.TypeKey, raw string, want subject.Traits) {
		got := parsed(typ, raw).Traits
		got.Fixed = ""
		Expect(got).To(Equal(want))
	},
		Entry("an ordinary object", profile, `{"displayName":"P"}`, subject.Traits{}),
		Entry("an encrypted token", catalog, catalogPolicy(setting("a", `"simpleSettingValue":{"@odata.type":"#microsoft.graph.deviceManagementConfigurationSecretSettingValue","valueState":"encryptedValueToken","value":"t"}`)), subject.Traits{Secret: true}),
		Entry("an encrypted OMA value", profile, `{"displayName":"P","omaSettings":[{"omaUri":"./a","isEncrypted":true,"value":"****"}]}`, subject.Traits{Secret: true}),
		Entry("a password", profile, `{"displayName":"P","preSharedKey":"****"}`, subject.Traits{Secret: true}),
		Entry("a password that is only said to be set", profile, `{"displayName":"P","password":null,"passwordIsSet":true}`, subject.Traits{Secret: true}),
		Entry("a password that was never set", profile, `{"displayName":"P","preSharedKey":null}`, subject.Traits{}),
		Entry("a tenant's own Defender package", catalog, catalogPolicy(setting("device_vendor_msft_windowsadvancedthreatprotection_onboarding", `"simpleSettingValue":{"value":"blob"}`)), subject.Traits{TenantBound: true}),
		Entry("a built-in scope tag", subject.TypeKey("role_scope_tags"), `{"displayName":"Default","isBuiltIn":true}`, subject.Traits{ReadOnly: true}),
		Entry("a default enrolment object", subject.TypeKey("device_enrollment_configurations"), `{"displayName":"P","priority":0}`, subject.Traits{Default: true}),
		Entry("the template of a catalog policy", catalog, `{"name":"P","templateReference":{"templateId":"t_1"}}`, subject.Traits{Template: "t_1"}),
		Entry("access for everybody without exclusion", access, `{"displayName":"P","state":"enabled","conditions":{"users":{"includeUsers":["All"]}}}`, subject.Traits{Enforcing: true, Lockout: true}),
		Entry("access for everybody but one group", access, `{"displayName":"P","state":"enabled","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g"]}}}`, subject.Traits{Enforcing: true}),
		Entry("access that only reports", access, `{"displayName":"P","state":"enabledForReportingButNotEnforced","conditions":{"users":{"includeUsers":["All"]}}}`, subject.Traits{}),
	)

	It("tells two values of what can never change apart", func() {
		a := parsed("assignment_filters", `{"displayName":"F","platform":"iOS"}`).Traits.Fixed
		b := parsed("assignment_filters", `{"displayName":"F","platform":"android"}`).Traits.Fixed
		Expect(a).NotTo(Equal(b))
	})

	It("puts a secret in the place of its value", func() {
		Expect(content(profile, `{"displayName":"P","preSharedKey":"hunter2"}`)).NotTo(ContainSubstring("hunter2"))
	})
})
