package graphsim

import "strings"

// Collections that are computed from what the tenants hold.

// unionParts are the collections that app protection lists together.
var unionParts = []string{
	"iosManagedAppProtections", "androidManagedAppProtections", "windowsManagedAppProtections",
	"mdmWindowsInformationProtectionPolicies", "windowsInformationProtectionPolicies", "targetedManagedAppConfigurations",
}

func virtualTable() []*collection {
	const config = "DeviceManagementConfiguration"
	return []*collection{
		{
			folder: "managedAppPolicies", path: "deviceAppManagement/managedAppPolicies", typ: "managedAppPolicy", many: true, quiet: true,
			perm: "DeviceManagementApps", virtual: managedAppPolicies,
		},
		{
			folder: "configurationPolicyTemplates", path: "deviceManagement/configurationPolicyTemplates", typ: "deviceManagementConfigurationPolicyTemplate",
			perm: config, virtual: policyTemplates, derived: map[string]derivation{"settingTemplates": settingTemplates},
		},
		{
			folder: "configurationSettings", path: "deviceManagement/configurationSettings", typ: "deviceManagementConfigurationSettingDefinition", many: true,
			perm: config, page: 100, virtual: offeredDefinitions,
		},
		{folder: "templates", path: "deviceManagement/templates", typ: "deviceManagementTemplate", perm: config, virtual: intentTemplates},
		{
			folder: "groupPolicyDefinitions", path: "deviceManagement/groupPolicyDefinitions", typ: "groupPolicyDefinition", perm: config,
			virtual: admxDefinitions, derived: map[string]derivation{"presentations": admxPresentations},
		},
	}
}

// managedAppPolicies is the polymorphic union, without what must be expanded.
func managedAppPolicies(w *work) []Object {
	var out []Object
	for _, folder := range unionParts {
		for _, o := range w.visible(byFolder[strings.ToLower(folder)]) {
			o = cloneObject(o)
			for _, p := range []string{"apps", "assignments", "settings"} {
				delete(o, p)
			}
			out = append(out, o)
		}
	}
	return out
}

func policyTemplates(w *work) []Object {
	var out []Object
	for _, id := range w.s.offers.templateIDs(false) {
		if !w.offersTemplate(id) {
			continue
		}
		info := w.s.offers.template(id)
		base, version, _ := strings.Cut(id, "_")
		out = append(out, Object{
			"id": id, "baseId": base, "version": version, "displayName": info.name, "displayVersion": info.version,
			"lifecycleState": "active", "platforms": info.platforms, "technologies": info.technologies, "templateFamily": info.family,
			"allowUnmanagedSettings": true, "settingTemplateCount": len(info.definitions),
		})
	}
	return out
}

// settingTemplates are the settings seen with a template.
func settingTemplates(w *work, template Object) any {
	info := w.s.offers.template(str(template, "id"))
	out := []Object{}
	for i, id := range sortedKeys(info.definitions) {
		out = append(out, Object{
			"id": itoa(i), "settingInstanceTemplate": Object{"settingDefinitionId": id, "settingInstanceTemplateId": info.definitions[id], "isRequired": false},
			"settingDefinitions": []any{w.s.offers.definition(id)},
		})
	}
	return out
}

func offeredDefinitions(w *work) []Object {
	var out []Object
	for _, id := range w.s.offers.definitionIDs() {
		if w.offers(id) {
			out = append(out, w.s.offers.definition(id))
		}
	}
	return out
}

func intentTemplates(w *work) []Object {
	var out []Object
	for _, id := range w.s.offers.templateIDs(true) {
		if !w.offersTemplate(id) {
			continue
		}
		info := w.s.offers.template(id)
		kind, closed := "securityTemplate", closedIntents(w, Object{"templateId": id}) != nil
		if !closed {
			kind = "securityBaseline"
		}
		out = append(out, Object{
			"id": id, "displayName": info.name, "templateType": kind, "isDeprecated": closed, "versionInfo": info.version,
			"platformType": "windows10AndLater", "intentCount": w.intentsOf(id),
		})
	}
	return out
}

func (w *work) intentsOf(template string) int {
	n := 0
	for _, i := range w.t.all("intents") {
		if strings.EqualFold(str(i, "templateId"), template) {
			n++
		}
	}
	return n
}

func admxDefinitions(w *work) []Object {
	var out []Object
	for _, id := range w.s.offers.admxIDs() {
		if o := w.s.offers.admx(id); o != nil && o["categoryPath"] != nil && !w.t.notOffered[id] {
			out = append(out, o)
		}
	}
	return out
}

func admxPresentations(w *work, definition Object) any {
	out := []Object{}
	for _, id := range texts(definition, "presentationIds") {
		out = append(out, w.s.offers.admx(id))
	}
	return out
}
