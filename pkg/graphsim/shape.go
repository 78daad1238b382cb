package graphsim

import (
	"slices"
	"strings"
)

// shape is an object as a reader gets it: unexpanded parts left out, computed
// parts filled in, annotations as the Accept header wants them.
func (w *work) shape(o Object, q *query, inList bool) Object {
	out := cloneObject(o)
	w.compute(out)
	w.expansion(out, w.col.expand, w.col.children, q)
	for name, look := range w.col.derived {
		delete(out, name)
		if q.expands(name) != nil {
			out[name] = expandedValue(look(w, o))
		}
	}
	if inList {
		for _, p := range w.col.nullList {
			out[p] = nil
		}
		for _, p := range w.col.selected {
			if !q.picks(p) {
				delete(out, p)
			}
		}
	}
	choose(out, q)
	w.annotate(out)
	return out
}

func expandedValue(v any) any {
	switch v := v.(type) {
	case []Object:
		return toList(v)
	case Object:
		if v == nil {
			return nil
		}
	}
	return v
}

func (w *work) compute(out Object) {
	if w.col.counted {
		out["settingCount"] = len(list(out, "settings"))
		w.describeTemplate(out)
	}
	if w.col.marked {
		out["isAssigned"] = len(list(out, "assignments")) > 0
	}
	switch w.col.folder {
	case "notificationMessageTemplates":
		for _, m := range objects(out, "localizedNotificationMessages") {
			if boolean(m, "isDefault") {
				out["defaultLocale"] = m["locale"]
			}
		}
	case "reusablePolicySettings":
		out["referencingConfigurationPolicyCount"] = len(w.t.policiesWith(str(out, "id")))
	}
}

// expansion removes what was not expanded, also inside what was.
func (w *work) expansion(out Object, expandable []string, children []child, q *query) {
	for _, name := range expandable {
		inner := q.expands(name)
		if inner == nil {
			delete(out, name)
			continue
		}
		if _, present := out[name]; !present {
			out[name] = []any{}
		}
		if ch := findChild(children, name); ch != nil {
			for _, item := range objects(out, name) {
				w.shapeChild(item, ch, inner)
			}
		}
	}
}

// shapeChild shapes an element of a child list in place.
func (w *work) shapeChild(item Object, ch *child, q *query) {
	w.expansion(item, ch.expand, ch.children, q)
	for name, look := range ch.derived {
		if q.expands(name) != nil {
			item[name] = expandedValue(look(w, item))
		}
	}
	choose(item, q)
}

// choose keeps what $select names.
func choose(out Object, q *query) {
	if len(q.selects) == 0 || q.picks("*") {
		return
	}
	for name := range out {
		if !q.picks(name) && q.expands(name) == nil && !strings.HasPrefix(name, "@odata.") {
			delete(out, name)
		}
	}
}

// plainTypes are nested types that are exactly what the model declares, so
// that Graph does not name them.
var plainTypes = []string{
	"applicationEnforcedRestrictionsSessionControl", "authenticationStrengthPolicy", "cloudAppSecuritySessionControl",
	"conditionalAccessApplications", "conditionalAccessAuthenticationFlows", "conditionalAccessConditionSet", "conditionalAccessDevices",
	"conditionalAccessFilter", "conditionalAccessGrantControls", "conditionalAccessGuestsOrExternalUsers", "conditionalAccessLocations",
	"conditionalAccessPlatforms", "conditionalAccessSessionControls", "conditionalAccessUsers", "continuousAccessEvaluationSessionControl",
	"deviceComplianceActionItem", "deviceComplianceScheduledActionForRule", "deviceEnrollmentPlatformRestriction",
	"deviceManagementConfigurationPolicyTemplateReference", "deviceManagementConfigurationSetting",
	"deviceManagementConfigurationSettingInstanceTemplateReference", "deviceManagementConfigurationSettingValueTemplateReference",
	"keyValuePair", "managedMobileApp", "outOfBoxExperienceSettings", "persistentBrowserSessionControl", "signInFrequencySessionControl",
	"windowsDriverUpdateProfileInventorySyncStatus", "windowsUpdateRolloutSettings",
}

func plainType(name string) bool {
	return strings.HasSuffix(name, "Assignment") || slices.Contains(plainTypes, name)
}

// annotate sets the annotations of the wanted metadata level.
func (w *work) annotate(out Object) {
	level := metadataLevel(w.c.header)
	own := str(out, "@odata.type")
	if own == "" && w.col.typ != "" {
		own = graphType + w.col.typ
	}
	walk(out, func(o Object) {
		for k := range o {
			if strings.HasSuffix(k, "@odata.bind") || k == "@odata.type" && (level == "none" || plainType(typeOf(o))) {
				delete(o, k)
			}
		}
	})
	delete(out, "@odata.type")
	if own != "" && (level == "full" || level == "minimal" && w.col.many && !w.col.bare) {
		out["@odata.type"] = own
	}
	if level == "full" {
		w.fullMetadata(out)
	}
}

func (w *work) fullMetadata(out Object) {
	if id := str(out, "id"); id != "" {
		link := w.col.path + "('" + id + "')"
		out["@odata.id"], out["@odata.editLink"] = link, link
	}
	for k, v := range out {
		switch v := v.(type) {
		case string:
			if strings.HasSuffix(k, "DateTime") {
				out[k+"@odata.type"] = "#DateTimeOffset"
			}
		case []any:
			if len(v) > 0 {
				if _, isText := v[0].(string); isText {
					out[k+"@odata.type"] = "#Collection(String)"
				}
			}
		}
	}
}
