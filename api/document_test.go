package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
)

// outside are the routes that are no operations; they show nothing of anybody.
var outside = []string{
	"/healthz", "/readyz", "/openapi.json", "/openapi.yaml", "/docs", "/docs/docs.js", "/docs/docs.css", "/problems/:code",
}

var _ = Describe("The whole surface", func() {
	var (
		edge *api.API
		doc  map[string]any
	)

	BeforeEach(func() {
		edge = api.New(api.Deps{})
		text, err := edge.Document()
		Expect(err).NotTo(HaveOccurred())
		Expect(json.Unmarshal(text, &doc)).To(Succeed())
	})

	It("has no route without a decision about its callers", func() {
		decided := map[string]bool{}
		for _, op := range edge.Operations() {
			Expect(op.Authz.Reach).NotTo(BeEmpty(), op.ID)
			path := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
			decided[op.Method+" "+api.BasePath+path] = true
		}
		for _, route := range edge.Routes() {
			known := decided[route.Method+" "+route.Path] || (route.Method == http.MethodGet && slices.Contains(outside, route.Path))
			Expect(known).To(BeTrue(), "%s %s", route.Method, route.Path)
		}
		Expect(edge.Routes()).To(HaveLen(len(decided) + len(outside)))
	})

	It("declares known capabilities, recorded actions and unique names", func() {
		names := map[string]bool{}
		for _, op := range edge.Operations() {
			Expect(names).NotTo(HaveKey(op.ID))
			names[op.ID] = true
			Expect(op.ID).To(MatchRegexp(`^[a-z]+(-[a-z]+)*$`))
			for _, c := range op.Authz.Capabilities {
				Expect(access.All()).To(ContainElement(c), op.ID)
			}
			if op.Authz.Audit != "" {
				_, known := audit.Find(op.Authz.Audit)
				Expect(known).To(BeTrue(), "%s records %s", op.ID, op.Authz.Audit)
			}
			if op.Method == http.MethodPost && (op.Status == http.StatusCreated || op.Status == http.StatusAccepted) {
				Expect(op.Authz.Idempotent).To(BeTrue(), "%s creates or starts without an Idempotency-Key", op.ID)
			}
			Expect(op.Method == http.MethodGet && !op.Authz.ReadOnly).To(BeFalse(), "%s is a GET with an effect", op.ID)
		}
	})

	It("shows each operation's decision, words and problem codes", func() {
		for path, item := range doc["paths"].(object) {
			for method, spec := range item.(object) {
				op, at := spec.(object), method+" "+path
				Expect(op).To(And(HaveKey("summary"), HaveKey("description"), HaveKey("operationId"), HaveKey("tags")), at)
				Expect(op["x-authz"]).To(And(HaveKey("scope"), HaveKey("capability"), HaveKey("audience"), HaveKey("idempotent")), at)
				Expect(op["x-problem-codes"]).NotTo(BeEmpty(), at)
				Expect(op["responses"]).To(And(HaveKey("422"), HaveKey("429"), HaveKey("500"), HaveKey("503")), at)
			}
		}
	})

	It("explains every property and parameter, with an example where it is a plain value", func() {
		var untold []string
		for name, s := range schemas(doc) {
			for property, of := range properties(s) {
				untold = append(untold, told(name+"."+property, of.(object))...)
			}
		}
		for path, item := range doc["paths"].(object) {
			for _, op := range item.(object) {
				list, _ := op.(object)["parameters"].([]any)
				for _, parameter := range list {
					p := parameter.(object)
					untold = append(untold, told(path+" "+p["name"].(string), object{"description": p["description"], "type": "x", "examples": p["schema"].(object)["examples"]})...)
				}
			}
		}
		Expect(untold).To(BeEmpty())
	})

	It("closes requests and leaves answers open", func() {
		for name, s := range schemas(doc) {
			closed := s["additionalProperties"] == false
			request := strings.HasSuffix(name, "Request") || strings.HasSuffix(name, "Input") || strings.HasSuffix(name, "Fields")
			if closed && !request {
				Fail(name + " is closed but no request")
			}
			if strings.HasSuffix(name, "Request") && s["type"] == "object" {
				Expect(closed).To(BeTrue(), name)
			}
		}
	})

	It("has no list that may be null, and no object that may be null without saying so", func() {
		for name, s := range schemas(doc) {
			for property, of := range properties(s) {
				types, _ := of.(object)["type"].([]any)
				Expect(types).NotTo(ContainElement("array"), name+"."+property)
			}
		}
		Expect(properties(schemas(doc)["AuditEvent"])["target"]).To(HaveKeyWithValue("oneOf", HaveLen(2)))
	})

	It("is the same every time", func() {
		one, err := api.New(api.Deps{}).DocumentYAML()
		Expect(err).NotTo(HaveOccurred())
		two, err := api.New(api.Deps{PublicURL: "https://other.example", Secret: []byte("x")}).DocumentYAML()
		Expect(err).NotTo(HaveOccurred())
		Expect(string(one)).To(Equal(string(two)))
	})

	It("serves the description and a page that loads nothing from elsewhere", func() {
		c := (&product{API: edge}).anonymous()
		Expect(c.get("/openapi.json").JSON).To(HaveKeyWithValue("openapi", "3.1.0"))
		Expect(c.get("/openapi.yaml").Raw).To(ContainSubstring("openapi: 3.1.0"))
		page := c.get("/docs").Raw + c.get("/docs/docs.js").Raw + c.get("/docs/docs.css").Raw
		Expect(page).To(ContainSubstring("/docs/docs.js"))
		Expect(page).NotTo(MatchRegexp(`https?://`))
		Expect(page).NotTo(ContainSubstring("innerHTML"))
		Expect(c.get("/docs").Header.Get("Content-Type")).To(ContainSubstring("text/html"))
	})
})

var _ = DescribeTable("An incomplete declaration never starts",
	func(z api.Authz) {
		edge := api.New(api.Deps{})
		Expect(func() {
			api.Register(edge, api.Operation{Method: http.MethodGet, Path: "/spec/{workspace_id}", ID: "spec", Authz: z}, nothing)
		}).To(Panic())
	},
	Entry("no reach", api.Authz{ReadOnly: true}),
	Entry("no word on what is recorded", api.Authz{Reach: api.ReachSelf}),
	Entry("two words on what is recorded", api.Authz{Reach: api.ReachSelf, ReadOnly: true, Audit: audit.SignedIn}),
	Entry("a workspace without a capability", api.Authz{Reach: api.ReachWorkspace, ReadOnly: true}),
	Entry("a tenant that is not in the path", api.Authz{
		Reach: api.ReachTenant, ReadOnly: true, Capabilities: []access.Capability{access.TenantView},
	}),
	Entry("public with a capability", api.Authz{
		Reach: api.ReachPublic, ReadOnly: true, Capabilities: []access.Capability{access.TenantView},
	}),
	Entry("a key on a GET", api.Authz{Reach: api.ReachSelf, ReadOnly: true, Idempotent: true}),
)

func schemas(doc map[string]any) map[string]object {
	all := map[string]object{}
	for name, s := range doc["components"].(object)["schemas"].(object) {
		all[name] = s.(object)
	}
	return all
}

func properties(s object) object {
	list, _ := s["properties"].(object)
	return list
}

// told names the property when it lacks a sentence, or a plain value an example.
func told(name string, s object) []string {
	if text, _ := s["description"].(string); text == "" {
		return []string{name + " has no description"}
	}
	plain := s["type"] != nil && s["type"] != "object" && !ofObjects(s)
	if plain && s["examples"] == nil {
		return []string{name + " has no example"}
	}
	return nil
}

func ofObjects(s object) bool {
	items, _ := s["items"].(object)
	return items != nil && items["$ref"] != nil
}
