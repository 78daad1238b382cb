package graph

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

var update = flag.Bool("update", false, "write testdata/recipes.txt anew")

func offline() provider.Writer {
	GinkgoHelper()
	p, err := New(Config{})
	Expect(err).NotTo(HaveOccurred())
	w, err := p.Writer(GinkgoT().Context(), target())
	Expect(err).NotTo(HaveOccurred())
	return w
}

func present(t *subject.Type, o object) *provider.Object {
	o, _ = clone(o).(object)
	for i, a := range items(o, "assignments") {
		a["id"] = fmt.Sprintf("assignment-%d", i)
	}
	for i, m := range items(o, messagesProperty) {
		m["id"] = fmt.Sprintf("message-%d", i)
	}
	o["id"], o["createdDateTime"], o["version"] = "object-1", "2026-01-01T00:00:00Z", json.Number("3")
	if _, ok := o["assignments"]; !ok && t.Assigning != subject.AssignNone {
		o["assignments"] = []any{}
	}
	return &provider.Object{ID: "object-1", Raw: raw(normal(o)), AssignmentsRead: true}
}

// normal turns Go numbers and bindings of a fixture into what reading yields.
func normal(o object) object {
	for key, v := range o {
		property, bound := strings.CutSuffix(key, "@odata.bind")
		if !bound {
			continue
		}
		delete(o, key)
		id := func(v any) object {
			url, _ := v.(string)
			return object{"id": strings.TrimSuffix(url[strings.Index(url, "('")+2:], "')")}
		}
		if many, ok := v.([]any); ok {
			var all []any
			for _, e := range many {
				all = append(all, id(e))
			}
			o[property] = all
		} else {
			o[property] = id(v)
		}
	}
	out, err := decodeObject(raw(o))
	Expect(err).NotTo(HaveOccurred())
	return out
}

func printSteps(b *bytes.Buffer, title string, steps []provider.Step) {
	fmt.Fprintf(b, "## %s\n", title)
	for _, s := range steps {
		fmt.Fprintf(b, "%s (%s): %s %s\n", s.Label, s.Kind, s.Method, s.Path)
		if s.Body != nil {
			fmt.Fprintf(b, "    %s\n", s.Body)
		}
	}
}

var _ = Describe("recipes", func() {
	It("are as written down for every type", func() {
		var b bytes.Buffer
		w := offline()
		for _, f := range fixtures() {
			t := subject.Lookup(f.key)
			first, _ := clone(f.first).(object)
			second, _ := clone(f.first).(object)
			f.second(second)
			made, err := w.Steps(desired(t, *present(t, first)), nil)
			Expect(err).NotTo(HaveOccurred())
			printSteps(&b, strings.TrimSpace(fmt.Sprintf("%s %s", f.key, f.name))+", create", made)
			changed, err := w.Steps(desired(t, *present(t, second)), present(t, first))
			Expect(err).NotTo(HaveOccurred())
			printSteps(&b, strings.TrimSpace(fmt.Sprintf("%s %s", f.key, f.name))+", update", changed)
		}
		file := filepath.Join("testdata", "recipes.txt")
		if *update {
			Expect(os.MkdirAll("testdata", 0o755)).To(Succeed())
			Expect(os.WriteFile(file, b.Bytes(), 0o644)).To(Succeed())
		}
		want, err := os.ReadFile(file)
		Expect(err).NotTo(HaveOccurred())
		Expect(b.String()).To(Equal(string(want)))
	})

	It("are not there for types that may not be promoted", func() {
		for _, t := range subject.Types() {
			if t.Portable {
				continue
			}
			_, err := offline().Steps(provider.Desired{Type: t, Content: raw(object{"displayName": "x"}), WriteContent: true}, nil)
			Expect(fault(err).Class).To(Equal(provider.Invalid))
			Expect(fault(err).Code).To(Equal(t.WhyNotCode))
		}
	})

	It("never write server state", func() {
		for _, f := range fixtures() {
			t := subject.Lookup(f.key)
			steps, err := offline().Steps(desired(t, *present(t, f.first)), nil)
			Expect(err).NotTo(HaveOccurred())
			body, err := decodeObject(steps[0].Body)
			Expect(err).NotTo(HaveOccurred())
			for _, key := range []string{"id", "createdDateTime", "version", "assignments"} {
				Expect(body).NotTo(HaveKey(key), string(f.key))
			}
		}
	})

	filters := subject.Lookup("assignment_filters")
	It("refuse to change what cannot change", func() {
		_, err := offline().Steps(provider.Desired{Type: filters, WriteContent: true, Content: raw(object{"displayName": "x", "platform": "iOS"})},
			&provider.Object{Raw: raw(object{"displayName": "x", "platform": "macOS"})})
		Expect(fault(err).Code).To(Equal("immutable_change"))
	})

	It("never create or assign built-in enrolment defaults", func() {
		t := subject.Lookup("device_enrollment_configurations")
		builtIn := object{odataType: "#microsoft.graph.deviceEnrollmentLimitConfiguration", "displayName": "All users", "limit": 5, "priority": 0}
		_, err := offline().Steps(provider.Desired{Type: t, WriteContent: true, Content: raw(builtIn)}, nil)
		Expect(fault(err).Code).To(Equal("read_only_object"))
		changed, _ := clone(builtIn).(object)
		changed["limit"] = 7
		steps, err := offline().Steps(provider.Desired{Type: t, WriteContent: true, Content: raw(changed), WriteAssignments: true, Assignments: []json.RawMessage{raw(toGroup(groupA))}},
			&provider.Object{Raw: raw(builtIn)})
		Expect(err).NotTo(HaveOccurred())
		Expect(steps).To(HaveLen(1))
		Expect(steps[0].Method).To(Equal("PATCH"))
		Expect(steps[0].Body).NotTo(ContainSubstring("priority"))
	})

	It("replace unread sets, and refuse to guess unread single assignments", func() {
		unread := &provider.Object{Raw: raw(object{"displayName": "x"})}
		set := provider.Desired{Type: subject.Lookup("device_health_scripts"), WriteAssignments: true, Assignments: []json.RawMessage{}}
		steps, err := offline().Steps(set, unread)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(steps[0].Body)).To(Equal(`{"deviceHealthScriptAssignments":[]}`))
		_, err = offline().Steps(provider.Desired{Type: subject.Lookup("terms_and_conditions"), WriteAssignments: true}, unread)
		Expect(fault(err).Class).To(Equal(provider.Conflict))
	})

	It("leave assignments of policy sets alone", func() {
		current := &provider.Object{AssignmentsRead: true, Raw: raw(object{"displayName": "x", "assignments": []any{
			object{"id": "1", "source": "policySets", "target": toGroup(groupA)["target"]}, object{"id": "2", "source": "direct", "target": toGroup(groupB)["target"]},
		}})}
		steps, err := offline().Steps(provider.Desired{Type: subject.Lookup("terms_and_conditions"), WriteAssignments: true}, current)
		Expect(err).NotTo(HaveOccurred())
		Expect(steps).To(HaveLen(1))
		Expect(steps[0].Path).To(HaveSuffix("/assignments/2"))
	})

	It("clear what the desired policy no longer has", func() {
		steps, err := offline().Steps(provider.Desired{
			Type: subject.Lookup("device_configurations"), WriteContent: true,
			Content: raw(object{odataType: "#microsoft.graph.x", "displayName": "x"}),
		},
			&provider.Object{Raw: raw(object{odataType: "#microsoft.graph.x", "displayName": "x", "text": "t", "list": []any{1}, "number": 1, "flag": true, "nothing": nil})})
		Expect(err).NotTo(HaveOccurred())
		Expect(string(steps[0].Body)).To(MatchJSON(`{"@odata.type":"#microsoft.graph.x","displayName":"x","text":null,"list":[],"number":null}`))
	})

	It("bind links to the service at hand", func() {
		p, err := New(Config{GraphURL: "https://graph.example:1", LoginURL: "https://login.example"})
		Expect(err).NotTo(HaveOccurred())
		w, err := p.Writer(GinkgoT().Context(), target())
		Expect(err).NotTo(HaveOccurred())
		steps, err := w.Steps(provider.Desired{
			Type: subject.Lookup("device_configurations"), WriteContent: true,
			Content: raw(object{odataType: "#microsoft.graph.windows81SCEPCertificateProfile", "displayName": "x", "rootCertificate": object{"id": rootOne}}),
		}, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(steps[0].Body)).To(ContainSubstring(`"rootCertificate@odata.bind":"https://graph.example:1/beta/deviceManagement/deviceConfigurations('` + rootOne + `')"`))
	})

	It("are empty for equal objects, change nothing they are given, and are repeatable", func() {
		all := fixtures()
		rapid.Check(GinkgoT(), func(rt *rapid.T) {
			f := rapid.SampledFrom(all).Draw(rt, "fixture")
			g := rapid.SampledFrom([]bool{true, false}).Draw(rt, "second")
			t := subject.Lookup(f.key)
			want, _ := clone(f.first).(object)
			if g {
				f.second(want)
			}
			d, current := desired(t, *present(t, want)), present(t, f.first)
			before := string(d.Content) + string(current.Raw)
			one, err := offline().Steps(d, current)
			if err != nil {
				rt.Fatal(err)
			}
			two, err := offline().Steps(d, current)
			if err != nil || fmt.Sprint(one) != fmt.Sprint(two) || before != string(d.Content)+string(current.Raw) {
				rt.Fatalf("not pure: %v", err)
			}
			if (len(one) == 0) == g {
				rt.Fatalf("%s: %d steps", f.key, len(one))
			}
		})
	})
})
