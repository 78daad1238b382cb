package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// properties are names the adapter looks at; hostile values stand under them.
var properties = []string{
	"id", "displayName", "name", "value", "assignments", "target", "settings", "settingInstance", "apps", "mobileAppIdentifier",
	"scheduledActionsForRule", "scheduledActionConfigurations", "localizedNotificationMessages", "locale", "templateReference", "grantControls",
	"authenticationStrength", "sessionControls", "omaSettings", "priority", "platform", odataType, "settings@odata.nextLink", "responses", "status", "body", "headers",
	"definitionValues", "presentationValues", "rootCertificate", "privacyAccessControls",
}

func hostileValue() *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any { return drawValue(t, 4) })
}

func drawValue(t *rapid.T, depth int) any {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "flag")
	case 2:
		return rapid.Int32().Draw(t, "number")
	case 3:
		return rapid.SampledFrom([]string{"", "a", "0", "#microsoft.graph.iosEnterpriseWiFiConfiguration", "https://example.org/", "\x00", "{}"}).Draw(t, "text")
	case 4:
		var out []any
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			out = append(out, drawValue(t, depth-1))
		}
		return out
	}
	return drawObject(t, depth)
}

func drawObject(t *rapid.T, depth int) object {
	o := object{}
	for range rapid.IntRange(0, 5).Draw(t, "size") {
		o[rapid.SampledFrom(properties).Draw(t, "key")] = drawValue(t, depth-1)
	}
	return o
}

var _ = Describe("hostile content", func() {
	It("never breaks reading", func() {
		var body atomic.Pointer[string]
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 200, *body.Load()) })
		p := f.open()
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			var v any = object{"value": rapid.SliceOfN(hostileValue(), 0, 3).Draw(t, "list")}
			if rapid.Bool().Draw(t, "anything") {
				v = hostileValue().Draw(t, "value")
			}
			data, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			text := string(data)
			body.Store(&text)
			r, err := p.Reader(context.Background(), target())
			if err != nil {
				t.Fatal(err)
			}
			typ := rapid.SampledFrom(subject.Types()).Draw(t, "type")
			if _, err := listAll(context.Background(), r, typ.Key); err != nil && provider.ClassOf(err) == "" {
				t.Fatalf("unsorted error: %v", err)
			}
			if o, err := r.Get(context.Background(), typ, "x"); err == nil && !json.Valid(o.Raw) {
				t.Fatalf("no JSON: %s", o.Raw)
			}
		})
	})

	It("never breaks the making of steps", func() {
		w := offline()
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			d := provider.Desired{Type: rapid.SampledFrom(subject.Types()).Draw(t, "type"), WriteContent: true, WriteAssignments: true, Content: raw(drawObject(t, 4))}
			for range rapid.IntRange(0, 2).Draw(t, "assignments") {
				d.Assignments = append(d.Assignments, raw(drawObject(t, 3)))
			}
			var current *provider.Object
			if rapid.Bool().Draw(t, "exists") {
				current = &provider.Object{ID: "x", Raw: raw(drawObject(t, 4)), AssignmentsRead: rapid.Bool().Draw(t, "read")}
			}
			steps, err := w.Steps(d, current)
			if err != nil {
				return
			}
			for _, s := range steps {
				if _, err := stepPath(s, "x"); err != nil {
					t.Fatalf("step that cannot be sent: %s %s", s.Method, s.Path)
				}
			}
		})
	})
})

var _ = Describe("the wire table", func() {
	It("covers the catalogue and nothing else", func() {
		for key := range rows {
			Expect(subject.Lookup(key)).NotTo(BeNil(), string(key))
		}
		Expect(rows).To(HaveLen(len(subject.Types())))
	})
})
