package hostile_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/world"
)

func text(o any) string {
	GinkgoHelper()
	b, err := json.Marshal(o)
	Expect(err).NotTo(HaveOccurred())
	return string(b)
}

// hostileNames are names that a tenant's administrator may give.
var hostileNames = map[string]string{
	"html":      `<script>alert(1)</script><img src=x onerror=alert(2)>`,
	"rtl":       "Policy \u202egnp.exe \u2066inside\u2069",
	"formula":   `=HYPERLINK("http://x","y")`,
	"quotes":    `'; DROP TABLE governed_subjects; -- " \ %s %00 ${jndi:x}`,
	"long":      strings.Repeat("long ", 2000),
	"wide":      strings.Repeat("🜁", 3000),
	"combining": "e" + strings.Repeat("\u0301", 500),
	"lines":     "one\ntwo\r\nthree\t\v\f",
	"spaces":    " \u00a0\u2003 spaced \u3000 ",
	"invisible": "\u200b\u200d\ufeff",
	"separator": "line\u2028paragraph\u2029",
	"like":      "50% of_all \\ [a-z]*",
	"null":      "null",
	"noise":     noise(6000), // no index holds it, and nothing makes it shorter
}

// noise is text that does not compress, the same every time.
func noise(n int) string {
	source := rand.New(rand.NewPCG(1, 2)) // it is only noise
	letters := make([]rune, n)
	for i := range letters {
		letters[i] = rune(0x4e00 + source.IntN(0x5000))
	}
	return string(letters)
}

// brokenFiles are no exports, or only seem to be.
var brokenFiles = map[string]string{
	"empty": ``, "text": `not JSON`, "cut": `{"name":"cut","settings":[{"id"`, "list": `[[[]]]`, "number": `7`,
	"deep": strings.Repeat(`{"a":`, 30000) + `1` + strings.Repeat(`}`, 30000), "bom": "\ufeff{\"name\":\"bom\"}", "bytes": "\xff\xfe\x00{",
}

// oddObjects have the wrong kind of thing where a policy has its parts.
var oddObjects = map[string]object{
	"settings as text":      {"name": "Odd settings", "settings": "none", "platforms": "windows10", "technologies": "mdm"},
	"settings as an object": {"name": "Odd setting", "settings": object{"0": object{}}, "platforms": "windows10", "technologies": "mdm"},
	"name as a number":      {"name": 12, "platforms": "windows10", "technologies": "mdm", "settings": []any{}},
	"name as a list":        {"name": []any{"a"}, "platforms": "windows10", "technologies": "mdm", "settings": []any{}},
	"no name":               {"platforms": "windows10", "technologies": "mdm", "settings": []any{}},
	"assignments as text":   {"name": "Odd assignments", "assignments": "all", "platforms": "windows10", "technologies": "mdm", "settings": []any{}},
	"tags as numbers":       {"name": "Odd tags", "roleScopeTagIds": []any{0, nil, object{}}, "platforms": "windows10", "technologies": "mdm", "settings": []any{}},
	"platforms as a list":   {"name": "Odd platforms", "platforms": []any{"windows10"}, "technologies": 9, "settings": []any{}},
	"template as text":      {"name": "Odd template", "templateReference": "none", "platforms": "windows10", "technologies": "mdm", "settings": []any{}},
	"large numbers":         {"name": "Odd numbers", "priority": json.Number("1e400"), "version": json.Number("123456789012345678901234567890"), "settings": []any{}},
}

var _ = Describe("A tenant with hostile content", Ordered, ContinueOnFailure, func() {
	var r *room
	BeforeAll(func() {
		source, target := GinkgoT().TempDir(), GinkgoT().TempDir()
		for slug, name := range hostileNames {
			file(source, "configurationPolicies", slug, text(policy(name)))
			file(source, "namedLocations", slug, text(place(name)))
			file(source, "groups", slug, text(object{"displayName": name}))
		}
		file(source, "configurationPolicies", "nul", `{"name":"nul\u0000name","platforms":"windows10","technologies":"mdm","settings":[]}`)
		file(source, "configurationPolicies", "surrogate", `{"name":"lone \ud800 surrogate","platforms":"windows10","technologies":"mdm","settings":[]}`)
		file(source, "groups", "nul", `{"displayName":"nul\u0000group"}`)
		for slug, content := range brokenFiles {
			file(source, "configurationPolicies", "broken-"+slug, content)
		}
		for slug, o := range oddObjects {
			file(source, "configurationPolicies", "odd-"+strings.ReplaceAll(slug, " ", "-"), text(o))
		}
		file(source, "configurationPolicies", "fine", text(policy("Fine")))
		file(source, "no such collection", "x", `{"name":"x"}`)
		file(target, "namedLocations", "home", text(place("Home")))
		r = open(source, target)
	})

	It("is read to its end: what can be understood is stored, and what cannot is said", func(ctx SpecContext) {
		run, items := r.sync(ctx, r.Source)
		Expect(run.Status).To(Equal("completed"))
		Expect(run.Counts.Processed).To(Equal(run.Counts.Total))
		for key, i := range items {
			if key == policies {
				Expect(i.Status).To(BeElementOf("failed", "succeeded"))
				continue
			}
			Expect(i.Status).To(Equal("succeeded"), "%s: %+v", key, i)
		}
		preview := r.Preview(r.Owner, r.Selection())
		var names []string
		for _, i := range preview.Items {
			names = append(names, i.Name)
		}
		Expect(names).To(ContainElement("Fine"))
		Expect(names).To(ContainElement(hostileNames["html"]))
		Expect(names).NotTo(ContainElement(ContainSubstring("\x00")))
	})

	It("is shown, searched, paged and compared like any other", func() {
		for _, name := range hostileNames {
			found := r.Owner.Get(r.Path("tenants", r.Source.ID, "subjects") + "?q=" + escaped(name)).Status
			Expect(found).To(BeElementOf(200, 422))
		}
		cursor, seen := "", 0
		for {
			a := r.Owner.Get(r.Path("tenants", r.Source.ID, "subjects") + "?limit=3" + cursor).Expect(200)
			seen += len(a.JSON["items"].([]any))
			if a.Text("next_cursor") == "" {
				break
			}
			cursor = "&cursor=" + a.Text("next_cursor")
		}
		Expect(seen).To(BeNumerically(">=", 2*len(hostileNames)))
		for _, i := range r.Preview(r.Owner, r.Selection()).Items {
			a := r.Owner.Post(r.Path("cross-tenant-compare", "diff"), r.Selection(object{"subject_key": i.Key}))
			Expect(a.Status).To(BeElementOf(200, 404, 422), "%.100s: %s", i.Name, a.Raw)
		}
		r.Owner.Get(r.Path("audit-events", "export")).Expect(200)
	})

	It("is promoted as far as it is ready, and every item is accounted for", func(ctx SpecContext) {
		sel := r.Selection(object{"policy_types": []string{policies, places}})
		// Whatever was not read keeps its subjects from being ready; they are told.
		ready := r.Preflight(r.Owner, sel)
		for _, i := range ready.Items {
			Expect(i.Bucket == "ready" || i.Bucket == "aligned" || len(i.Reasons) > 0).To(BeTrue(), "%.100s is %s for no reason", i.Name, i.Bucket)
		}
		Expect(ready.Counts.Ready).To(BeNumerically(">=", 5), "%+v", ready.Counts)
		run := r.AwaitRun(ctx, r.Owner, r.Workspace, world.RunOf(r.Execute(r.Owner, sel, ready).Expect(http.StatusAccepted)))
		Expect(run.Counts.Total).To(Equal(ready.Counts.Ready))
		Expect(run.Counts.Processed).To(Equal(run.Counts.Total))
		for _, i := range r.Items(r.Owner, r.Workspace, run.ID) {
			Expect(i.Status).NotTo(BeElementOf("pending", "in_progress"))
			if i.Status != "succeeded" {
				Expect(i.Reason).NotTo(BeNil(), i.Label)
			}
		}
		GinkgoWriter.Println(fmt.Sprintf("%+v of %+v", run.Counts, ready.Counts))
	})

	It("leaves no fault of ours in the log", func() {
		Expect(r.Logs()).NotTo(Or(ContainSubstring("panic"), ContainSubstring(`"status":5`), ContainSubstring("SQLSTATE 22"), ContainSubstring("SQLSTATE 54")))
	})
})
