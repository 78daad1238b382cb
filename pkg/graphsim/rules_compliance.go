package graphsim

import "strings"

// Rules of compliance policies: scheduled actions and what they refer to.

// oneBlockAction wants exactly one block action in all rules together.
func oneBlockAction(_ *work, next, _ Object) *failure {
	blocks := 0
	for _, r := range objects(next, "scheduledActionsForRule") {
		for _, a := range objects(r, "scheduledActionConfigurations") {
			if str(a, "actionType") == "block" {
				blocks++
			}
		}
	}
	if blocks != 1 {
		return badRequest("A compliance policy needs one and only one block scheduled action.")
	}
	return nil
}

// knownScheduledActions checks what actions refer to and numbers new rules.
func knownScheduledActions(w *work, next, _ Object) *failure {
	id := str(next, "id")
	for _, r := range objects(next, "scheduledActionsForRule") {
		if str(r, "id") == "" {
			r["id"] = id
		}
		for _, a := range objects(r, "scheduledActionConfigurations") {
			if str(a, "id") == "" {
				a["id"] = w.t.childID(id, "action")
			}
			if fail := w.actionRefers(a); fail != nil {
				return fail
			}
		}
	}
	return nil
}

func (w *work) actionRefers(a Object) *failure {
	template := str(a, "notificationTemplateId")
	switch {
	case template == "" || template == zeroGUID:
		a["notificationTemplateId"] = zeroGUID
	case w.t.object("notificationMessageTemplates", template) == nil:
		return badRequest("The notification template '" + template + "' does not exist.")
	}
	for _, id := range texts(a, "notificationMessageCCList") {
		if w.t.object("groups", id) == nil {
			return badRequest("Invalid GroupId '" + id + "': a valid AADGroupId is expected.")
		}
	}
	if _, present := a["notificationMessageCCList"]; !present {
		a["notificationMessageCCList"] = []any{}
	}
	return nil
}

func knownComplianceScript(w *work, next, _ Object) *failure {
	script, _ := next["deviceCompliancePolicyScript"].(Object)
	if id := str(script, "deviceComplianceScriptId"); id != "" && w.t.object("deviceComplianceScripts", id) == nil {
		return badRequest("The compliance script '" + id + "' does not exist.")
	}
	return nil
}

// scheduleActions replaces the rules; key is the body's list.
func scheduleActions(key string) func(*work, Object, Object) (Object, any, int, *failure) {
	return func(w *work, old, body Object) (Object, any, int, *failure) {
		if _, isList := body[key].([]any); !isList {
			return nil, nil, 0, badRequest("The parameter '" + key + "' is required and must be a list.")
		}
		next := cloneObject(old)
		next["scheduledActionsForRule"] = clone(body[key])
		for _, r := range []rule{oneBlockAction, knownScheduledActions} {
			if w.col.folder == "compliancePolicies" && len(objects(body, key)) == 0 {
				break
			}
			if fail := r(w, next, old); fail != nil {
				return nil, nil, 0, fail
			}
		}
		return next, Object{"value": []any{}}, ok, nil
	}
}

// guardComplianceScriptInUse keeps a script that a policy runs.
func guardComplianceScriptInUse(w *work, old Object) *failure {
	if w.c.method != "DELETE" {
		return nil
	}
	id := str(old, "id")
	for _, p := range w.t.all("deviceCompliancePolicies") {
		script, _ := p["deviceCompliancePolicyScript"].(Object)
		if strings.EqualFold(str(script, "deviceComplianceScriptId"), id) {
			return badRequest("The script is used by a compliance policy.")
		}
	}
	return nil
}
