package subject_test

import (
	"encoding/json"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// vocabulary is every word that means something to the parser.
var vocabulary = func() []string {
	words := []string{
		"settings", "settingInstance", "settingDefinitionId", "children", "value", "valueJson", "valueState", "isEncrypted", "settingsDelta",
		"assignments", "target", "groupId", "collectionId", "source", "state", "description", "rule", "platforms", "@odata.type", "$ref", "$set",
		"simpleSettingValue", "choiceSettingValue", "groupSettingCollectionValue", "simpleSettingCollectionValue", "templateReference", "templateId",
		"deviceAndAppManagementAssignmentFilterId", "deviceAndAppManagementAssignmentFilterType",
	}
	for _, t := range subject.Types() {
		for _, r := range t.References {
			words = append(words, strings.FieldsFunc(r.Path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })...)
		}
		for path := range t.Keyed {
			words = append(words, path)
		}
		words = append(append(words, t.Secrets...), t.Base64...)
	}
	return words
}()

// drawJSON draws any value, with words the parser knows in unexpected places.
func drawJSON(t *rapid.T, depth int) any {
	kinds := 5
	if depth > 0 {
		kinds = 8
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Float64Range(-1e300, 1e300).Draw(t, "number")
	case 3:
		return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			directory, "0", "All", "\x00", `{"$ref":0}`, `[[[]]]`, "P9999999999D", "2024-13-01T99:99:99Z", "#microsoft.graph.groupAssignmentTarget",
			"#microsoft.graph.deviceManagementConfigurationReferenceSettingValue", "encryptedValueToken",
		})).Draw(t, "text")
	case 4:
		return "id"
	case 5:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			list[i] = drawJSON(t, depth-1)
		}
		return list
	}
	o := map[string]any{}
	for range rapid.IntRange(0, 5).Draw(t, "properties") {
		o[rapid.OneOf(rapid.SampledFrom(vocabulary), rapid.StringN(0, 4, -1)).Draw(t, "key")] = drawJSON(t, depth-1)
	}
	return o
}

var _ = Describe("A hostile object", func() {
	It("is refused or understood, stored, read back and rewritten, and never a crash", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			typ := rapid.SampledFrom(subject.Types()).Draw(t, "type")
			o, ok := drawJSON(t, 5).(map[string]any)
			if !ok {
				o = map[string]any{}
			}
			if typ.Name != "" {
				o[typ.Name] = "P"
			}
			raw, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			s, err := subject.Parse(typ, raw, directory)
			if err != nil {
				return
			}
			text, slots := subject.Stored(s.Content)
			back, err := subject.Load(text, slots)
			if err != nil || !subject.SameNode(s.Content, back) {
				t.Fatalf("%s: %s does not come back: %v", typ.Key, text, err)
			}
			assigned, slots := subject.Stored(s.Assignments)
			if again, err := subject.Load(assigned, slots); err != nil || !subject.SameNode(s.Assignments, again) {
				t.Fatalf("%s: assignments %s do not come back: %v", typ.Key, assigned, err)
			}
			subject.SettingIDs(s.Content)
			subject.AssignmentTargets(s.Assignments)
			subject.Resolved(s.Content, nobody)
			if _, err := subject.Rewrite(typ, raw, carried("Q", func(r subject.Reference) (string, bool) { return r.ID, true })); err != nil {
				t.Fatalf("%s: understood but not rewritten: %v", typ.Key, err)
			}
		})
	})

	It("made of any bytes is no crash", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			raw := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
			_, err := subject.Parse(subject.Lookup(profile), raw, directory)
			if err == nil {
				t.Fatalf("%q has no name and was understood", raw)
			}
		})
	})

	DescribeTable("is refused", func(raw string) {
		_, err := subject.Parse(subject.Lookup(profile), []byte(raw), directory)
		Expect(err).To(HaveOccurred())
	},
		Entry("without a name", `{}`),
		Entry("with a name of white space", `{"displayName":" \t "}`),
		Entry("with a name that is no text", `{"displayName":7}`),
		Entry("with a NUL in its name", `{"displayName":"a\u0000b"}`),
		Entry("with a NUL in the id of a group", `{"displayName":"P","assignments":[{"target":{"groupId":"\u0000"}}]}`),
		Entry("with a NUL in its type", `{"displayName":"P","@odata.type":"\u0000"}`),
		Entry("as a list", `[]`),
		Entry("as null", `null`),
		Entry("with a property twice", `{"displayName":"P","displayName":"Q"}`),
		Entry("cut off", `{"displayName":"P"`),
		Entry("followed by something", `{"displayName":"P"} {}`),
		Entry("with broken UTF-8", "{\"displayName\":\"P\",\"x\":\"\xff\"}"),
		Entry("nested deeper than any policy", `{"displayName":"P","x":`+strings.Repeat(`{"x":`, 100)+`1`+strings.Repeat(`}`, 100)+`}`),
		Entry("nested deeper than any parser likes", `{"displayName":"P","x":`+strings.Repeat(`[`, 200_000)+strings.Repeat(`]`, 200_000)+`}`),
	)

	It("with a deep JSON text inside keeps the text", func() {
		deep := strings.Repeat("[", 9000) + "1" + strings.Repeat("]", 9000)
		s := parsed("intents", `{"displayName":"P","settings":[{"definitionId":"d","valueJson":"`+deep+`"}]}`)
		text, slots := subject.Stored(s.Content)
		back, err := subject.Load(text, slots)
		Expect(err).NotTo(HaveOccurred())
		Expect(subject.SameNode(s.Content, back)).To(BeTrue())
	})

	It("of several megabytes is understood", func() {
		s := parsed(profile, `{"displayName":"P","payload":"`+strings.Repeat("QUJD", 1<<20)+`"}`)
		Expect(len(subject.NodeText(s.Content))).To(BeNumerically(">", 3<<20))
	})

	DescribeTable("in the store is refused", func(text string) {
		_, err := subject.Load([]byte(text), nil)
		Expect(err).To(HaveOccurred())
	},
		Entry("broken", `{`),
		Entry("with a slot that does not exist", `{"$ref":0}`),
		Entry("with a negative slot", `[{"$ref":-1}]`),
	)
})
