package graphsim

import (
	"net/http"
	"slices"
	"strings"
)

// Rules of administrative templates and intents, whose creation and management
// Microsoft has closed for Windows (MC955748); loaded ones stay readable.

// baselineTemplates are the security baselines that stay on intents.
var baselineTemplates = []string{
	"034ccd46-190c-4afc-adf1-ad7cc11262eb", "2209e067-9c8c-462e-9981-5a8c79165dcc",
	"a8d6fa0e-1e66-455b-bb51-8ce0dde1559e", "cef15778-c3b9-4d53-a00a-042929f0aad0",
}

func retired(what string) *failure {
	return badRequest("Creating and managing " + what + " through this endpoint is no longer supported. Use configurationPolicies.")
}

// closedTemplates closes everything but uploaded ADMX.
func closedTemplates(_ *work, o Object) *failure {
	if str(o, "policyConfigurationIngestionType") == "custom" && str(o, "id") != "" {
		return nil
	}
	return retired("Windows administrative templates")
}

func closedIntents(_ *work, o Object) *failure {
	if slices.Contains(baselineTemplates, strings.ToLower(str(o, "templateId"))) {
		return nil
	}
	return retired("endpoint security policies")
}

// createInstance makes an intent from a template.
func (w *work) createInstance(template string) (reply, *failure) {
	w.col = byFolder["intents"]
	if !w.c.token.may(w.col.perm, false) {
		return reply{}, forbidden()
	}
	body, fail := w.body()
	if fail != nil {
		return reply{}, fail
	}
	if !w.offersTemplate(template) {
		return reply{}, refuse(http.StatusBadRequest, "InvalidReferenceId", "The template '"+template+"' does not exist.")
	}
	delta := objects(body, "settingsDelta")
	delete(body, "settingsDelta")
	body["templateId"] = template
	for _, s := range delta {
		if fail := w.intentSetting(template, s); fail != nil {
			return reply{}, fail
		}
	}
	body["settings"] = toList(delta)
	return w.insert(body, ok)
}

func (w *work) intentSetting(owner string, s Object) *failure {
	id := str(s, "definitionId")
	if !w.offers(id) {
		return refuse(http.StatusBadRequest, "InvalidReferenceId", "The setting definition '"+id+"' does not exist.")
	}
	if str(s, "id") == "" {
		s["id"] = w.t.childID(owner, id)
	}
	return nil
}

// updateIntentSettings changes settings by definition; none can be removed.
func updateIntentSettings(w *work, old, body Object) (Object, any, int, *failure) {
	if _, isList := body["settings"].([]any); !isList {
		return nil, nil, 0, badRequest("The parameter 'settings' is required and must be a list.")
	}
	settings := list(old, "settings")
	for _, s := range objects(body, "settings") {
		at := slices.IndexFunc(settings, func(v any) bool {
			have, isObject := v.(Object)
			return isObject && str(have, "definitionId") == str(s, "definitionId")
		})
		if at >= 0 {
			if have, isObject := settings[at].(Object); isObject && str(s, "id") == "" {
				s["id"] = have["id"]
			}
		}
		if fail := w.intentSetting(str(old, "id"), s); fail != nil {
			return nil, nil, 0, fail
		}
		if at >= 0 {
			settings[at] = s
		} else {
			settings = append(settings, s)
		}
	}
	old["settings"] = settings
	return old, nil, noContent, nil
}

func definitionValuesChild() child {
	return child{
		name: "definitionValues", codes: statuses{create: created, remove: noContent}, expand: []string{"presentationValues"},
		derived: map[string]derivation{"definition": admxDefinition}, prepare: prepareDefinitionValue,
		children: []child{{name: "presentationValues", derived: map[string]derivation{"presentation": admxPresentation}}},
	}
}

func admxDefinition(w *work, value Object) any {
	return w.s.offers.admx(idInURL(str(value, "definition"+bound)))
}

func admxPresentation(w *work, value Object) any {
	return w.s.offers.admx(idInURL(str(value, "presentation"+bound)))
}

func prepareDefinitionValue(w *work, parent, item Object) *failure {
	id := idInURL(str(item, "definition"+bound))
	if id == "" || !w.s.offers.hasAdmx(id) || w.t.notOffered[strings.ToLower(id)] {
		return refuse(http.StatusBadRequest, "InvalidReferenceId", "The definition '"+id+"' does not exist.")
	}
	for _, v := range objects(item, "presentationValues") {
		if str(v, "id") == "" {
			v["id"] = w.t.childID(str(parent, "id"), "presentation")
		}
	}
	return nil
}

// updateDefinitionValues adds, replaces and removes values in one call.
func updateDefinitionValues(w *work, old, body Object) (Object, any, int, *failure) {
	gone := texts(body, "deletedIds")
	for _, v := range objects(body, "updated") {
		gone = append(gone, str(v, "id"))
	}
	kept := slices.DeleteFunc(list(old, "definitionValues"), func(v any) bool {
		o, isObject := v.(Object)
		return isObject && slices.Contains(gone, str(o, "id"))
	})
	for _, v := range append(objects(body, "updated"), objects(body, "added")...) {
		if str(v, "id") == "" {
			v["id"] = w.t.childID(str(old, "id"), "definitionValue")
		}
		if fail := prepareDefinitionValue(w, old, v); fail != nil {
			return nil, nil, 0, fail
		}
		v["lastModifiedDateTime"] = stamp(w.now)
		kept = append(kept, v)
	}
	old["definitionValues"] = kept
	return old, nil, noContent, nil
}
