package graphsim_test

import (
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

var _ = Describe("batches", func() {
	var s *rig
	BeforeEach(func() { s = start(quiet(fixtures(dirA))) })
	batch := func(items ...any) answer {
		GinkgoHelper()
		return s.post("/beta/$batch", object{"requests": items})
	}
	item := func(id, method, url string, more object) object {
		out := object{"id": id, "method": method, "url": url}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	status := func(a answer, i int) int {
		GinkgoHelper()
		return int(a.body["responses"].([]any)[i].(object)["status"].(float64))
	}

	It("answers each item on its own and journals it", func() {
		json := object{"Content-Type": "application/json"}
		a := batch(item("1", "GET", "/deviceManagement/configurationPolicies?$top=1", nil), item("2", "GET", "/deviceManagement/nothing", nil),
			item("3", "POST", "/deviceManagement/assignmentFilters", object{"headers": json, "body": object{"displayName": "f", "platform": "iOS", "rule": "r"}}),
			item("4", "GET", "/groups", object{"dependsOn": []any{"2"}}))
		Expect(a.status).To(Equal(200))
		Expect([]int{status(a, 0), status(a, 1), status(a, 2), status(a, 3)}).To(Equal([]int{200, 400, 201, 424}))
		body := a.body["responses"].([]any)[0].(object)["body"].(object)
		Expect(body["@odata.nextLink"]).To(HavePrefix(s.web.URL + "/beta/deviceManagement/configurationPolicies?"))
		var paths []string
		for _, e := range s.sim.Journal(1) {
			paths = append(paths, e.Method+" "+e.Path+" "+strconv.Itoa(e.Status))
		}
		Expect(paths).To(ContainElements("POST /beta/deviceManagement/assignmentFilters 201", "GET /beta/groups 424", "POST /beta/$batch 200"))
	})

	It("refuses more than 20 items, repeated ids and writes without a content type", func() {
		var items []any
		for i := range 21 {
			items = append(items, item(strconv.Itoa(i), "GET", "/groups", nil))
		}
		Expect(batch(items...).status).To(Equal(400))
		Expect(batch(items[:20]...).status).To(Equal(200))
		Expect(batch(item("a", "GET", "/groups", nil), item("A", "GET", "/groups", nil)).status).To(Equal(400))
		Expect(batch(item("a", "POST", "/groups", object{"body": object{}})).status).To(Equal(400))
		Expect(batch(item("a", "GET", "/groups", object{"dependsOn": []any{"b"}})).status).To(Equal(400))
		Expect(batch().status).To(Equal(400))
	})

	It("meets faults item by item", func() {
		Expect(s.sim.SetFaults(graphsim.Fault{Mode: graphsim.Throttle, Times: 1, PathPrefix: "/beta/groups"})).To(Succeed())
		a := batch(item("1", "GET", "/groups", nil), item("2", "GET", "/groups", nil))
		Expect([]int{status(a, 0), status(a, 1)}).To(Equal([]int{429, 200}))
	})
})
