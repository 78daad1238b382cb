package graphsim

import (
	"net/http"
	"strings"
)

// Rules of the settings catalog and of everything made of setting instances.

// wholeSettings wants a list of settings, each with an instance.
func wholeSettings(_ *work, next, _ Object) *failure {
	items := objects(next, "settings")
	if len(items) == 0 || len(items) != len(list(next, "settings")) {
		return badRequest("The policy must contain at least one setting.")
	}
	for i, s := range items {
		inst, isObject := s["settingInstance"].(Object)
		if !isObject || str(inst, "settingDefinitionId") == "" || typeOf(inst) == "" {
			return modelInvalid("Each setting needs a settingInstance with '@odata.type' and settingDefinitionId.")
		}
		s["id"] = itoa(i)
	}
	return nil
}

func noTemplate() Object {
	return Object{"templateId": "", "templateFamily": "none", "templateDisplayName": nil, "templateDisplayVersion": nil}
}

// offeredSettings refuses definitions the service does not know here.
func offeredSettings(w *work, next, _ Object) *failure {
	var unknown string
	walk(next, func(o Object) {
		if id := str(o, "settingDefinitionId"); id != "" && !w.offers(id) {
			unknown = id
		}
	})
	if unknown != "" {
		return refuse(http.StatusBadRequest, "InvalidReferenceId", "The setting definition '"+unknown+"' does not exist.")
	}
	return nil
}

func offeredTemplate(w *work, next, _ Object) *failure {
	ref, _ := next["templateReference"].(Object)
	id := str(ref, "templateId")
	if id == "" {
		next["templateReference"] = noTemplate()
		return nil
	}
	if !w.offersTemplate(id) {
		return refuse(http.StatusBadRequest, "InvalidReferenceId", "The template '"+id+"' does not exist or is not active.")
	}
	return nil
}

// describeTemplate fills in what a policy's template reference leaves out.
func (w *work) describeTemplate(policy Object) {
	ref, _ := policy["templateReference"].(Object)
	id := str(ref, "templateId")
	if id == "" {
		return
	}
	info := w.s.offers.template(id)
	for p, known := range map[string]string{"templateFamily": info.family, "templateDisplayName": info.name, "templateDisplayVersion": info.version} {
		if str(ref, p) == "" && known != "" {
			ref[p] = known
		}
	}
}

func (w *work) offers(definition string) bool {
	return w.s.offers.hasDefinition(definition) && !w.t.notOffered[strings.ToLower(definition)]
}

func (w *work) offersTemplate(id string) bool {
	return w.s.offers.hasTemplate(id) && !w.t.notOffered[strings.ToLower(id)]
}

// settingDefinitions are the definitions of one setting, its children
// included.
func settingDefinitions(w *work, setting Object) any {
	out := []Object{}
	seen := map[string]bool{}
	walk(setting["settingInstance"], func(o Object) {
		if id := str(o, "settingDefinitionId"); id != "" && !seen[id] {
			seen[id] = true
			out = append(out, w.s.offers.definition(id))
		}
	})
	return out
}

// hideSecrets keeps clear values aside and puts tokens into their place.
func hideSecrets(w *work, next, _ Object) *failure {
	var fail *failure
	walk(next, func(o Object) {
		if typeOf(o) != "deviceManagementConfigurationSecretSettingValue" || fail != nil {
			return
		}
		value := str(o, "value")
		if str(o, "valueState") == "encryptedValueToken" {
			if w.t.object(secretShelf, value) == nil {
				fail = badRequest("The encrypted value token is not valid in this tenant.")
			}
			return
		}
		token := w.t.childID(str(next, "id"), "secret")
		fail = w.keepSecret(token, value)
		o["value"], o["valueState"] = token, "encryptedValueToken"
	})
	return fail
}

// secretShelf holds tokens with their clear values; it is no collection.
const secretShelf = "_secrets"

func (w *work) keepSecret(token, value string) *failure {
	if err := w.t.store(secretShelf, token, Object{"id": token, "value": value, "known": true}, w.now, 0); err != nil {
		return refuse(http.StatusInternalServerError, "InternalServerError", "The secret could not be kept.")
	}
	return nil
}

// learnSecrets makes the tokens in loaded objects valid in this tenant; their
// clear values stay unknown.
func (t *tenant) learnSecrets() {
	for _, c := range table {
		for _, o := range t.all(c.folder) {
			walk(o, t.learnSecret)
		}
	}
}

func (t *tenant) learnSecret(o Object) {
	token := str(o, "secretReferenceValueId")
	if typeOf(o) == "deviceManagementConfigurationSecretSettingValue" && str(o, "valueState") == "encryptedValueToken" {
		token = str(o, "value")
	}
	if token != "" && t.object(secretShelf, token) == nil {
		t.place(secretShelf, token, Object{"id": token, "known": false})
	}
}
