package graphsim

import (
	"strings"
)

// listProperties are lists that some exports write as a single element.
var listProperties = []string{
	"settings", "assignments", "scheduledActionsForRule", "scheduledActionConfigurations", "roleScopeTagIds", "roleScopeTags", "definitionValues",
	"presentationValues", "apps", "localizedNotificationMessages", "omaSettings", "groupSettingCollectionValue", "choiceSettingCollectionValue",
	"simpleSettingCollectionValue", "children", "ipRanges", "appRoleAssignments", "appRoles", "notificationMessageCCList", "groupTypes",
	"includeGroups", "excludeGroups", "includeUsers", "excludeUsers", "includeRoles", "excludeRoles", "includeLocations", "excludeLocations",
	"includeApplications", "excludeApplications", "clientAppTypes", "selectedMobileAppIds", "targetedMobileApps", "countriesAndRegions", "rolePermissions",
}

// properNames are the spellings that property names are folded to.
var properNames = foldNames(append([]string{
	"id", "displayName", "name", "description", "templateId", "templateDisplayName", "versionInfo", "platforms", "technologies", "templateReference",
	"templateFamily", "templateDisplayVersion", "settingInstance", "settingDefinitionId", "settingInstanceTemplateReference", "settingValueTemplateReference",
	"settingInstanceTemplateId", "settingValueTemplateId", "useTemplateDefault", "choiceSettingValue", "simpleSettingValue", "groupSettingValue", "valueState",
	"definitionId", "valueJson", "settingsDelta", "target", "groupId", "source", "sourceId", "deviceAndAppManagementAssignmentFilterId",
	"deviceAndAppManagementAssignmentFilterType", "groupName", "groupType", "membershipRule", "createdDateTime", "lastModifiedDateTime", "modifiedDateTime",
	"actionType", "gracePeriodHours", "notificationTemplateId", "ruleName", "roleScopeTagIds", "conditions", "grantControls", "sessionControls", "state",
	"priority", "deviceEnrollmentConfigurationType", "locale", "subject", "messageTemplate", "isDefault", "brandingOptions", "scriptContent", "fileName",
	"runAsAccount", "platform", "rule", "assignmentFilterManagementType", "isBuiltIn", "isBuiltInRoleDefinition", "omaUri", "isEncrypted",
	"secretReferenceValueId", "mobileAppIdentifier", "appId", "roleTemplateId", "roleDefinitionId", "principalId", "appRoleId", "resourceId",
}, listProperties...))

func foldNames(names []string) map[string]string {
	out := make(map[string]string, len(names))
	for _, n := range names {
		out[strings.ToLower(n)] = n
	}
	return out
}

// tidy gives a loaded object the shape the service has: no annotations, proper
// spellings, lists where lists belong, the directory's id.
func tidy(col *collection, o Object, directory string) {
	stripAnnotations(o)
	walk(o, foldProperties)
	mapStrings(o, func(s string) string { return strings.ReplaceAll(s, "%OrganizationId%", directory) })
	if delta, present := o["settingsDelta"]; present && col.folder == "intents" {
		delete(o, "settingsDelta")
		if len(list(o, "settings")) == 0 {
			o["settings"] = delta
		}
	}
	walk(o, func(o Object) {
		for _, name := range listProperties {
			if v, present := o[name]; present && v != nil {
				if _, isList := v.([]any); !isList && singleElement(name, v) {
					o[name] = []any{v}
				}
			}
		}
	})
	if str(o, "@odata.type") == "" && col.typ != "" {
		o["@odata.type"] = graphType + col.typ
	}
	if t := str(o, "@odata.type"); t != "" && !strings.HasPrefix(t, "#") {
		o["@odata.type"] = "#" + t
	}
}

// complete fills in what the service always answers and some exports leave
// out.
func (c *collection) complete(o Object) {
	for k, v := range c.defaults {
		if _, given := o[k]; !given {
			o[k] = clone(v)
		}
	}
	if c.tags != "" {
		if len(list(o, c.tags)) == 0 {
			o[c.tags] = []any{"0"}
		}
		if _, given := o["description"]; !given {
			o["description"] = nil
		}
	}
	if c.counted && o["templateReference"] == nil {
		o["templateReference"] = noTemplate()
	}
}

// singleElement tells whether the value is an element of the list, not the
// property of another type that has the same name.
func singleElement(name string, v any) bool {
	if name == "settings" || name == "apps" || name == "children" {
		_, isObject := v.(Object)
		return isObject
	}
	switch v.(type) {
	case Object, string:
		return true
	}
	return false
}

func foldProperties(o Object) {
	for k, v := range o {
		proper := properNames[strings.ToLower(k)]
		if proper == "" || proper == k {
			continue
		}
		if _, taken := o[proper]; !taken {
			o[proper] = v
			delete(o, k)
		}
	}
}

// numberChildren gives ids to child elements that have none.
func numberChildren(t *tenant, col *collection, o Object) {
	id := str(o, "id")
	for i, s := range objects(o, "settings") {
		if col.counted {
			s["id"] = itoa(i)
		} else if str(s, "id") == "" && str(s, "definitionId") != "" { // values of app settings are no entities
			s["id"] = derivedGUID("setting", t.directory, id, str(s, "definitionId"))
		}
	}
	for i, a := range objects(o, "assignments") {
		target, _ := a["target"].(Object)
		if str(a, "id") == "" {
			a["id"] = id + "_" + targetKey(target)
			if col.assign != nil && col.assign.single {
				a["id"] = str(a, "id") + "_" + itoa(i)
			}
		}
		if str(a, "source") == "" {
			a["source"], a["sourceId"] = "direct", id
		}
	}
	for i, r := range objects(o, "scheduledActionsForRule") {
		if str(r, "id") == "" {
			r["id"] = id
		}
		for j, a := range objects(r, "scheduledActionConfigurations") {
			if str(a, "id") == "" {
				a["id"] = derivedGUID("action", t.directory, id, itoa(i), itoa(j))
			}
		}
	}
	numberValues(t, id, o)
}

func numberValues(t *tenant, id string, o Object) {
	for i, m := range objects(o, "localizedNotificationMessages") {
		if str(m, "id") == "" {
			m["id"] = id + "_" + strings.ToLower(str(m, "locale"))
		}
		if str(m, "locale") == "" {
			m["id"] = id + "_" + itoa(i)
		}
	}
	for i, d := range objects(o, "definitionValues") {
		bindEntity(d, "definition", "groupPolicyDefinitions")
		if str(d, "id") == "" {
			d["id"] = derivedGUID("value", t.directory, id, itoa(i))
		}
		for j, p := range objects(d, "presentationValues") {
			bindEntity(p, "presentation", "presentations")
			if str(p, "id") == "" {
				p["id"] = derivedGUID("presentation", t.directory, id, itoa(i), itoa(j))
			}
		}
	}
	for _, a := range objects(o, "apps") {
		identifier, _ := a["mobileAppIdentifier"].(Object)
		if key := appKey(identifier); str(a, "id") == "" && key != "" {
			a["id"] = key
		}
	}
}

// bindEntity keeps an expanded entity as the link it stands for.
func bindEntity(o Object, name, collection string) {
	entity, isObject := o[name].(Object)
	if isObject && str(o, name+bound) == "" && str(entity, "id") != "" {
		o[name+bound] = "https://graph.microsoft.com/beta/deviceManagement/" + collection + "('" + str(entity, "id") + "')"
	}
}

// learnExported takes ADMX definitions that an export holds in full.
func (s *Server) learnExported(o Object) {
	for _, d := range objects(o, "definitionValues") {
		if entity, isObject := d["definition"].(Object); isObject {
			s.offers.know(entity)
			delete(d, "definition")
		}
		for _, p := range objects(d, "presentationValues") {
			if entity, isObject := p["presentation"].(Object); isObject {
				s.offers.know(entity)
				delete(p, "presentation")
			}
		}
	}
}
