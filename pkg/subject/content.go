package subject

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

// serverState are top-level properties the service keeps for itself in every type.
var serverState = []string{
	"id", "createdDateTime", "lastModifiedDateTime", "modifiedDateTime", "deletedDateTime", "version",
	"supportsScopeTags", "isAssigned", "assignments", "@odata.type",
}

// telling are the nested types that say what a value means; elsewhere a nested
// type only repeats the metadata, and some exports leave it out.
var telling = []string{
	"omaSetting", "CidrRange", "MobileAppIdentifier", "groupPolicyPresentationValue", "deviceHealthScript",
}

// parser turns a raw object into content.
type parser struct {
	t         *Type
	directory string
	traits    *Traits
}

func (p *parser) content(o map[string]any) Node {
	for _, k := range serverState {
		delete(o, k)
	}
	delete(o, p.t.Name)
	if p.t.Catalog {
		p.flattenCatalog(o)
	}
	p.unwrapIntents(o)
	n, _ := p.object(o, "").(map[string]Node)
	if n == nil {
		n = map[string]Node{}
	}
	if p.t.ScopeTags != "" && n[p.t.ScopeTags] == nil {
		n[p.t.ScopeTags] = Set{"0"} // no scope tag is the default scope tag
	}
	return n
}

// node converts one value; nil means "as good as absent": Graph does not tell
// null, a missing property, an empty list and an empty text apart.
func (p *parser) node(v any, path string) Node {
	switch v := v.(type) {
	case map[string]any:
		return p.object(v, path)
	case []any:
		return p.list(v, path)
	case string:
		return p.text(v, path)
	case float64, bool, Reference, Secret, map[string]Node, Set:
		return v
	}
	return nil
}

func (p *parser) object(o map[string]any, path string) Node {
	if encrypted, _ := o["isEncrypted"].(bool); encrypted {
		o["value"] = Secret{}
		p.traits.Secret = true
	}
	out := make(map[string]Node, len(o))
	for k, v := range o {
		if n := p.property(o, path, k, v); n != nil {
			out[k] = n
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (p *parser) property(o map[string]any, path, key string, v any) Node {
	full := child(path, key)
	switch {
	case isAnnotation(key), slices.Contains(p.t.Volatile, full), key == "isEncrypted":
		return nil
	case key == "@odata.type":
		return tellingType(v)
	case slices.Contains(p.t.Secrets, key):
		return p.secret(o, key, v)
	}
	return p.node(v, full)
}

// secret stands for a property that the provider masks or leaves out. A value
// that was never set is no secret.
func (p *parser) secret(o map[string]any, key string, v any) Node {
	isSet, _ := o[key+"IsSet"].(bool)
	if text, _ := v.(string); text != "" || isSet {
		p.traits.Secret = true
		return Secret{}
	}
	return nil
}

func tellingType(v any) Node {
	s, _ := v.(string)
	s = strings.TrimPrefix(s, "#")
	if slices.ContainsFunc(telling, func(part string) bool { return strings.Contains(s, part) }) {
		return s
	}
	return nil
}

func (p *parser) list(list []any, path string) Node {
	if len(list) == 0 {
		return nil
	}
	if keys, ok := p.t.Keyed[path]; ok {
		if m := p.keyed(list, path, keys); m != nil {
			return m
		}
	}
	elements := make([]Node, 0, len(list))
	objects := false
	for _, e := range list {
		_, isObject := e.(map[string]any)
		objects = objects || isObject
		if n := p.node(e, path+"[]"); n != nil {
			elements = append(elements, n)
		}
	}
	if len(elements) == 0 {
		return nil
	}
	if p.isSet(path, objects) {
		return Set(elements)
	}
	return elements
}

// isSet: lists of plain values are sets unless the catalogue says that their
// order means something; lists of objects are sets when it says so.
func (p *parser) isSet(path string, objects bool) bool {
	if objects {
		_, keyed := p.t.Keyed[path]
		return keyed || slices.Contains(p.t.Sets, path)
	}
	return !slices.Contains(p.t.Ordered, path)
}

// keyed turns a list of objects into an object by key; nil when a key is
// missing or used twice.
func (p *parser) keyed(list []any, path string, keys []string) Node {
	out := make(map[string]Node, len(list))
	for _, e := range list {
		o, ok := e.(map[string]any)
		if !ok {
			return nil
		}
		key := keyOf(o, keys)
		if _, taken := out[key]; key == "" || taken {
			return nil
		}
		if n := p.node(e, path+"[]"); n != nil {
			out[key] = n
		}
	}
	return out
}

func keyOf(o map[string]any, keys []string) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		s, _ := o[k].(string)
		if s == "" {
			return ""
		}
		parts[i] = s
	}
	return strings.Join(parts, " ")
}

func (p *parser) text(s, path string) Node {
	switch last := path[strings.LastIndexByte(path, '.')+1:]; {
	case strings.EqualFold(s, p.directory) && s != "":
		return Reference{Kind: RefTenant, ID: p.directory}
	case slices.Contains(flagEnums, last):
		s = flagSet(s)
	case slices.Contains(p.t.Base64, path):
		s = plainText(s)
	case last == "description":
		s = strings.TrimRight(s, " \t\r\n")
	case last == "rule":
		s = strings.Join(strings.Fields(s), " ")
	case last == "valueJson":
		return p.jsonText(s, path)
	default:
		s = canonicalTime(s)
	}
	if s == "" {
		return nil
	}
	return s
}

// jsonText compares the value a JSON text spells, not its spelling.
func (p *parser) jsonText(s, path string) Node {
	switch v := parseJSONText(s).(type) {
	case string:
		return v
	default:
		return p.node(v, path+"[]")
	}
}

// plainText decodes base64 text and spells line ends in one way; anything else
// stays as it is.
func plainText(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || !utf8.Valid(b) {
		return s
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	return strings.ReplaceAll(text, "\r\n", "\n")
}
