package graphsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Rules of Conditional Access.

func condition(o Object, names ...string) Object {
	v, _ := o["conditions"].(Object)
	for _, n := range names {
		v, _ = v[n].(Object)
	}
	return v
}

func securityDefaultsOff(w *work, next, _ Object) *failure {
	defaults := w.t.object("identitySecurityDefaultsEnforcementPolicy", "identitySecurityDefaultsEnforcementPolicy")
	if boolean(defaults, "isEnabled") && str(next, "state") == "enabled" {
		return conditionalAccess("1007", "Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.")
	}
	return nil
}

func accessState(_ *work, next, _ Object) *failure {
	if !slices.Contains([]string{"enabled", "disabled", "enabledForReportingButNotEnforced"}, str(next, "state")) {
		return conditionalAccess("1016", "The state of the policy is not valid.")
	}
	if next["grantControls"] == nil && next["sessionControls"] == nil {
		return conditionalAccess("1032", "A policy needs grant controls or session controls.")
	}
	return nil
}

func clientAppTypes(_ *work, next, _ Object) *failure {
	if len(list(condition(next), "clientAppTypes")) == 0 {
		return conditionalAccess("1064", "clientAppTypes must not be empty.")
	}
	return nil
}

func applicationsNotEmpty(_ *work, next, _ Object) *failure {
	apps := condition(next, "applications")
	if len(list(apps, "includeApplications"))+len(list(apps, "includeUserActions"))+len(list(apps, "includeAuthenticationContextClassReferences")) == 0 &&
		condition(next, "clientApplications") == nil {
		return conditionalAccess("1011", "The applications condition must not be empty.")
	}
	return nil
}

func knownLocations(w *work, next, _ Object) *failure {
	locations := condition(next, "locations")
	for _, id := range append(texts(locations, "includeLocations"), texts(locations, "excludeLocations")...) {
		if id != "All" && id != "AllTrusted" && id != zeroGUID && w.t.object("namedLocations", id) == nil {
			return conditionalAccess("1040", "The named location "+id+" does not exist in the directory.")
		}
	}
	return nil
}

// knownPrincipals checks users, groups, roles and applications.
func knownPrincipals(w *work, next, _ Object) *failure {
	users, apps := condition(next, "users"), condition(next, "applications")
	both := func(o Object, what string) []string {
		return append(texts(o, "include"+what), texts(o, "exclude"+what)...)
	}
	checks := []struct {
		number, what string
		ids          []string
		known        func(string) bool
	}{
		{"1020", "group", both(users, "Groups"), func(id string) bool { return w.t.object("groups", id) != nil }},
		{"1019", "user", both(users, "Users"), func(id string) bool {
			return slices.Contains([]string{"All", "None", "GuestsOrExternalUsers"}, id) || w.t.object("users", id) != nil
		}},
		{"1021", "role", both(users, "Roles"), func(id string) bool {
			return isGUID(id) && (w.t.object("directoryRoleDefinitions", id) != nil || w.t.find("directoryRoles", "roleTemplateId", id) != nil || !w.t.replaced["directoryRoles"])
		}},
		{"1033", "application", both(apps, "Applications"), w.knownApplication},
	}
	for _, c := range checks {
		for _, id := range c.ids {
			if !c.known(id) {
				return conditionalAccess(c.number, fmt.Sprintf("The %s %s does not exist in the directory.", c.what, id))
			}
		}
	}
	return nil
}

// knownApplication takes constants and applications with a service principal.
func (w *work) knownApplication(id string) bool {
	if !isGUID(id) {
		return slices.Contains([]string{"All", "None", "Office365", "MicrosoftAdminPortals", "AllAgentIdResources"}, id)
	}
	return w.t.find("servicePrincipals", "appId", id) != nil
}

func knownStrength(w *work, next, _ Object) *failure {
	grant, _ := next["grantControls"].(Object)
	strength, isObject := grant["authenticationStrength"].(Object)
	if !isObject {
		return nil
	}
	stored := w.t.object("authenticationStrengthPolicies", str(strength, "id"))
	if stored == nil {
		return conditionalAccess("1075", "The authentication strength "+str(strength, "id")+" does not exist.")
	}
	grant["authenticationStrength"] = cloneObject(stored)
	return nil
}

func knownTerms(w *work, next, _ Object) *failure {
	grant, _ := next["grantControls"].(Object)
	for _, id := range texts(grant, "termsOfUse") {
		if w.t.object("agreements", id) == nil {
			return conditionalAccess("1034", "The terms of use "+id+" do not exist.")
		}
	}
	return nil
}

func locationShape(_ *work, next, _ Object) *failure {
	switch typeOf(next) {
	case "ipNamedLocation":
		if len(list(next, "ipRanges")) == 0 {
			return conditionalAccess("1052", "A named location needs at least one IP range.")
		}
	case "countryNamedLocation":
		if len(list(next, "countriesAndRegions")) == 0 && !boolean(next, "includeUnknownCountriesAndRegions") {
			return conditionalAccess("1053", "A named location needs at least one country.")
		}
	}
	return nil
}

// guardLocation keeps a location that is trusted or used.
func guardLocation(w *work, old Object) *failure {
	if w.c.method != http.MethodDelete {
		return nil
	}
	if boolean(old, "isTrusted") {
		return conditionalAccess("1054", "A trusted named location cannot be deleted.")
	}
	for _, p := range w.t.all("conditionalAccessPolicies") {
		l := condition(p, "locations")
		for _, id := range append(texts(l, "includeLocations"), texts(l, "excludeLocations")...) {
			if strings.EqualFold(id, str(old, "id")) {
				return conditionalAccess("1055", "The named location is used by a policy.")
			}
		}
	}
	return nil
}

func guardBuiltInStrength(_ *work, old Object) *failure {
	if str(old, "policyType") == "builtIn" {
		return badRequest("Built-in authentication strengths cannot be changed or deleted.")
	}
	return nil
}
