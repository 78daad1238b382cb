package graph

import (
	"net/http"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// This file holds what single types need beyond the table: bodies that differ
// from the object read, and the requests for lists with routes of their own.

// shapeCatalog keeps what a settings-catalog policy is made of: settings are
// positional, and of a template only its id is portable.
func shapeCatalog(_ *plan, body object, _ bool) {
	for _, s := range items(body, "settings") {
		without(s, "id", "settingDefinitions")
		if text(s, odataType) == "" {
			s[odataType] = "#microsoft.graph.deviceManagementConfigurationSetting"
		}
	}
	reference := child(body, "templateReference")
	if id := text(reference, "templateId"); id != "" {
		body["templateReference"] = object{"templateId": id}
	} else {
		delete(body, "templateReference")
	}
}

const privacyProperty = "privacyAccessControls"

// shapeConfiguration sends clear OMA values and binds certificates.
func shapeConfiguration(p *plan, body object, creating bool) {
	for _, s := range items(body, "omaSettings") {
		without(s, "isEncrypted", "secretReferenceValueId")
	}
	delete(body, privacyProperty)
	bindLinks(p, body, creating)
}

// configurationExtras are what a device configuration refuses inside its body.
func configurationExtras(p *plan) error {
	if err := privacyControls(p); err != nil {
		return err
	}
	return relink(p)
}

// privacyControls are refused inside the body and replaced as a whole.
func privacyControls(p *plan) error {
	want, ok := p.want[privacyProperty].([]any)
	have, _ := p.have[privacyProperty].([]any)
	if !ok || sameSet(want, have) {
		return nil
	}
	return p.add(provider.StepReplace, "privacy", http.MethodPost, p.w.path+"/{id}/windowsPrivacyAccessControls",
		object{"windowsPrivacyAccessControls": want})
}

// defaultRule is the conventional name of the one rule of a compliance policy.
const defaultRule = "PasswordRequired"

// shapeCompliance: a policy cannot be created without the one blocking action.
func shapeCompliance(_ *plan, body object, creating bool) {
	if !creating {
		return
	}
	rules := ruleBodies(body)
	if len(rules) == 0 {
		rules = []object{{"ruleName": defaultRule, "scheduledActionConfigurations": []any{object{"actionType": "block", "gracePeriodHours": 0}}}}
	}
	body["scheduledActionsForRule"] = list(rules)
}

func ruleBodies(o object) []object {
	var rules []object
	for _, r := range items(o, "scheduledActionsForRule") {
		r, _ := clone(r).(object)
		tidy(r)
		without(r, "id")
		if text(r, "ruleName") == "" {
			r["ruleName"] = defaultRule
		}
		actions := items(r, "scheduledActionConfigurations")
		for _, a := range actions {
			without(a, "id")
			fillMissing(a, "notificationTemplateId", zeroGUID)
			fillMissing(a, "notificationMessageCCList", []any{})
		}
		r["scheduledActionConfigurations"] = list(actions)
		rules = append(rules, r)
	}
	return rules
}

// fillMissing spells out what absence means.
func fillMissing(o object, key string, value any) {
	if o[key] == nil {
		o[key] = value
	}
}

// scheduledActions replaces the rules by their own request. Types that carry
// them in the create need it for updates only; a PUT may drop them.
func scheduledActions(action, key string, inCreate bool) func(*plan) error {
	return func(p *plan) error {
		want := ruleBodies(p.want)
		if len(want) == 0 || (p.have == nil && inCreate) {
			return nil
		}
		again := p.w.whole && p.rewrote
		if !again && sameSet(actionsOf(want), actionsOf(ruleBodies(p.have))) {
			return nil
		}
		return p.add(provider.StepReplace, "actions", http.MethodPost, p.w.path+"/{id}/"+action, object{key: list(want)})
	}
}

func actionsOf(rules []object) []any {
	var out []any
	for _, r := range rules {
		for _, a := range items(r, "scheduledActionConfigurations") {
			out = append(out, a)
		}
	}
	return out
}

// shapeAccess reduces what a Conditional Access policy reads back to what it
// takes.
func shapeAccess(_ *plan, body object, _ bool) {
	if strength := child(child(body, "grantControls"), "authenticationStrength"); strength != nil {
		child(body, "grantControls")["authenticationStrength"] = object{"id": strength["id"]}
	}
	if session := child(body, "sessionControls"); session != nil && session["disableResilienceDefaults"] == false {
		delete(session, "disableResilienceDefaults")
	}
}

// targetApps sets the protected apps, which are refused inside the body.
func targetApps(p *plan) error {
	want, have := appBodies(p.want), appBodies(p.have)
	if sameSet(want, have) && (p.have == nil || equal(p.want["appGroupType"], p.have["appGroupType"])) {
		return nil
	}
	body := object{"apps": want}
	if group := text(p.want, "appGroupType"); group != "" {
		body["appGroupType"] = group
	}
	return p.add(provider.StepReplace, "apps", http.MethodPost, p.w.path+"/{id}/targetApps", body)
}

func appBodies(o object) []any {
	out := []any{}
	for _, a := range items(o, "apps") {
		if identifier := child(a, "mobileAppIdentifier"); identifier != nil {
			identifier, _ := clone(identifier).(object)
			tidy(identifier)
			out = append(out, object{"mobileAppIdentifier": identifier})
		}
	}
	return out
}

// builtInEnrolment recognises the defaults every tenant has.
func builtInEnrolment(o object) bool {
	n, ok := o["priority"].(interface{ Int64() (int64, error) })
	if !ok {
		return false
	}
	priority, err := n.Int64()
	return err == nil && priority == 0
}

const messagesProperty = "localizedNotificationMessages"

// messages brings the texts of a notification template into line, language by
// language, the default first: a template needs one.
func messages(p *plan) error {
	have := map[string]object{}
	for _, m := range items(p.have, messagesProperty) {
		have[strings.ToLower(text(m, "locale"))] = m
	}
	path := p.w.path + "/{id}/" + messagesProperty
	for _, m := range defaultFirst(items(p.want, messagesProperty)) {
		locale := strings.ToLower(text(m, "locale"))
		old := have[locale]
		delete(have, locale)
		if err := p.message(path, messageBody(m), old); err != nil {
			return err
		}
	}
	for _, m := range inOrder(items(p.have, messagesProperty), have) {
		if err := p.add(provider.StepAppend, "remove message", http.MethodDelete, path+"/"+escape(text(m, "id")), nil); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) message(path string, want, old object) error {
	if old == nil {
		return p.add(provider.StepAppend, "add message", http.MethodPost, path, want)
	}
	delete(want, "locale")
	if sameProperties(want, messageBody(old), false) {
		return nil
	}
	return p.add(provider.StepReplace, "change message", http.MethodPatch, path+"/"+escape(text(old, "id")), want)
}

func messageBody(m object) object {
	o, _ := clone(m).(object)
	tidy(o)
	without(o, "id", "lastModifiedDateTime")
	return o
}

func defaultFirst(in []object) []object {
	var first, rest []object
	for _, m := range in {
		if m["isDefault"] == true {
			first = append(first, m)
		} else {
			rest = append(rest, m)
		}
	}
	return append(first, rest...)
}

// inOrder are the messages of in that are still in left.
func inOrder(in []object, left map[string]object) []object {
	var out []object
	for _, m := range in {
		if _, ok := left[strings.ToLower(text(m, "locale"))]; ok {
			out = append(out, m)
		}
	}
	return out
}
