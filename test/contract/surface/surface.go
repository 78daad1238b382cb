// Package surface reads the description that a running product serves, the way a
// stranger would: as JSON from its address, without a look at the code. The
// suites that must miss nothing (rbac, isolation, hostile, contract) take their
// operations from here.
package surface

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2" // the language of specs
	. "github.com/onsi/gomega"    // as above
)

// Schema is a JSON schema, or any other object of the description.
type Schema = map[string]any

// Document is the description.
type Document struct {
	Whole      Schema
	Operations []Operation // by path and method
}

// Operation is one operation of the description.
type Operation struct {
	Method, Path, ID string
	Scope            string // public, self, workspace or tenant
	Capabilities     []string
	AuditAction      string // "" when nothing is recorded
	Stream           bool
	Idempotent       bool
	Parameters       []Parameter
	Body             Schema // of application/json, nil without one
	Statuses         []string
	Spec             Schema
}

// Parameter is one parameter of an operation.
type Parameter struct {
	Name, In string
	Schema   Schema
	Spec     Schema
}

// String names the operation as specs tell it.
func (o Operation) String() string { return o.Method + " " + o.Path }

// Changes reports whether the operation is more than a reading.
func (o Operation) Changes() bool { return o.Spec["x-authz"].(Schema)["exempt"] != "read-only" }

// PathParameters are the names in braces, in order.
func (o Operation) PathParameters() []string {
	var names []string
	for _, part := range strings.Split(o.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// At is the operation's address for the given path parameters.
func (o Operation) At(values map[string]string) string {
	GinkgoHelper()
	address := o.Path
	for _, name := range o.PathParameters() {
		Expect(values).To(HaveKey(name), "%s", o)
		address = strings.ReplaceAll(address, "{"+name+"}", values[name])
	}
	return address
}

// Served is the description that the product at host:port serves.
func Served(address string) *Document {
	GinkgoHelper()
	resp, err := http.Get("http://" + address + "/openapi.json")
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = resp.Body.Close() }() // it has been read
	Expect(resp.StatusCode).To(Equal(http.StatusOK))
	text, err := io.ReadAll(resp.Body)
	Expect(err).NotTo(HaveOccurred())
	return Parse(text)
}

// Parse reads a description.
func Parse(text []byte) *Document {
	GinkgoHelper()
	d := &Document{}
	Expect(json.Unmarshal(text, &d.Whole)).To(Succeed())
	paths := d.Whole["paths"].(Schema)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path].(Schema)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			if spec, ok := item[method].(Schema); ok && spec["operationId"] != nil {
				d.Operations = append(d.Operations, d.operation(strings.ToUpper(method), path, spec))
			}
		}
	}
	return d
}

func (d *Document) operation(method, path string, spec Schema) Operation {
	authz := spec["x-authz"].(Schema)
	o := Operation{Method: method, Path: path, ID: spec["operationId"].(string), Scope: authz["scope"].(string), Spec: spec}
	o.AuditAction, _ = authz["audit_action"].(string)
	o.Idempotent, _ = authz["idempotent"].(bool)
	for _, c := range List(authz, "capability") {
		o.Capabilities = append(o.Capabilities, c.(string))
	}
	for _, p := range List(spec, "parameters") {
		s, _ := p.(Schema)["schema"].(Schema)
		o.Parameters = append(o.Parameters, Parameter{p.(Schema)["name"].(string), p.(Schema)["in"].(string), s, p.(Schema)})
	}
	body, _ := spec["requestBody"].(Schema)
	o.Body = jsonSchema(body)
	for status, r := range spec["responses"].(Schema) {
		o.Statuses = append(o.Statuses, status)
		content, _ := r.(Schema)["content"].(Schema)
		o.Stream = o.Stream || content["text/event-stream"] != nil
	}
	slices.Sort(o.Statuses)
	return o
}

func jsonSchema(holder Schema) Schema {
	content, _ := holder["content"].(Schema)
	media, _ := content["application/json"].(Schema)
	s, _ := media["schema"].(Schema)
	return s
}

// Answer is the schema of the operation's JSON answer with the status, or nil.
func (d *Document) Answer(o Operation, status string) Schema {
	r, _ := o.Spec["responses"].(Schema)[status].(Schema)
	return jsonSchema(d.Resolve(r))
}

// List is a property that is a list; absent is empty.
func List(s Schema, name string) []any {
	list, _ := s[name].([]any)
	return list
}

// Resolve follows references until something stands there.
func (d *Document) Resolve(s Schema) Schema {
	for s["$ref"] != nil {
		at := d.Whole
		for _, part := range strings.Split(strings.TrimPrefix(s["$ref"].(string), "#/"), "/") {
			at = at[part].(Schema)
		}
		s = at
	}
	return s
}

// Schemas are the named schemas.
func (d *Document) Schemas() map[string]Schema {
	all := map[string]Schema{}
	for name, s := range d.Whole["components"].(Schema)["schemas"].(Schema) {
		all[name] = s.(Schema)
	}
	return all
}

// Properties are the properties of an object, alternatives and nullable ones
// included.
func (d *Document) Properties(s Schema) map[string]Schema {
	s = d.Resolve(s)
	found := map[string]Schema{}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		for _, alternative := range List(s, word) {
			maps.Copy(found, d.Properties(alternative.(Schema)))
		}
	}
	own, _ := s["properties"].(Schema)
	for name, p := range own {
		found[name] = p.(Schema)
	}
	return found
}

// Find is the operation with the id.
func (d *Document) Find(id string) Operation {
	GinkgoHelper()
	i := slices.IndexFunc(d.Operations, func(o Operation) bool { return o.ID == id })
	Expect(i).NotTo(Equal(-1), "no operation %s", id)
	return d.Operations[i]
}
