package graphsim

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
)

// Rules of what other objects refer to, and of scripts.

func itoa(n int) string { return strconv.Itoa(n) }

func guardBuiltIn(w *work, old Object) *failure {
	if (boolean(old, "isBuiltIn") || boolean(old, "isBuiltInRoleDefinition")) && w.c.method != http.MethodPost {
		return badRequest("Built-in objects cannot be changed or deleted.")
	}
	return nil
}

// guardFilterInUse keeps a filter that an assignment uses.
func guardFilterInUse(w *work, old Object) *failure {
	if w.c.method != http.MethodDelete {
		return nil
	}
	for _, c := range table {
		for _, o := range w.t.all(c.folder) {
			for _, a := range objects(o, "assignments") {
				target, _ := a["target"].(Object)
				if strings.EqualFold(str(target, "deviceAndAppManagementAssignmentFilterId"), str(old, "id")) {
					return badRequest("The assignment filter is in use and cannot be deleted.")
				}
			}
		}
	}
	return nil
}

func shortTemplateName(_ *work, next, _ Object) *failure {
	if len([]rune(str(next, "displayName"))) > 50 {
		return badRequest("The display name of a notification template must not exceed 50 characters.")
	}
	return nil
}

// prepareMessage keeps one message per locale and one default.
func prepareMessage(_ *work, parent, item Object) *failure {
	if str(item, "locale") == "" || str(item, "subject") == "" || str(item, "messageTemplate") == "" {
		return badRequest("A message needs locale, subject and messageTemplate.")
	}
	for _, m := range objects(parent, "localizedNotificationMessages") {
		if str(m, "id") == str(item, "id") {
			continue
		}
		if strings.EqualFold(str(m, "locale"), str(item, "locale")) {
			return badRequest("A message for the locale '" + str(item, "locale") + "' exists already.")
		}
		if boolean(item, "isDefault") {
			m["isDefault"] = false
		}
	}
	item["id"] = str(parent, "id") + "_" + strings.ToLower(str(item, "locale"))
	return nil
}

// policiesWith are the settings-catalog policies that refer to a reusable
// setting.
func (t *tenant) policiesWith(reusable string) []Object {
	var out []Object
	for _, p := range t.all("configurationPolicies") {
		used := false
		walk(p["settings"], func(o Object) {
			used = used || typeOf(o) == "deviceManagementConfigurationReferenceSettingValue" && strings.EqualFold(str(o, "value"), reusable)
		})
		if used {
			out = append(out, p)
		}
	}
	return out
}

func guardReusableInUse(w *work, old Object) *failure {
	if w.c.method == http.MethodDelete && len(w.t.policiesWith(str(old, "id"))) > 0 {
		return badRequest("The reusable setting is used by a policy and cannot be deleted.")
	}
	return nil
}

func guardGlobalScript(w *work, old Object) *failure {
	if boolean(old, "isGlobalScript") && !strings.HasSuffix(w.c.path, "assign") {
		return badRequest("Scripts owned by Microsoft cannot be changed or deleted.")
	}
	return nil
}

// base64Contents wants script bodies in base64.
func base64Contents(_ *work, next, _ Object) *failure {
	for _, p := range []string{"scriptContent", "detectionScriptContent", "remediationScriptContent"} {
		if _, err := base64.StdEncoding.DecodeString(str(next, p)); err != nil {
			return modelInvalid("Cannot convert the literal of '" + p + "' to the expected type 'Edm.Binary'.")
		}
	}
	return nil
}

// approvalTypes says which collections an approval policy protects.
var approvalTypes = map[string][]string{
	"app":    {"mobileApps"},
	"script": {"deviceManagementScripts", "deviceHealthScripts", "deviceShellScripts", "deviceComplianceScripts", "deviceCustomAttributeShellScripts"},
	"role":   {"roleDefinitions", "roleScopeTags"},
	"tenantConfiguration": {
		"configurationPolicies", "deviceConfigurations", "deviceCompliancePolicies", "compliancePolicies", "deviceCategories",
		"deviceEnrollmentConfigurations", "settings",
	},
}

// approval stops writes that another administrator has to approve first.
func (w *work) approval() *failure {
	for _, p := range w.t.all("operationApprovalPolicies") {
		for _, folder := range approvalTypes[str(p, "policyType")] {
			if folder == w.col.folder {
				return w.awaitApproval()
			}
		}
	}
	return nil
}

func (w *work) awaitApproval() *failure {
	raw := w.c.header.Get("x-msft-approval-justification")
	if raw == "" {
		return refuse(http.StatusForbidden, "Forbidden", "The header x-msft-approval-justification is required.")
	}
	if _, err := base64.StdEncoding.DecodeString(raw); err != nil {
		return badRequest("The header x-msft-approval-justification must be base64.")
	}
	f := refuse(http.StatusForbidden, "Forbidden", "The request awaits approval by another administrator.")
	f.header = http.Header{"X-Msft-Approval-Code": {derivedGUID("approval", w.t.directory, w.c.method, w.c.path)}}
	return f
}
