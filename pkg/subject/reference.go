package subject

import "strings"

// dropReference, returned from a visitor, removes the value.
type dropReference struct{}

// eachReference walks every place of o that holds another object's id and
// replaces the id by what f returns. Values that mean the same everywhere stay;
// values that mean "none" are removed.
func eachReference(t *Type, o map[string]any, f func(Reference) any) {
	for _, r := range t.References {
		walkPath(o, strings.Split(r.Path, "."), r.Kind, f)
	}
	if t.ScopeTags != "" {
		walkPath(o, []string{t.ScopeTags + "[]"}, RefScopeTag, f)
	}
	if t.Catalog {
		walkCatalog(t, o["settings"], f)
		walkCatalog(t, o["settingInstance"], f)
	}
}

func walkPath(v any, steps []string, kind RefKind, f func(Reference) any) {
	o, ok := v.(map[string]any)
	if !ok {
		return
	}
	name, many := strings.CutSuffix(steps[0], "[]")
	last := len(steps) == 1
	switch {
	case last && many:
		if list, ok := o[name].([]any); ok {
			o[name] = replaceAll(list, kind, f)
		}
	case last:
		replaceOne(o, name, kind, f)
	case many:
		list, _ := o[name].([]any)
		for _, e := range list {
			walkPath(e, steps[1:], kind, f)
		}
	default:
		walkPath(o[name], steps[1:], kind, f)
	}
}

func replaceAll(list []any, kind RefKind, f func(Reference) any) []any {
	out := make([]any, 0, len(list))
	for _, e := range list {
		id, ok := e.(string)
		if !ok {
			out = append(out, e)
			continue
		}
		if v := replacement(kind, id, f); v != (dropReference{}) {
			out = append(out, v)
		}
	}
	return out
}

func replaceOne(o map[string]any, name string, kind RefKind, f func(Reference) any) {
	id, ok := o[name].(string)
	if !ok {
		return
	}
	v := replacement(kind, id, f)
	if v == (dropReference{}) {
		delete(o, name)
		return
	}
	o[name] = v
}

func replacement(kind RefKind, id string, f func(Reference) any) any {
	switch {
	case meansNone(kind, id):
		return dropReference{}
	case WellKnown(kind, id):
		return id
	}
	return f(Reference{Kind: kind, ID: id})
}

// walkCatalog finds the reference values of settings-catalog instances.
func walkCatalog(t *Type, v any, f func(Reference) any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			walkCatalog(t, e, f)
		}
	case map[string]any:
		if kind, _ := v["@odata.type"].(string); strings.HasSuffix(kind, "ReferenceSettingValue") {
			replaceOne(v, "value", catalogRefKind(t), f)
			return
		}
		for _, e := range v {
			walkCatalog(t, e, f)
		}
	}
}

// catalogRefKind: compliance policies of the catalog refer to their discovery
// script, all others to reusable settings.
func catalogRefKind(t *Type) RefKind {
	if t.Key == "compliance_policies" {
		return RefComplianceScript
	}
	return RefReusableSetting
}
