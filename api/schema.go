package api

import (
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantatlas/tenantatlas/api/problem"
)

const refPrefix = "#/components/schemas/"

// schemaName names a component after its Go type: View and the package are
// dropped for this package's own types, other packages' types carry theirs, and
// List[MemberView] becomes MemberList.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name, pkg := t.Name(), path.Base(t.PkgPath())
	if name == "" {
		return huma.DefaultSchemaNamer(t, hint)
	}
	if generic, of, ok := strings.Cut(strings.TrimSuffix(name, "]"), "["); ok {
		return typeName(of[strings.LastIndex(of, ".")+1:]) + generic
	}
	if pkg != "api" && !strings.EqualFold(pkg, name) {
		name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	return typeName(name)
}

func typeName(name string) string {
	if trimmed := strings.TrimSuffix(name, "View"); trimmed != "" {
		return trimmed
	}
	return name
}

// seal finishes the schemas once everything is registered: objects that may be
// absent become oneOf [$ref, null], and only what requests consist of refuses
// unknown properties, so that answers can grow.
func (a *API) seal() {
	doc := a.huma.OpenAPI()
	r := doc.Components.Schemas
	for name, s := range r.Map() {
		nullable(r.TypeFromRef(refPrefix+name), s)
	}
	s := sealer{all: r.Map()}
	requests, answers := s.reachable(requestSchemas(doc)), s.reachable(answerSchemas(doc))
	s.split(requests, answers, requestSchemas(doc))
	for name := range s.all {
		if !requests[name] {
			open(s.all[name])
		}
	}
	a.addProblemOperation()
	for _, schema := range r.Map() {
		schema.PrecomputeMessages()
	}
}

// addProblemOperation gives the problem schema the one member whose type is the
// edge's own.
func (a *API) addProblemOperation() {
	all := a.huma.OpenAPI().Components.Schemas.Map()
	if all["Problem"] == nil || all["Operation"] == nil {
		return
	}
	s := orNull(&huma.Schema{Ref: refPrefix + "Operation"})
	s.Description = "With scope_busy: the active operation, when the caller may see it."
	all["Problem"].Properties["operation"] = s
}

// nullable rewrites the properties of s whose field is a pointer to a struct,
// and lets the enum of a property that may be null hold null.
func nullable(t reflect.Type, s *huma.Schema) {
	if t == nil || t.Kind() != reflect.Struct {
		return
	}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		property := s.Properties[name]
		if property == nil {
			continue
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		if f.Type.Kind() == reflect.Pointer && property.Ref != "" && (!optional || f.Tag.Get("null") == "true") {
			s.Properties[name] = orNull(property)
		}
		if property.Nullable && len(property.Enum) > 0 && !slices.Contains(property.Enum, nil) {
			property.Enum = append(property.Enum, nil)
		}
	}
}

// orNull keeps what stands beside the reference on the outside. The enum makes
// the framework's validator, which knows no null type, refuse anything else.
func orNull(s *huma.Schema) *huma.Schema {
	return &huma.Schema{
		Description: s.Description, Deprecated: s.Deprecated,
		OneOf: []*huma.Schema{{Ref: s.Ref}, {Type: "null", Enum: []any{nil}}},
	}
}

func open(s *huma.Schema) {
	if closed, ok := s.AdditionalProperties.(bool); ok && !closed {
		s.AdditionalProperties = nil
	}
}

// sealer tells request schemas from answer schemas.
type sealer struct{ all map[string]*huma.Schema }

// reachable lists the components that the schemas consist of.
func (s sealer) reachable(roots []*huma.Schema) map[string]bool {
	seen := map[string]bool{}
	for _, root := range roots {
		visit(root, func(ref *huma.Schema) bool {
			name := strings.TrimPrefix(ref.Ref, refPrefix)
			if seen[name] {
				return false
			}
			seen[name] = true
			s.visitComponent(name, seen)
			return false
		})
	}
	return seen
}

func (s sealer) visitComponent(name string, seen map[string]bool) {
	if s.all[name] == nil {
		return
	}
	visit(s.all[name], func(ref *huma.Schema) bool {
		next := strings.TrimPrefix(ref.Ref, refPrefix)
		if !seen[next] {
			seen[next] = true
			s.visitComponent(next, seen)
		}
		return false
	})
}

// split gives what requests and answers share a second, closed schema named
// …Input for the requests; the schema under the old name is the answers'.
func (s sealer) split(requests, answers map[string]bool, roots []*huma.Schema) {
	shared := map[string]string{}
	for name := range requests {
		if answers[name] {
			shared[refPrefix+name] = refPrefix + name + "Input"
		}
	}
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		if to, ok := shared[refPrefix+name]; ok {
			s.all[strings.TrimPrefix(to, refPrefix)] = clone(s.all[name])
			delete(requests, name)
			requests[name+"Input"] = true
		}
	}
	rename := func(ref *huma.Schema) bool {
		if to, ok := shared[ref.Ref]; ok {
			ref.Ref = to
		}
		return false
	}
	for name := range requests {
		visit(s.all[name], rename)
	}
	for _, root := range roots {
		visit(root, rename)
	}
}

// visit calls on for every reference at or below s.
func visit(s *huma.Schema, on func(ref *huma.Schema) bool) {
	if s == nil {
		return
	}
	if s.Ref != "" {
		on(s)
		return
	}
	for _, child := range children(s) {
		visit(child, on)
	}
}

func children(s *huma.Schema) []*huma.Schema {
	list := slices.Concat(s.OneOf, s.AnyOf, s.AllOf, []*huma.Schema{s.Items, s.Not})
	list = slices.AppendSeq(list, maps.Values(s.Properties))
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		list = append(list, extra)
	}
	return list
}

// clone copies a schema down to its references.
func clone(s *huma.Schema) *huma.Schema {
	if s == nil {
		return nil
	}
	c := *s
	c.OneOf, c.AnyOf, c.AllOf = cloneAll(s.OneOf), cloneAll(s.AnyOf), cloneAll(s.AllOf)
	c.Items, c.Not = clone(s.Items), clone(s.Not)
	if s.Properties != nil {
		c.Properties = make(map[string]*huma.Schema, len(s.Properties))
		for name, p := range s.Properties {
			c.Properties[name] = clone(p)
		}
	}
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		c.AdditionalProperties = clone(extra)
	}
	return &c
}

func cloneAll(list []*huma.Schema) []*huma.Schema {
	if list == nil {
		return nil
	}
	copies := make([]*huma.Schema, len(list))
	for i, s := range list {
		copies[i] = clone(s)
	}
	return copies
}

func requestSchemas(doc *huma.OpenAPI) []*huma.Schema {
	var schemas []*huma.Schema
	eachOperation(doc, func(_ string, op *huma.Operation) {
		if op.RequestBody != nil {
			schemas = append(schemas, mediaSchemas(op.RequestBody.Content)...)
		}
	})
	return schemas
}

func answerSchemas(doc *huma.OpenAPI) []*huma.Schema {
	schemas := []*huma.Schema{{Ref: refPrefix + schemaName(reflect.TypeFor[problem.Problem](), "")}}
	eachOperation(doc, func(_ string, op *huma.Operation) {
		for _, response := range op.Responses {
			schemas = append(schemas, mediaSchemas(response.Content)...)
			if events, ok := response.Extensions[eventsExtension].(map[string]*huma.Schema); ok {
				schemas = slices.AppendSeq(schemas, maps.Values(events))
			}
		}
	})
	return schemas
}

func mediaSchemas(content map[string]*huma.MediaType) []*huma.Schema {
	var schemas []*huma.Schema
	for _, media := range content {
		if media.Schema != nil {
			schemas = append(schemas, media.Schema)
		}
	}
	return schemas
}

// eachOperation calls do for every operation, by path and method.
func eachOperation(doc *huma.OpenAPI, do func(path string, op *huma.Operation)) {
	for _, p := range slices.Sorted(maps.Keys(doc.Paths)) {
		item := doc.Paths[p]
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch} {
			if op != nil {
				do(p, op)
			}
		}
	}
}
