package graphsim

import (
	"strings"
	"sync"
	"unicode"
)

// catalog is what the service offers to every tenant: each setting definition,
// template and ADMX definition that occurs in what was loaded.
type catalog struct {
	mu          sync.RWMutex
	definitions map[string]*offer
	templates   map[string]*templateInfo
	ingested    map[string]Object // ADMX definitions and presentations
}

// offer is a definition as far as it is known.
type offer struct {
	full    Object // from an export that held it
	kind    string // Choice, Simple, …
	options map[string]bool
}

type templateInfo struct {
	family, name, version, platforms, technologies string
	intent                                         bool
	definitions                                    map[string]any // definition → instance template
}

func newCatalog() *catalog {
	return &catalog{definitions: map[string]*offer{}, templates: map[string]*templateInfo{}, ingested: map[string]Object{}}
}

// learn takes over what an object mentions.
func (c *catalog) learn(folder string, o Object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch folder {
	case "intents":
		c.learnTemplate(str(o, "templateId"), Object{"templateDisplayName": o["templateDisplayName"], "templateDisplayVersion": o["versionInfo"]}).markIntent()
	case "configurationPolicies", "compliancePolicies":
		ref, _ := o["templateReference"].(Object)
		if info := c.learnTemplate(str(ref, "templateId"), ref); info != nil {
			info.platforms, info.technologies = str(o, "platforms"), str(o, "technologies")
			c.learnTemplateSettings(info, o)
		}
	case "groupPolicyConfigurations":
		for _, v := range objects(o, "definitionValues") {
			c.learnAdmx(v)
		}
	}
	walk(o, c.learnDefinition)
}

func (c *catalog) learnDefinition(o Object) {
	for _, p := range []string{"settingDefinitionId", "definitionId"} {
		id := str(o, p)
		if id == "" {
			continue
		}
		d := c.offer(id)
		if kind := typeOf(o); strings.HasPrefix(kind, "deviceManagementConfiguration") {
			d.kind = strings.TrimSuffix(strings.TrimPrefix(kind, "deviceManagementConfiguration"), "Instance")
		}
		choice, _ := o["choiceSettingValue"].(Object)
		for _, v := range append(objects(o, "choiceSettingCollectionValue"), choice) {
			if option := str(v, "value"); option != "" {
				d.options[option] = true
			}
		}
	}
	for _, full := range objects(o, "settingDefinitions") {
		if id := str(full, "id"); id != "" {
			c.offer(id).full = cloneObject(full)
		}
	}
}

func (c *catalog) offer(id string) *offer {
	d := c.definitions[id]
	if d == nil {
		d = &offer{options: map[string]bool{}}
		c.definitions[id] = d
	}
	return d
}

func (c *catalog) learnTemplate(id string, ref Object) *templateInfo {
	if id == "" {
		return nil
	}
	key := strings.ToLower(id)
	info := c.templates[key]
	if info == nil {
		info = &templateInfo{definitions: map[string]any{}}
		c.templates[key] = info
	}
	keep := func(into *string, p string) {
		if v := str(ref, p); v != "" {
			*into = v
		}
	}
	keep(&info.family, "templateFamily")
	keep(&info.name, "templateDisplayName")
	keep(&info.version, "templateDisplayVersion")
	return info
}

func (i *templateInfo) markIntent() {
	if i != nil {
		i.intent = true
	}
}

func (c *catalog) learnTemplateSettings(info *templateInfo, o Object) {
	for _, s := range objects(o, "settings") {
		inst, _ := s["settingInstance"].(Object)
		ref, _ := inst["settingInstanceTemplateReference"].(Object)
		if id := str(inst, "settingDefinitionId"); id != "" {
			info.definitions[id] = ref["settingInstanceTemplateId"]
		}
	}
}

// learnAdmx takes over an ADMX definition and its presentations.
func (c *catalog) learnAdmx(value Object) {
	id := strings.ToLower(idInURL(str(value, "definition"+bound)))
	if id == "" {
		return
	}
	definition := c.ingested[id]
	if definition == nil {
		definition = Object{"id": id, "displayName": "Setting " + id[:min(8, len(id))], "classType": "user", "categoryPath": `\`, "presentationIds": []any{}}
		c.ingested[id] = definition
	}
	for _, p := range objects(value, "presentationValues") {
		pid := strings.ToLower(idInURL(str(p, "presentation"+bound)))
		if pid != "" && c.ingested[pid] == nil {
			c.ingested[pid] = Object{"id": pid, "label": "Presentation " + pid[:min(8, len(pid))]}
			definition["presentationIds"] = append(list(definition, "presentationIds"), pid)
		}
	}
}

// know replaces an ADMX definition or presentation by an exported one.
func (c *catalog) know(o Object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := strings.ToLower(str(o, "id"))
	if id == "" {
		return
	}
	known := cloneObject(o)
	if known["categoryPath"] != nil {
		known["presentationIds"] = []any{}
	}
	c.ingested[id] = known
}

func (c *catalog) hasDefinition(id string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.definitions[id] != nil
}

func (c *catalog) hasTemplate(id string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.templates[strings.ToLower(id)] != nil
}

func (c *catalog) hasAdmx(id string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.ingested[strings.ToLower(id)] != nil
}

func (c *catalog) admx(id string) Object {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return cloneObject(c.ingested[strings.ToLower(id)])
}

// template is a copy; the zero value when unknown.
func (c *catalog) template(id string) templateInfo {
	c.mu.RLock()
	defer c.mu.RUnlock()
	info := c.templates[strings.ToLower(id)]
	if info == nil {
		return templateInfo{}
	}
	out := *info
	out.definitions = make(map[string]any, len(info.definitions))
	for k, v := range info.definitions {
		out.definitions[k] = v
	}
	return out
}

func (c *catalog) templateIDs(intents bool) []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []string
	for _, id := range sortedKeys(c.templates) {
		if c.templates[id].intent == intents {
			out = append(out, id)
		}
	}
	return out
}

func (c *catalog) definitionIDs() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return sortedKeys(c.definitions)
}

func (c *catalog) admxIDs() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return sortedKeys(c.ingested)
}

// definition is a setting definition: the exported one, or one made readable
// from its id.
func (c *catalog) definition(id string) Object {
	c.mu.RLock()
	defer c.mu.RUnlock()
	d := c.definitions[id]
	if d == nil {
		d = &offer{}
	}
	if d.full != nil {
		return cloneObject(d.full)
	}
	kind := d.kind
	if kind == "" {
		kind = "SimpleSetting"
	}
	out := Object{"@odata.type": graphType + "deviceManagementConfiguration" + kind + "Definition", "id": id, "name": id, "displayName": readable(id), "description": ""}
	options := []any{}
	for _, o := range sortedKeys(d.options) {
		options = append(options, Object{"itemId": o, "name": o, "displayName": readable(strings.TrimPrefix(o, id+"_"))})
	}
	if len(options) > 0 {
		out["options"] = options
	}
	return out
}

var idPrefixes = []string{
	"device_vendor_msft_policy_config_", "user_vendor_msft_policy_config_", "device_vendor_msft_", "user_vendor_msft_",
	"vendor_msft_", "deviceconfiguration--", "devicemanagement--",
}

// readable makes words of an id: the last part after a tilde, separators and
// capitals as word borders.
func readable(id string) string {
	text := id
	for _, p := range idPrefixes {
		if strings.HasPrefix(strings.ToLower(text), p) {
			text = text[len(p):]
			break
		}
	}
	if at := strings.LastIndex(text, "~"); at >= 0 && at+1 < len(text) {
		text = text[at+1:]
	}
	var b strings.Builder
	upper, lastLower := true, false
	for _, r := range text {
		if r == '_' || r == '.' || r == '-' || r == '~' {
			upper, lastLower = true, false
			b.WriteRune(' ')
			continue
		}
		if unicode.IsUpper(r) && lastLower {
			b.WriteRune(' ')
		}
		lastLower = unicode.IsLower(r)
		if upper {
			r = unicode.ToUpper(r)
			upper = false
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
