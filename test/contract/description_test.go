package contract_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/test/contract/surface"
)

// committed is where the description lies in the repository.
const committed = "../../openapi/openapi.yaml"

type schema = surface.Schema

var _ = Describe("The description", func() {
	var d *surface.Document
	BeforeEach(func() {
		text, err := api.New(api.Deps{}).Document()
		Expect(err).NotTo(HaveOccurred())
		d = surface.Parse(text)
	})

	It("is OpenAPI 3.1 with a title, words, tags and ways to sign in", func() {
		Expect(d.Whole).To(HaveKeyWithValue("openapi", HavePrefix("3.1.")))
		Expect(d.Whole["info"]).To(And(HaveKey("title"), HaveKey("version"), HaveKeyWithValue("description", Not(BeEmpty()))))
		tags := map[string]bool{}
		for _, t := range surface.List(d.Whole, "tags") {
			Expect(t).To(HaveKeyWithValue("description", Not(BeEmpty())))
			tags[t.(schema)["name"].(string)] = true
		}
		for _, o := range d.Operations {
			for _, t := range surface.List(o.Spec, "tags") {
				Expect(tags).To(HaveKey(t), o.ID)
			}
		}
		Expect(d.Whole["components"].(schema)["securitySchemes"]).To(And(HaveKey("bearer"), HaveKey("session")))
	})

	It("has every operation that was promised, and tells of no other", func() {
		var have []string
		for _, o := range d.Operations {
			have = append(have, o.Method+":"+o.Path)
		}
		Expect(have).To(ConsistOf(promisedOperations))
	})

	It("names what was promised as it was promised", func() {
		for name, words := range promisedProperties {
			Expect(d.Schemas()).To(HaveKey(name))
			have := slices.Sorted(maps.Keys(d.Properties(d.Schemas()[name])))
			Expect(have).To(ContainElements(strings.Fields(words)), name)
		}
		counts := d.Properties(d.Properties(d.Schemas()["Operation"])["summary_counts"])
		Expect(slices.Collect(maps.Keys(counts))).To(ConsistOf(strings.Fields(promisedCounts)))
		for place, words := range promisedWords {
			name, property, _ := strings.Cut(place, ".")
			p := d.Resolve(d.Properties(d.Schemas()[name])[property])
			Expect(words2(surface.List(p, "enum"))).To(ConsistOf(strings.Fields(words)), place)
		}
	})

	It("explains every operation, parameter, property and enumeration, with an example", func() {
		var untold []string
		for _, o := range d.Operations {
			untold = append(untold, blank(o.String(), o.Spec, "summary", "description")...)
			for _, p := range o.Parameters {
				untold = append(untold, blank(o.String()+" "+p.Name, p.Spec, "description")...)
				if !exemplary(p.Spec) && !exemplary(d.Resolve(p.Schema)) {
					untold = append(untold, o.String()+" "+p.Name+" has no example")
				}
			}
			for status, r := range o.Spec["responses"].(schema) {
				untold = append(untold, blank(o.String()+" "+status, d.Resolve(r.(schema)), "description")...)
			}
		}
		for name, s := range d.Schemas() {
			for property, p := range d.Properties(s) {
				at, whole := name+"."+property, d.Resolve(p)
				if blank(at, p, "description") != nil && blank(at, whole, "description") != nil {
					untold = append(untold, at+" has no description")
				}
				if plain(d, whole) && !exemplary(p) && !exemplary(whole) {
					untold = append(untold, at+" has no example")
				}
			}
		}
		Expect(untold).To(BeEmpty())
	})

	It("gives examples that are what they stand for", func() {
		for name, s := range d.Schemas() {
			for property, p := range d.Properties(s) {
				whole := d.Resolve(p)
				for _, example := range surface.List(p, "examples") {
					if enum := surface.List(whole, "enum"); len(enum) > 0 {
						Expect(enum).To(ContainElement(example), name+"."+property)
					}
				}
			}
		}
	})

	It("knows exactly the promised problem codes, each with its status, an example and a page", func() {
		codes := words2(surface.List(d.Resolve(d.Properties(d.Schemas()["Problem"])["code"]), "enum"))
		Expect(codes).To(ConsistOf(promisedCodes))
		shown := map[string]bool{}
		for _, r := range d.Whole["components"].(schema)["responses"].(schema) {
			content := r.(schema)["content"].(schema)["application/problem+json"].(schema)
			for code, example := range content["examples"].(schema) {
				value := example.(schema)["value"].(schema)
				Expect(value).To(And(HaveKeyWithValue("code", code), HaveKeyWithValue("type", "/problems/"+strings.ReplaceAll(code, "_", "-"))))
				shown[code] = true
			}
		}
		for _, o := range d.Operations {
			named := words2(surface.List(o.Spec, "x-problem-codes"))
			Expect(codes).To(ContainElements(named), o.ID)
			for _, code := range named {
				Expect(shown).To(HaveKey(code), "%s of %s has no example", code, o.ID)
			}
		}
	})

	It("closes every object of a request and leaves every object of an answer open", func() {
		for _, o := range d.Operations {
			if o.Body != nil {
				walk(d, o.Body, map[string]bool{}, func(at string, s schema) {
					if _, map2 := s["additionalProperties"].(schema); s["type"] == "object" && !map2 {
						Expect(s).To(HaveKeyWithValue("additionalProperties", false), "%s: %s", o, at)
					}
				})
			}
			for status := range o.Spec["responses"].(schema) {
				for _, media := range contents(d, o, status) {
					walk(d, media, map[string]bool{}, func(at string, s schema) {
						Expect(s).NotTo(HaveKeyWithValue("additionalProperties", false), "%s %s: %s", o, status, at)
						Expect(s).NotTo(HaveKey("nullable"), "%s", at)
					})
				}
			}
		}
	})

	It("is what lies in the repository", func() {
		have, err := os.ReadFile(committed)
		if os.IsNotExist(err) {
			Skip("openapi/openapi.yaml is not there yet")
		}
		Expect(err).NotTo(HaveOccurred())
		want, err := api.New(api.Deps{Version: versionOf(have)}).DocumentYAML()
		Expect(err).NotTo(HaveOccurred())
		Expect(string(have)).To(BeIdenticalTo(string(want)), "run cmd/tenantatlas openapi: %s", firstDifference(string(have), string(want)))
	})
})

// versionOf is the version that a printed description carries.
func versionOf(yaml []byte) string {
	for line := range strings.Lines(string(yaml)) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "version: "); ok {
			return strings.Trim(v, `"'`)
		}
	}
	return ""
}

func firstDifference(a, b string) string {
	one, two := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(one), len(two)) {
		if one[i] != two[i] {
			return fmt.Sprintf("line %d is %q and should be %q", i+1, one[i], two[i])
		}
	}
	return "one is longer"
}

func words2(list []any) []string {
	var words []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			words = append(words, s)
		}
	}
	return words
}

// blank names which of the properties hold no words.
func blank(at string, s schema, properties ...string) []string {
	var untold []string
	for _, p := range properties {
		if text, _ := s[p].(string); strings.TrimSpace(text) == "" {
			untold = append(untold, at+" has no "+p)
		}
	}
	return untold
}

func exemplary(s schema) bool {
	return s["example"] != nil || len(surface.List(s, "examples")) > 0 || s["examples"] != nil
}

// plain reports whether a value is no object, and no list of objects.
func plain(d *surface.Document, s schema) bool {
	items, _ := s["items"].(schema)
	return s["type"] != nil && s["type"] != "object" && (items == nil || len(d.Properties(items)) == 0)
}

func contents(d *surface.Document, o surface.Operation, status string) []schema {
	var list []schema
	content, _ := d.Resolve(o.Spec["responses"].(schema)[status].(schema))["content"].(schema)
	for _, media := range content {
		if s, ok := media.(schema)["schema"].(schema); ok {
			list = append(list, s)
		}
	}
	return list
}

// walk visits a schema and everything below it, every reference once.
func walk(d *surface.Document, s schema, seen map[string]bool, visit func(at string, s schema)) {
	ref, _ := s["$ref"].(string)
	if seen[ref] && ref != "" {
		return
	}
	seen[ref] = true
	s = d.Resolve(s)
	visit(ref, s)
	for _, name := range []string{"items", "additionalProperties", "not"} {
		if below, ok := s[name].(schema); ok {
			walk(d, below, seen, visit)
		}
	}
	for _, name := range []string{"oneOf", "anyOf", "allOf"} {
		for _, below := range surface.List(s, name) {
			walk(d, below.(schema), seen, visit)
		}
	}
	properties, _ := s["properties"].(schema)
	for _, below := range properties {
		walk(d, below.(schema), seen, visit)
	}
}

// fetch reads an address of a running product.
func fetch(address, path string) (int, string) {
	GinkgoHelper()
	resp, err := http.Get("http://" + address + path)
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = resp.Body.Close() }() // it has been read
	text, err := io.ReadAll(resp.Body)
	Expect(err).NotTo(HaveOccurred())
	return resp.StatusCode, string(text)
}
