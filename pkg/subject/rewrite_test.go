package subject_test

import (
	"encoding/json"
	"errors"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

const otherDirectory = "0e9d8c7b-3f0e-4f5b-9d57-0b8a5f6a1e55"

// carried is everything of an object, under a name of its own when it is given.
func carried(name string, resolve func(subject.Reference) (string, bool)) subject.Wanted {
	return subject.Wanted{Directory: directory, Name: name, Content: true, Assignments: true, Resolve: resolve}
}

// reassembled is a payload as the provider would return it once written.
func reassembled(p *subject.Payload) []byte {
	GinkgoHelper()
	var o map[string]json.RawMessage
	Expect(json.Unmarshal(p.Content, &o)).To(Succeed())
	parts := make([]string, len(p.Assignments))
	for i, a := range p.Assignments {
		parts[i] = string(a)
	}
	o["assignments"] = json.RawMessage("[" + strings.Join(parts, ",") + "]")
	raw, err := json.Marshal(o)
	Expect(err).NotTo(HaveOccurred())
	return raw
}

// drawRaw draws an object of a type: it holds settings, one reference, the directory's id and
// assignments, as far as the type has them.
func drawRaw(t *rapid.T, typ *subject.Type) string {
	o := map[string]any{}
	places := append([]subject.Ref{}, typ.References...)
	if typ.ScopeTags != "" {
		places = append(places, subject.Ref{Path: typ.ScopeTags + "[]", Kind: subject.RefScopeTag})
	}
	if len(places) > 0 {
		place := rapid.SampledFrom(places).Draw(t, "place")
		if err := json.Unmarshal([]byte(holding(typ, place.Path, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"))), &o); err != nil {
			t.Fatal(err)
		}
	}
	if typ.Name != "" {
		o[typ.Name] = "P"
	}
	o["id"], o["createdDateTime"], o["@odata.context"] = "x", "2024-01-01T00:00:00Z", "c"
	o["some"] = map[string]any{"own": directory, "number": rapid.IntRange(0, 9).Draw(t, "n"), "list": []any{"x", "y"}, "id": "inner"}
	if typ.Assigning != subject.AssignNone {
		o["assignments"] = []any{
			map[string]any{"id": "1", "target": map[string]any{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "g"}},
			map[string]any{"target": map[string]any{
				"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget",
				"deviceAndAppManagementAssignmentFilterId": "f", "deviceAndAppManagementAssignmentFilterType": "include",
			}},
		}
	}
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var _ = Describe("A payload for another tenant", func() {
	resolve := func(r subject.Reference) (string, bool) {
		if r.Kind == subject.RefTenant {
			return otherDirectory, true
		}
		if subject.SameEverywhere(r.Kind) {
			return r.ID, true
		}
		return "their-" + r.ID, true
	}

	It("is understood there as the same policy", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			typ := rapid.SampledFrom(subject.Types()).Draw(t, "type")
			raw := drawRaw(t, typ)
			source, err := subject.Parse(typ, []byte(raw), directory)
			if err != nil {
				t.Fatal(err)
			}
			p, err := subject.Rewrite(typ, []byte(raw), carried("", resolve))
			if err != nil {
				t.Fatal(err)
			}
			text := string(reassembled(p))
			target, err := subject.Parse(typ, []byte(text), otherDirectory)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := subject.Portable(source.Content, ourName), subject.Portable(target.Content, theirName); string(a) != string(b) {
				t.Fatalf("%s: content %s became %s", typ.Key, a, b)
			}
			if a, b := subject.Portable(source.Assignments, ourName), subject.Portable(target.Assignments, theirName); string(a) != string(b) {
				t.Fatalf("%s: assignments %s became %s", typ.Key, a, b)
			}
			if source.Identity != target.Identity {
				t.Fatalf("%v became %v", source.Identity, target.Identity)
			}
			if strings.Contains(text, directory) || strings.Contains(text, "@odata.context") || strings.Contains(text, "createdDateTime") {
				t.Fatalf("%s carries what is the source's own: %s", typ.Key, text)
			}
		})
	})

	It("names everything that has no counterpart", func() {
		raw := `{"displayName":"P","roleScopeTagIds":["0","7"],"assignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"g"}}]}`
		_, err := subject.Rewrite(subject.Lookup(profile), []byte(raw), carried("", func(subject.Reference) (string, bool) { return "", false }))
		unresolved, ok := errors.AsType[*subject.UnresolvedError](err)
		Expect(ok).To(BeTrue())
		Expect(unresolved.References).To(ConsistOf(
			subject.Reference{Kind: subject.RefGroup, ID: "g"}, subject.Reference{Kind: subject.RefScopeTag, ID: "7"}))
	})

	It("asks only for references of the parts it carries", func() {
		raw := []byte(`{"displayName":"P","roleScopeTagIds":["7"],"assignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"g"}}]}`)
		only := func(kind subject.RefKind) func(subject.Reference) (string, bool) {
			return func(r subject.Reference) (string, bool) { return "their-" + r.ID, r.Kind == kind }
		}
		content := carried("", only(subject.RefScopeTag))
		content.Assignments = false
		p, err := subject.Rewrite(subject.Lookup(profile), raw, content)
		Expect(err).NotTo(HaveOccurred())
		Expect(p.Content).To(MatchJSON(`{"displayName":"P","roleScopeTagIds":["their-7"]}`))
		Expect(p.Assignments).To(BeEmpty())

		assignments := carried("", only(subject.RefGroup))
		assignments.Content = false
		p, err = subject.Rewrite(subject.Lookup(profile), raw, assignments)
		Expect(err).NotTo(HaveOccurred())
		Expect(p.Content).To(MatchJSON(`{}`))
		Expect(p.Assignments).To(HaveLen(1))
	})

	It("takes another name and drops references that mean none", func() {
		raw := `{"displayName":"P - v1","assignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget","deviceAndAppManagementAssignmentFilterId":"00000000-0000-0000-0000-000000000000"}}]}`
		p, err := subject.Rewrite(subject.Lookup(profile), []byte(raw), carried("P - v2", resolve))
		Expect(err).NotTo(HaveOccurred())
		Expect(p.Content).To(MatchJSON(`{"displayName":"P - v2"}`))
		Expect(p.Assignments).To(HaveLen(1))
		Expect(p.Assignments[0]).To(MatchJSON(`{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}`))
	})
})
