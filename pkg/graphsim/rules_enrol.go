package graphsim

import (
	"net/http"
	"strings"
	"time"
)

// Rules of enrolment, Autopilot, terms and Windows updates.

func autopilotName(_ *work, next, _ Object) *failure {
	if name := str(next, "displayName"); len([]rune(name)) > 200 || strings.ContainsAny(name, "!#%^*)(-+;'><") {
		return badRequest("The display name is too long or contains characters that are not allowed.")
	}
	if len([]rune(str(next, "deviceNameTemplate"))) > 15 && !strings.Contains(str(next, "deviceNameTemplate"), "%") {
		return badRequest("The device name template is too long.")
	}
	return nil
}

// guardAssigned keeps a deployment profile that is still assigned.
func guardAssigned(w *work, old Object) *failure {
	if w.c.method == http.MethodDelete && len(list(old, "assignments")) > 0 {
		return badRequest("The profile cannot be deleted while it is assigned.")
	}
	return nil
}

// enrolmentTypes maps a concrete type to its enumeration value.
var enrolmentTypes = map[string]string{
	"deviceEnrollmentLimitConfiguration":                   "limit",
	"deviceEnrollmentPlatformRestrictionsConfiguration":    "platformRestrictions",
	"deviceEnrollmentPlatformRestrictionConfiguration":     "singlePlatformRestriction",
	"deviceEnrollmentWindowsHelloForBusinessConfiguration": "windowsHelloForBusiness",
	"windows10EnrollmentCompletionPageConfiguration":       "windows10EnrollmentCompletionPageConfiguration",
	"deviceComanagementAuthorityConfiguration":             "deviceComanagementAuthorityConfiguration",
	"deviceEnrollmentNotificationConfiguration":            "enrollmentNotificationsConfiguration",
	"windowsRestoreDeviceEnrollmentConfiguration":          "windowsRestore",
}

// enrolmentPriority puts a new configuration behind its siblings.
func enrolmentPriority(w *work, next, old Object) *failure {
	if old != nil {
		return nil
	}
	highest := 0
	for _, o := range w.t.all(w.col.folder) {
		if n, isNumber := integer(o, "priority"); isNumber && typeOf(o) == typeOf(next) {
			highest = max(highest, n)
		}
	}
	next["priority"] = highest + 1
	if kind := enrolmentTypes[typeOf(next)]; kind != "" {
		next["deviceEnrollmentConfigurationType"] = kind
	}
	return nil
}

// guardDefault protects the built-in configuration: it can be changed, not
// deleted, assigned or moved.
func guardDefault(w *work, old Object) *failure {
	if n, isNumber := integer(old, "priority"); isNumber && n == 0 && w.c.method != http.MethodPatch {
		return badRequest("The default enrollment configuration cannot be deleted, assigned or moved.")
	}
	return nil
}

func setPriority(_ *work, old, body Object) (Object, any, int, *failure) {
	n, isNumber := integer(body, "priority")
	if !isNumber || n < 1 {
		return nil, nil, 0, badRequest("The parameter 'priority' must be at least 1.")
	}
	old["priority"] = body["priority"]
	return old, nil, ok, nil
}

func knownApps(property string) rule {
	return func(w *work, next, _ Object) *failure {
		for _, id := range texts(next, property) {
			if w.t.object("mobileApps", id) == nil {
				return badRequest("The mobile app '" + id + "' does not exist.")
			}
		}
		return nil
	}
}

func termsLength(_ *work, next, _ Object) *failure {
	if len([]rune(str(next, "bodyText"))) > 60_000 || len([]rune(str(next, "acceptanceStatement"))) > 500 {
		return badRequest("The body text or the acceptance statement is too long.")
	}
	return nil
}

func featureUpdate(w *work, next, _ Object) *failure {
	if boolean(next, "installLatestWindows10OnWindows11IneligibleDevice") {
		return badRequest("installLatestWindows10OnWindows11IneligibleDevice is no longer supported.")
	}
	rollout, _ := next["rolloutSettings"].(Object)
	for _, p := range []string{"offerStartDateTimeInUTC", "offerEndDateTimeInUTC"} {
		if at, err := time.Parse(time.RFC3339, str(rollout, p)); err == nil && at.Before(w.now) {
			return badRequest("The rollout date '" + p + "' must be in the future.")
		}
	}
	return nil
}
