package subject

import (
	"strings"

	"github.com/go-json-experiment/json"
)

// tenantBoundPrefix and tenantBoundSettings name the setting definitions that
// hold a tenant's own Defender onboarding package: never compared, never copied.
const tenantBoundPrefix = "device_vendor_msft_windowsadvancedthreatprotection_"

var tenantBoundSettings = []string{"onboarding", "offboarding", "onboarding_fromconnector", "offboarding_fromconnector"}

// flattenCatalog replaces settings[].settingInstance, and the single
// settingInstance of a reusable setting, by a map from definition id to value.
// The ids of settings are positions and template references repeat the
// policy's template, so neither is content.
func (p *parser) flattenCatalog(o map[string]any) {
	if list, ok := o["settings"].([]any); ok {
		instances := make([]any, 0, len(list))
		for _, s := range list {
			if m, ok := s.(map[string]any); ok {
				instances = append(instances, m["settingInstance"])
			}
		}
		o["settings"] = p.instances(instances)
	}
	if one, ok := o["settingInstance"].(map[string]any); ok {
		o["settingInstance"] = p.instances([]any{one})
	}
}

// instances is a map by definition id; a definition that occurs twice holds a set.
func (p *parser) instances(list []any) Node {
	out := make(map[string]Node, len(list))
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			continue
		}
		id, _ := m["settingDefinitionId"].(string)
		if id == "" {
			id = "unknown"
		}
		if isTenantBound(id) {
			p.traits.TenantBound = true
			continue
		}
		p.put(out, id, p.instance(m))
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (p *parser) put(out map[string]Node, id string, n Node) {
	if n == nil {
		return
	}
	switch have := out[id].(type) {
	case nil:
		out[id] = n
	case Set:
		out[id] = append(have, n)
	default:
		out[id] = Set{have, n}
	}
}

func isTenantBound(id string) bool {
	rest, ok := strings.CutPrefix(id, tenantBoundPrefix)
	return ok && contains(tenantBoundSettings, rest)
}

// valueProperties are the places an instance keeps its value in, one per kind.
var valueProperties = []string{
	"choiceSettingValue", "choiceSettingCollectionValue", "simpleSettingValue",
	"simpleSettingCollectionValue", "groupSettingValue", "groupSettingCollectionValue",
}

func (p *parser) instance(m map[string]any) Node {
	for _, property := range valueProperties {
		switch v := m[property].(type) {
		case map[string]any:
			return p.settingValue(v)
		case []any:
			return p.settingValues(v)
		}
	}
	return nil
}

func (p *parser) settingValues(list []any) Node {
	set := make(Set, 0, len(list))
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			continue
		}
		if n := p.settingValue(m); n != nil {
			set = append(set, n)
		}
	}
	if len(set) == 0 {
		return nil
	}
	return set
}

// settingValue is the plain value, or {value, children} when it has children.
func (p *parser) settingValue(m map[string]any) Node {
	value := p.plainValue(m)
	list, _ := m["children"].([]any)
	children := p.instances(list)
	switch {
	case children == nil:
		return value
	case value == nil:
		return map[string]Node{"children": children}
	}
	return map[string]Node{"value": value, "children": children}
}

func (p *parser) plainValue(m map[string]any) Node {
	kind, _ := m["@odata.type"].(string)
	if strings.HasSuffix(kind, "SecretSettingValue") || m["valueState"] == "encryptedValueToken" {
		p.traits.Secret = true
		return Secret{}
	}
	switch v := m["value"].(type) {
	case string:
		if strings.EqualFold(v, p.directory) && v != "" {
			return Reference{Kind: RefTenant, ID: p.directory}
		}
		return v
	case float64, bool, Reference:
		return v
	}
	return nil
}

// unwrapIntents accepts the export spelling settingsDelta for settings.
func (p *parser) unwrapIntents(o map[string]any) {
	if p.t.Key != "intents" {
		return
	}
	if delta, ok := o["settingsDelta"]; ok && o["settings"] == nil {
		o["settings"] = delta
		delete(o, "settingsDelta")
	}
}

// parseJSONText reads a JSON text held in a string; the string itself when it
// is none, or one too deep to be kept as a tree.
func parseJSONText(s string) any {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil || deeper(v, maxDepth) {
		return s
	}
	return v
}
