package hostile_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// policies is the type that is lied about; places is one that is not.
const (
	policies = "configuration_policies"
	places   = "named_locations"
	listing  = "/deviceManagement/configurationPolicies"
)

// policy is a settings catalogue policy as a file of exports.
func policy(name string) object {
	return object{
		"@odata.type": "#microsoft.graph.deviceManagementConfigurationPolicy", "name": name, "description": "", "platforms": "windows10",
		"technologies": "mdm", "roleScopeTagIds": []any{"0"}, "assignments": []any{},
		"templateReference": object{"templateId": "", "templateFamily": "none"},
		"settings": []any{object{"id": "0", "settingInstance": object{
			"@odata.type":         "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance",
			"settingDefinitionId": "device_vendor_msft_policy_config_example_plain",
			"choiceSettingValue": object{
				"@odata.type": "#microsoft.graph.deviceManagementConfigurationChoiceSettingValue",
				"value":       "device_vendor_msft_policy_config_example_plain_1", "children": []any{},
			},
		}}},
	}
}

func place(name string) object {
	return object{"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": name, "isTrusted": true, "ipRanges": []any{
		object{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"},
	}}
}

// file writes one file of exports below a folder.
func file(folder, collection, name, content string) {
	GinkgoHelper()
	Expect(os.MkdirAll(filepath.Join(folder, collection), 0o755)).To(Succeed())
	Expect(os.WriteFile(filepath.Join(folder, collection, name+".json"), []byte(content), 0o600)).To(Succeed())
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the reader may have had enough
	}
}

// pours answers with size bytes inside one object of a list.
func pours(size int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[{"id":"1","name":"`)
		chunk := strings.Repeat("x", 1<<16)
		for sent := 0; sent < size; sent += len(chunk) {
			if _, err := io.WriteString(w, chunk); err != nil {
				return // as it should be
			}
		}
		_, _ = io.WriteString(w, `"}]}`)
	}
}

// goesOn answers an empty page that continues at the address.
func goesOn(link func(r *http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		says(200, fmt.Sprintf(`{"value":[],"@odata.nextLink":%q}`, link(r)))(w, r)
	}
}

func elsewhere(address string) http.HandlerFunc {
	return goesOn(func(*http.Request) string { return address })
}

var _ = Describe("A tenant that answers one policy type with", Ordered, ContinueOnFailure, func() {
	var r *room
	BeforeAll(func() {
		source, target := GinkgoT().TempDir(), GinkgoT().TempDir()
		for n := range 5 {
			file(source, "configurationPolicies", fmt.Sprint("p", n), text(policy(fmt.Sprint("Policy ", n))))
		}
		file(source, "namedLocations", "office", text(place("Office")))
		file(target, "namedLocations", "home", text(place("Home")))
		r = open(source, target)
	})

	DescribeTable("is told apart from all others, and costs no more than a bounded memory", func(ctx SpecContext, lie http.HandlerFunc, reason string) {
		DeferCleanup(func() { r.front.lie("", nil) })
		sel := r.Selection()
		r.front.lie("", nil)
		r.sync(ctx, r.Source, policies)
		before := r.Preflight(r.Owner, sel)
		subjects := r.Preview(r.Owner, sel)
		Expect(before.Find("Policy 0").Bucket).To(Equal("ready"))

		runtime.GC() // so that growth is of this read
		r.front.lie(listing, lie)
		most := growth(func() {
			run, items := r.sync(ctx, r.Source, policies, places, "device_configurations")
			Expect(run.Outcome).To(Equal("partially_succeeded"))
			Expect(items[policies].Status).To(Equal("failed"))
			Expect(items[policies].Reason).To(HaveValue(Equal(reason)))
			Expect(items[places].Status).To(Equal("succeeded"))
			Expect(items["device_configurations"].Status).To(Equal("succeeded"))
		})
		GinkgoWriter.Printf("grew by %d MiB at most\n", most>>20)
		Expect(most).To(BeNumerically("<=", 128<<20))

		preview := r.Preview(r.Owner, sel)
		Expect(preview.Items).To(HaveLen(len(subjects.Items)), "nothing is lost")
		for _, i := range preview.Items {
			unread := i.State == "not_evaluated"
			Expect(unread).To(Equal(i.Type == policies), "%s %s is %s", i.Type, i.Name, i.State)
		}
		now := r.Preflight(r.Owner, sel)
		for _, i := range now.Items {
			if i.Type == policies {
				Expect(i.Bucket).To(Equal("blocked"), i.Name)
				Expect(i.Codes()).NotTo(BeEmpty())
			} else {
				Expect(i.Bucket).To(Equal(before.Find(i.Name).Bucket), i.Name)
			}
		}
		var a struct {
			Source struct {
				Not []string `json:"not_evaluated_types"`
			}
		}
		r.Owner.Post(r.Path("cross-tenant-compare", "preview"), sel).Expect(200).Into(&a)
		Expect(a.Source.Not).To(ContainElement(policies))

		r.front.lie("", nil)
		run, _ := r.sync(ctx, r.Source, policies)
		Expect(run.Outcome).To(Equal("succeeded"))
		Expect(r.Preflight(r.Owner, sel).Counts).To(Equal(before.Counts), "and all is well again")
	},
		Entry("a refusal of the token", says(401, `{"error":{"code":"InvalidAuthenticationToken"}}`), "connection_failed"),
		Entry("a refusal of the permission", says(403, `{"error":{"code":"Forbidden"}}`), "read_denied"),
		Entry("no such list", says(404, `{"error":{"code":"ResourceNotFound"}}`), "read_failed"),
		Entry("null", says(200, `null`), "read_failed"),
		Entry("a list that is none", says(200, `{"value":{"id":"1"}}`), "read_failed"),
		Entry("a list without its name", says(200, `[{"id":"1"}]`), "read_failed"),
		// Broken answers are asked for again, at the pace of production; one is enough.
		Entry("half an answer", says(200, `{"value":[{"id":"1","name":"Pol`), "read_failed"),
		Entry("objects that are numbers", says(200, `{"value":[1,2,3]}`), "read_failed"),
		Entry("objects without ids", says(200, `{"value":[{"name":"x"}]}`), "read_failed"),
		Entry("objects with ids of another type", says(200, `{"value":[{"id":{"a":1},"name":["x"]}]}`), "read_failed"),
		Entry("objects with ids that no index holds", says(200, `{"value":[{"id":"`+noise(6000)+`","name":"x"}]}`), "object_unreadable"),
		Entry("objects with U+0000 in their ids", says(200, `{"value":[{"id":"a\u0000b","name":"x"}]}`), "object_unreadable"),
		Entry("twenty thousand levels", says(200, `{"value":[{"id":"1","a":`+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)+`}]}`), "read_failed"),
		Entry("50 MB", pours(50<<20), "read_failed"),
		Entry("500 MB", pours(500<<20), "read_failed"),
		Entry("pages without end", goesOn(func(q *http.Request) string { return "https://" + q.Host + q.URL.Path + "?$skiptoken=again" }), "read_failed"),
		Entry("a next page at another host", elsewhere("https://graph.example.net/beta"+listing), "read_failed"),
		Entry("a next page at the metadata service", elsewhere("http://169.254.169.254/latest/meta-data"), "read_failed"),
		Entry("a next page in a file", elsewhere("file:///etc/passwd"), "read_failed"),
		Entry("a next page with a name and a password", goesOn(func(q *http.Request) string { return "https://a:b@" + q.Host + q.URL.Path }), "read_failed"),
		Entry("a next page that is no address", elsewhere("::%zz"), "read_failed"),
		Entry("a next page outside of the service's path", goesOn(func(q *http.Request) string { return "https://" + q.Host + "/_sim/objects" }), "read_failed"),
		Entry("a redirect elsewhere", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "https://graph.example.net/", http.StatusFound)
		}), "read_failed"),
	)
})
