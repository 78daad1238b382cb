package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// byPath answers batches and single reads alike from one function of the path
// below the version, query included.
func byPath(answer func(path string) (int, any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.RequestURI(), "/beta")
		if path != "/$batch" {
			status, body := answer(path)
			respond(w, status, body)
			return
		}
		var batch struct {
			Requests []struct{ ID, URL string } `json:"requests"`
		}
		Expect(json.NewDecoder(r.Body).Decode(&batch)).To(Succeed())
		Expect(len(batch.Requests)).To(BeNumerically("<=", 20))
		responses := []object{}
		for i := len(batch.Requests) - 1; i >= 0; i-- { // in no useful order
			status, body := answer(batch.Requests[i].URL)
			responses = append(responses, object{"id": batch.Requests[i].ID, "status": status, "headers": object{"Retry-After": "3"}, "body": body})
		}
		respond(w, 200, object{"responses": responses})
	}
}

var _ = Describe("completing objects", func() {
	ctx := context.Background()
	script := func(id string) object { return object{"id": id, "displayName": "s" + id} }

	It("reads contents in batches of twenty and reports single failures with their object", func() {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			switch {
			case strings.HasPrefix(path, "/deviceManagement/deviceManagementScripts/7?"):
				return 403, graphError("Forbidden", "no")
			case strings.HasPrefix(path, "/deviceManagement/deviceManagementScripts/8?"):
				return 200, object{"id": "someone else"}
			case strings.HasPrefix(path, "/deviceManagement/deviceManagementScripts/"):
				id, _, _ := strings.Cut(strings.TrimPrefix(path, "/deviceManagement/deviceManagementScripts/"), "?")
				return 200, object{"id": id, "scriptContent": "eA==", "assignments": []any{}}
			}
			all := []object{}
			for i := range 45 {
				all = append(all, script(strconv.Itoa(i)))
			}
			return 200, value(all...)
		}))
		got, err := listAll(ctx, f.reader(), "device_management_scripts")
		Expect(err).NotTo(HaveOccurred())
		Expect(got.objects).To(HaveLen(43))
		Expect(provider.ClassOf(got.errs["7"])).To(Equal(provider.Denied))
		Expect(provider.ClassOf(got.errs["8"])).To(Equal(provider.Unreadable))
		Expect(f.requests()).To(HaveLen(1 + 3))
		Expect(text(content(got.objects[0]), "scriptContent")).To(Equal("eA=="))
		Expect(text(content(got.objects[0]), odataType)).To(Equal("#microsoft.graph.deviceManagementScript"))
	})

	It("keeps what was listed of an object that failed, so that it can be named", func() {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			if strings.Contains(path, "Scripts/") {
				return 404, nil
			}
			return 200, value(script("1"))
		}))
		err := f.reader().List(ctx, subject.Lookup("device_shell_scripts"), func(o provider.Object, err error) error {
			Expect(err).To(HaveOccurred())
			Expect(text(content(o), "displayName")).To(Equal("s1"))
			Expect(o.AssignmentsRead).To(BeFalse())
			return nil
		})
		Expect(err).NotTo(HaveOccurred())
	})

	It("asks again only for what was throttled or away inside a batch", func() {
		var tries [3]atomic.Int64
		f := newFakeGraph(byPath(func(path string) (int, any) {
			for i := range tries {
				if strings.Contains(path, fmt.Sprintf("Scripts/%d?", i)) {
					n := tries[i].Add(1)
					if i == 1 && n <= 2 {
						return 429, nil
					}
					if i == 2 && n == 1 {
						return 503, nil
					}
					return 200, object{"id": strconv.Itoa(i), "assignments": []any{}}
				}
			}
			return 200, value(script("0"), script("1"), script("2"))
		}))
		got, err := listAll(ctx, f.reader(), "device_management_scripts")
		Expect(err).NotTo(HaveOccurred())
		Expect(got.objects).To(HaveLen(3))
		Expect([]int64{tries[0].Load(), tries[1].Load(), tries[2].Load()}).To(Equal([]int64{1, 3, 2}))
	})

	It("reads one by one what is too large together", func() {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			if strings.Contains(path, "Scripts/") {
				id, _, _ := strings.Cut(path[strings.LastIndex(path, "/")+1:], "?")
				return 200, object{"id": id, "scriptContent": strings.Repeat("x", 3000), "assignments": []any{}}
			}
			return 200, value(script("0"), script("1"))
		}))
		got, err := listAll(ctx, f.reader(func(c *Config) { c.MaxResponseBytes = 4096 }), "device_management_scripts")
		Expect(err).NotTo(HaveOccurred())
		Expect(got.objects).To(HaveLen(2))
	})

	It("inlines settings to their last page", func() {
		var f *fakeGraph
		f = newFakeGraph(byPath(func(path string) (int, any) {
			switch {
			case strings.Contains(path, "/p1/settings?page2"):
				return 200, value(object{"id": "1"})
			case strings.Contains(path, "/settings"):
				body := value(object{"id": "0"})
				if strings.Contains(path, "/p1/") {
					body["@odata.nextLink"] = f.URL + "/beta/deviceManagement/configurationPolicies/p1/settings?page2"
				}
				return 200, body
			}
			return 200, value(object{"id": "p1", "name": "a", "assignments": []any{}}, object{"id": "p2", "name": "b", "assignments": []any{}})
		}))
		got, err := listAll(ctx, f.reader(), "configuration_policies")
		Expect(err).NotTo(HaveOccurred())
		Expect(items(content(got.objects[0]), "settings")).To(HaveLen(2))
		Expect(items(content(got.objects[1]), "settings")).To(HaveLen(1))
	})

	It("goes on inside an expanded list that was cut", func() {
		var f *fakeGraph
		f = newFakeGraph(byPath(func(path string) (int, any) {
			if strings.Contains(path, "more") {
				return 200, value(object{"id": "a2"})
			}
			return 200, value(object{
				"id": "f", "displayName": "x", "assignments": []any{object{"id": "a1"}},
				"assignments@odata.nextLink": f.URL + "/beta/deviceManagement/deviceConfigurations/f/assignments?more",
			})
		}))
		got, err := listAll(ctx, f.reader(), "device_configurations")
		Expect(err).NotTo(HaveOccurred())
		Expect(items(content(got.objects[0]), "assignments")).To(HaveLen(2))
		Expect(string(got.objects[0].Raw)).NotTo(ContainSubstring("nextLink"))
	})

	DescribeTable("says whether assignments were read", func(status int, body any, read bool) {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			switch {
			case strings.HasSuffix(path, "/assignments"):
				return status, body
			case strings.Contains(path, "expand=assignments"):
				return 400, nil
			}
			return 200, value(object{"id": "t", "displayName": "x"})
		}))
		got, err := listAll(ctx, f.reader(), "terms_and_conditions")
		Expect(err).NotTo(HaveOccurred())
		Expect(got.errs).To(BeEmpty())
		Expect(got.objects[0].AssignmentsRead).To(Equal(read))
		_, present := content(got.objects[0])["assignments"]
		Expect(present).To(Equal(read))
	},
		Entry("read", 200, value(object{"id": "a"}), true),
		Entry("none", 200, value(), true),
		Entry("denied", 403, nil, false),
		Entry("no route", 400, nil, false),
	)

	It("inlines administrative templates with definitions and presentations", func() {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			switch {
			case strings.Contains(path, "/presentationValues"):
				return 200, value(object{"id": "pv", "value": "v", "presentation": object{"id": "p"}})
			case strings.Contains(path, "/definitionValues"):
				return 200, value(object{"id": "d1", "enabled": true, "definition": object{"id": "x"}}, object{"id": "d2", "enabled": false})
			}
			return 200, value(object{"id": "g1", "displayName": "a", "assignments": []any{}}, object{"id": "g2", "displayName": "b", "assignments": []any{}})
		}))
		got, err := listAll(ctx, f.reader(), "group_policy_configurations")
		Expect(err).NotTo(HaveOccurred())
		Expect(f.requests()).To(HaveLen(3)) // list, values of both, presentations of all four
		for _, o := range got.objects {
			values := items(content(o), "definitionValues")
			Expect(values).To(HaveLen(2))
			Expect(text(child(values[0], "definition"), "id")).To(Equal("x"))
			Expect(items(values[1], "presentationValues")).To(HaveLen(1))
		}
	})

	It("spells intents' JSON texts one way", func() {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			switch {
			case strings.HasSuffix(path, "/settings"):
				return 200, value(object{"definitionId": "d", "valueJson": `{ "b" : 1.50, "a":"<" }`}, object{"definitionId": "e", "valueJson": "not json"})
			case strings.HasSuffix(path, "/assignments"):
				return 200, value()
			}
			return 200, value(object{"id": "i", "displayName": "x"})
		}))
		got, err := listAll(ctx, f.reader(), "intents")
		Expect(err).NotTo(HaveOccurred())
		settings := items(content(got.objects[0]), "settings")
		Expect(text(settings[0], "valueJson")).To(Equal(`{"a":"<","b":1.50}`))
		Expect(text(settings[1], "valueJson")).To(Equal("not json"))
	})

	It("inlines links to certificates where a type has them", func() {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			switch {
			case strings.Contains(path, "/rootCertificatesForServerValidation"):
				return 200, value(object{"id": rootOne}, object{"id": rootTwo})
			case strings.Contains(path, "/identityCertificateForClientAuthentication"):
				return 200, object{"id": rootOne}
			case strings.Contains(path, "/rootCertificate"):
				return 400, graphError("BadRequest", "No OData route exists")
			}
			return 200, value(object{"id": "w", odataType: "#microsoft.graph.iosEnterpriseWiFiConfiguration", "assignments": []any{}},
				object{"id": "k", odataType: "#microsoft.graph.windowsKioskConfiguration", "assignments": []any{}})
		}))
		got, err := listAll(ctx, f.reader(), "device_configurations")
		Expect(err).NotTo(HaveOccurred())
		Expect(string(got.objects[0].Raw)).To(MatchJSON(`{"@odata.type":"#microsoft.graph.iosEnterpriseWiFiConfiguration","id":"w","assignments":[],
			"rootCertificatesForServerValidation":[{"id":"` + rootOne + `"},{"id":"` + rootTwo + `"}],"identityCertificateForClientAuthentication":{"id":"` + rootOne + `"}}`))
		Expect(f.requests()).To(HaveLen(2))
	})

	It("hands every object over once, though pages shift", func() {
		var f *fakeGraph
		f = newFakeGraph(byPath(func(path string) (int, any) {
			if strings.Contains(path, "more") {
				return 200, value(object{"id": "b"}, object{"id": "c"})
			}
			body := value(object{"id": "a"}, object{"id": "b"})
			body["@odata.nextLink"] = f.URL + "/beta/deviceManagement/assignmentFilters?more"
			return 200, body
		}))
		got, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(err).NotTo(HaveOccurred())
		Expect(got.objects).To(HaveLen(3))
	})

	It("finds by exact name among all pages and completes only the matches", func() {
		var completed atomic.Int64
		f := newFakeGraph(byPath(func(path string) (int, any) {
			if strings.Contains(path, "/settings") {
				completed.Add(1)
				return 200, value()
			}
			return 200, value(object{"id": "1", "name": "A"}, object{"id": "2", "name": "a"}, object{"id": "3", "name": "A"}, object{"id": "4", "name": "A "})
		}))
		found, err := f.reader().FindByName(ctx, subject.Lookup("configuration_policies"), "A")
		Expect(err).NotTo(HaveOccurred())
		Expect(found).To(HaveLen(2))
		Expect(completed.Load()).To(Equal(int64(2)))
	})

	DescribeTable("asks for a name where the service can, and looks itself where it cannot", func(status, requests int) {
		f := newFakeGraph(byPath(func(path string) (int, any) {
			if strings.Contains(path, "filter") {
				Expect(path).To(HaveSuffix("?$filter=displayName%20eq%20%27O%27%27Brien%27%27s%20%26%20Co%27"))
				return status, value(object{"id": "1", "displayName": "O'Brien's & Co"}, object{"id": "2", "displayName": "o'brien's & co"})
			}
			return 200, value(object{"id": "1", "displayName": "O'Brien's & Co"}, object{"id": "3", "displayName": "Other"})
		}))
		found, err := f.reader().FindByName(ctx, subject.Lookup("conditional_access_policies"), "O'Brien's & Co")
		Expect(err).NotTo(HaveOccurred())
		Expect(found).To(HaveLen(1))
		Expect(f.requests()).To(HaveLen(requests))
	}, Entry("can", 200, 1), Entry("cannot", 400, 2))

	It("ends with the error of whoever takes the objects", func() {
		f := newFakeGraph(byPath(func(string) (int, any) { return 200, value(object{"id": "a"}, object{"id": "b"}) }))
		calls := 0
		err := f.reader().List(ctx, subject.Lookup("assignment_filters"), func(provider.Object, error) error {
			calls++
			return context.Canceled
		})
		Expect(err).To(MatchError(context.Canceled))
		Expect(calls).To(Equal(1))
	})
})
