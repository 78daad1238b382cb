package graph

import (
	"context"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

func references(r provider.Reader, kind subject.RefKind) []provider.Reference {
	GinkgoHelper()
	var out []provider.Reference
	Expect(r.References(context.Background(), kind, func(ref provider.Reference) error {
		out = append(out, ref)
		return nil
	})).To(Succeed())
	return out
}

var _ = Describe("what objects refer to", func() {
	ctx := context.Background()

	It("is listed with id and name", func() {
		tenant := tenantWith(directory, nil, nil)
		tenant.Objects["authenticationStrengthPolicies"] = []graphsim.Object{{"id": rootOne, "displayName": "Phishing-resistant plus", "allowedCombinations": []any{"fido2"}}}
		tenant.Objects["agreements"] = []graphsim.Object{{"id": rootTwo, "displayName": "House rules"}}
		r := simulate(tenant).open(directory)
		Expect(references(r, subject.RefGroup)).To(ContainElement(provider.Reference{Kind: subject.RefGroup, ID: groupA, Name: "All engineers"}))
		Expect(references(r, subject.RefApp)).To(ConsistOf(provider.Reference{Kind: subject.RefApp, ID: appOne, Name: "Mail", Type: "microsoft.graph.iosStoreApp"}))
		Expect(references(r, subject.RefAuthStrength)).To(ContainElement(provider.Reference{Kind: subject.RefAuthStrength, ID: rootOne, Name: "Phishing-resistant plus"}))
		Expect(references(r, subject.RefTermsOfUse)).To(ConsistOf(provider.Reference{Kind: subject.RefTermsOfUse, ID: rootTwo, Name: "House rules"}))
		apps := references(r, subject.RefApplication)
		Expect(apps).To(ContainElement(provider.Reference{Kind: subject.RefApplication, ID: graphAppID, Name: "Microsoft Graph"}))
	})

	It("is not listed for kinds that are policies or never captured", func() {
		r := newFakeGraph(nil).reader()
		for _, kind := range []subject.RefKind{subject.RefFilter, subject.RefUser, subject.RefTenant} {
			Expect(r.References(ctx, kind, nil)).To(HaveOccurred())
		}
	})

	It("gives setting and option names in one request", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) {
			respond(w, 200, value(object{"id": "0", "settingDefinitions": []any{
				object{"id": "d", "displayName": "Encrypt", "options": []any{object{"itemId": "d_1", "displayName": "On"}, object{"itemId": "d_0", "displayName": nil}}},
				object{"id": "e", "displayName": ""},
			}}))
		})
		labels, err := f.reader().SettingLabels(ctx, "p")
		Expect(err).NotTo(HaveOccurred())
		Expect(labels).To(Equal(map[string]string{"d": "Encrypt", "d_1": "On"}))
		Expect(f.requests()).To(HaveLen(1))
	})
})

var _ = Describe("what the directory allows", func() {
	ctx := context.Background()

	It("is read from the enterprise application and the token", func() {
		r := simulate(tenantWith(directory, nil, nil)).open(directory)
		g, err := r.Grants(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(g.Granted).To(ContainElements("DeviceManagementConfiguration.ReadWrite.All", "Policy.Read.All"))
		Expect(slices.IsSorted(g.Granted)).To(BeTrue())
		Expect(g.Roles).To(Equal(g.Granted))
	})

	It("is what the token says when the application may not look", func() {
		f := newFakeGraph(func(w http.ResponseWriter, _ *http.Request) { respond(w, 403, nil) })
		f.roles = []string{"b", "a", "b"}
		g, err := f.reader().Grants(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(g).To(Equal(provider.Grants{Granted: []string{"a", "b"}, Roles: []string{"a", "b"}}))
	})

	It("counts roles of Microsoft Graph only", func() {
		f := newFakeGraph(func(w http.ResponseWriter, r *http.Request) {
			switch path := r.URL.Path; {
			case strings.HasSuffix(path, "/appRoleAssignments"):
				respond(w, 200, value(object{"appRoleId": "1", "resourceId": "g"}, object{"appRoleId": "1", "resourceId": "x"}, object{"appRoleId": "9", "resourceId": "g"}))
			case strings.HasSuffix(path, "/servicePrincipals/g"):
				respond(w, 200, object{"id": "g", "appId": graphAppID, "appRoles": []any{object{"id": "1", "value": "Read.All"}}})
			case strings.HasSuffix(path, "/servicePrincipals/x"):
				respond(w, 200, object{"id": "x", "appId": "other", "appRoles": []any{object{"id": "1", "value": "Write.All"}}})
			default:
				Expect(r.URL.Query().Get("$filter")).To(Equal("appId eq '" + clientID + "'"))
				respond(w, 200, value(object{"id": "own"}))
			}
		})
		g, err := f.reader().Grants(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(g.Granted).To(Equal([]string{"Read.All"}))
	})

	It("includes approvals and security defaults", func() {
		tenant := tenantWith(directory, nil, nil)
		tenant.Objects["operationApprovalPolicies"] = []graphsim.Object{{"id": rootOne, "displayName": "Scripts", "policyType": "script"}}
		r := simulate(tenant).open(directory)
		facts, err := r.Facts(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(facts.ApprovalKnown).To(BeTrue())
		Expect(facts.ApprovalTypes).To(Equal([]string{"script"}))
		Expect(facts.SecurityDefaultsOn).To(BeFalse())
	})

	It("says so when approvals are not known", func() {
		f := newFakeGraph(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "operationApprovalPolicies") {
				respond(w, 403, nil)
				return
			}
			respond(w, 200, object{"isEnabled": true})
		})
		facts, err := f.reader().Facts(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(facts).To(Equal(provider.Facts{SecurityDefaultsOn: true}))
	})
})

var _ = Describe("a misbehaving service", func() {
	ctx := context.Background()
	filters := subject.Lookup("assignment_filters")

	DescribeTable("does not harm a listing", func(fault graphsim.Fault, class provider.Class) {
		sim := simulate(tenantWith(directory, nil, nil))
		Expect(sim.SetFaults(fault)).To(Succeed())
		got, err := listAll(ctx, sim.open(directory), filters.Key)
		Expect(provider.ClassOf(err)).To(Equal(class))
		if class == "" {
			Expect(err).NotTo(HaveOccurred())
			Expect(got.objects).NotTo(BeEmpty())
		}
	},
		Entry("small pages", graphsim.Fault{Mode: graphsim.SmallPages}, provider.Class("")),
		Entry("throttled a while", graphsim.Fault{Mode: graphsim.Throttle, Times: 4, RetryAfter: "2.5"}, provider.Class("")),
		Entry("away a while", graphsim.Fault{Mode: graphsim.ErrorBeforeExecute, Times: 5}, provider.Class("")),
		Entry("reset a while", graphsim.Fault{Mode: graphsim.ResetAfterExecute, Times: 3}, provider.Class("")),
		Entry("cut off once", graphsim.Fault{Mode: graphsim.Truncated, Times: 1}, provider.Class("")),
		Entry("away for good", graphsim.Fault{Mode: graphsim.ErrorBeforeExecute}, provider.Unavailable),
		Entry("foreign next link", graphsim.Fault{Mode: graphsim.ForeignNextLink}, provider.Unreadable),
		Entry("huge", graphsim.Fault{Mode: graphsim.Huge}, provider.Unreadable),
		Entry("deep", graphsim.Fault{Mode: graphsim.Deep}, provider.Unreadable),
		Entry("forbidden", graphsim.Fault{Mode: graphsim.Status, Status: 403}, provider.Denied),
	)

	DescribeTable("never makes a create go out twice", func(mode graphsim.Mode, made int) {
		sim := simulate(tenantWith(directory, nil, nil))
		w := sim.open(directory)
		before, err := sim.Objects(directory, "assignmentFilters")
		Expect(err).NotTo(HaveOccurred())
		Expect(sim.SetFaults(graphsim.Fault{Method: "POST", Mode: mode, Times: 1})).To(Succeed())
		steps, err := w.Steps(provider.Desired{
			Type: filters, WriteContent: true,
			Content: raw(object{"displayName": "New", "platform": "iOS", "rule": `(device.model -eq "x")`}),
		}, nil)
		Expect(err).NotTo(HaveOccurred())
		_, err = w.Send(ctx, steps[0], "", "")
		Expect(fault(err).Ambiguous).To(BeTrue())
		after, err := sim.Objects(directory, "assignmentFilters")
		Expect(err).NotTo(HaveOccurred())
		Expect(after).To(HaveLen(len(before) + made))
	},
		Entry("answer reset", graphsim.ResetAfterExecute, 1),
		Entry("504 after the fact", graphsim.ErrorAfterExecute, 1),
		Entry("503 before", graphsim.ErrorBeforeExecute, 0),
		Entry("answer cut off", graphsim.Truncated, 1),
	)
})
