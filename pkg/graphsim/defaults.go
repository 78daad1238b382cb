package graphsim

import (
	"strings"
)

// builtInRoles are directory roles with the template ids they have everywhere.
var builtInRoles = map[string]string{
	"Global Administrator":                    "62e90394-69f5-4237-9190-012177145e10",
	"Global Reader":                           "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
	"Privileged Role Administrator":           "e8611ab8-c189-46e8-94e1-60213ab1f814",
	"Privileged Authentication Administrator": "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
	"Authentication Administrator":            "c4e39bd9-1100-46d3-8c65-fb160da0071f",
	"Security Administrator":                  "194ae4cb-b126-40b2-bd5b-6091b380977d",
	"Security Reader":                         "5d6b6bb7-de71-4623-b4af-96380a352509",
	"Conditional Access Administrator":        "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
	"Application Administrator":               "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
	"Cloud Application Administrator":         "158c047a-c907-4556-b7ef-446551a6b5f7",
	"Intune Administrator":                    "3a2c62db-5318-420d-8d74-23affee5d9d5",
	"User Administrator":                      "fe930be7-5e62-47db-91af-98c3a49a38b1",
	"Groups Administrator":                    "fdd7a751-b60b-444a-984c-02652fe8fa1c",
	"Helpdesk Administrator":                  "729827e3-9c14-49f7-bb1b-9608f156bbb8",
	"Exchange Administrator":                  "29232cdf-9323-42fd-ade2-1d097af3e4de",
	"SharePoint Administrator":                "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
	"Teams Administrator":                     "69091246-20e8-4a56-aa4d-066075b2a7a8",
	"Billing Administrator":                   "b0f54661-2d74-4c50-afa3-1ec803f12efe",
	"Password Administrator":                  "966707d0-3269-4727-9be2-8c3a10f19b9d",
	"Cloud Device Administrator":              "7698a772-787b-4ac8-901f-60d6b08affd2",
	"Hybrid Identity Administrator":           "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",
	"Directory Synchronization Accounts":      "d29b2b05-8046-44ba-8758-1e26182fcf32",
	"Partner Tier1 Support":                   "4d6ac14f-3453-41d0-bef9-a3e0c569773a",
	"Partner Tier2 Support":                   "e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8",
	"Directory Readers":                       "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
}

// firstParty are applications of Microsoft that every tenant has.
var firstParty = map[string]string{
	graphAppID:                             "Microsoft Graph",
	"0000000a-0000-0000-c000-000000000000": "Microsoft Intune",
	"d4ebce55-015a-49b5-a083-c84d1797ae8c": "Microsoft Intune Enrollment",
	"00000002-0000-0ff1-ce00-000000000000": "Office 365 Exchange Online",
	"00000003-0000-0ff1-ce00-000000000000": "Office 365 SharePoint Online",
	"797f4846-ba00-4fd7-ba43-dac1f8f63013": "Windows Azure Service Management API",
	"cc15fd57-2c6c-4117-a88c-83b1d56b4bbe": "Microsoft Teams Services",
	"00000002-0000-0000-c000-000000000000": "Windows Azure Active Directory",
	"0000000c-0000-0000-c000-000000000000": "Microsoft App Access Panel",
}

var builtInStrengths = map[string]string{
	"00000000-0000-0000-0000-000000000002": "Multifactor authentication",
	"00000000-0000-0000-0000-000000000003": "Passwordless MFA",
	"00000000-0000-0000-0000-000000000004": "Phishing-resistant MFA",
}

// addDefaults adds what every tenant has and no folder replaced.
func (t *tenant) addDefaults() {
	t.placeNew("roleScopeTags", Object{
		"id": "0", "displayName": "Default", "isBuiltIn": true,
		"description": "The scope tag of every object without another one.",
	})
	t.placeNew("organization", Object{
		"id": t.directory, "displayName": "Simulated tenant " + t.directory[:8], "tenantType": "AAD",
		"verifiedDomains": []any{Object{"name": "sim" + t.directory[:8] + ".onmicrosoft.com", "isDefault": true, "isInitial": true}},
		"assignedPlans":   assignedPlans(),
	})
	t.placeNew("subscribedSkus", Object{
		"id": t.directory + "_sku", "skuPartNumber": "SPE_E5", "capabilityStatus": "Enabled", "appliesTo": "User",
		"servicePlans": servicePlans(),
	})
	t.placeNew("identitySecurityDefaultsEnforcementPolicy", Object{"id": "identitySecurityDefaultsEnforcementPolicy", "displayName": "Security Defaults", "isEnabled": false})
	for _, id := range sortedKeys(builtInStrengths) {
		t.placeNew("authenticationStrengthPolicies", Object{
			"id": id, "displayName": builtInStrengths[id], "description": "", "policyType": "builtIn",
			"requirementsSatisfied": "mfa", "allowedCombinations": []any{"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"},
			"createdDateTime": "2021-12-01T00:00:00Z", "modifiedDateTime": "2021-12-01T00:00:00Z",
		})
	}
	t.addRoles()
	t.addPrincipals()
	if !t.replaced["servicePrincipals"] {
		t.addMentioned()
	}
}

// addStrengths adds the authentication strengths that loaded policies hold a
// copy of: exports carry them inside the policy only.
func (t *tenant) addStrengths() {
	for _, p := range t.all("conditionalAccessPolicies") {
		grant, _ := p["grantControls"].(Object)
		strength, isObject := grant["authenticationStrength"].(Object)
		if isObject && str(strength, "id") != "" && str(strength, "displayName") != "" {
			t.placeNew("authenticationStrengthPolicies", strength)
		}
	}
}

// placeNew places an object unless its id is taken or a folder replaces the
// collection with an object of its own.
func (t *tenant) placeNew(folder string, o Object) {
	if t.object(folder, str(o, "id")) == nil {
		clean, err := normalise(o)
		if err != nil {
			return
		}
		t.place(folder, str(o, "id"), clean)
	}
}

func assignedPlans() []any {
	var out []any
	for _, p := range []string{"AADPremiumService", "SCO", "WindowsDefenderATP"} {
		out = append(out, Object{"service": p, "capabilityStatus": "Enabled", "servicePlanId": derivedGUID("plan", p)})
	}
	return out
}

func servicePlans() []any {
	var out []any
	for _, p := range []string{"INTUNE_A", "AAD_PREMIUM", "AAD_PREMIUM_P2", "WINDEFATP", "WIN10_PRO_ENT_SUB", "WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE", "Intune-EPM"} {
		out = append(out, Object{"servicePlanId": derivedGUID("plan", p), "servicePlanName": p, "provisioningStatus": "Success", "appliesTo": "User"})
	}
	return out
}

func (t *tenant) addRoles() {
	own := len(t.all("directoryRoles")) > 0 || t.replaced["directoryRoles"]
	for _, name := range sortedKeys(builtInRoles) {
		template := builtInRoles[name]
		if !own {
			t.placeNew("directoryRoles", Object{"id": derivedGUID("role", t.directory, template), "displayName": name, "description": name, "roleTemplateId": template})
		}
	}
	names := map[string]string{}
	for name, template := range builtInRoles {
		names[template] = name
	}
	for _, r := range t.all("directoryRoles") {
		if template := strings.ToLower(str(r, "roleTemplateId")); template != "" {
			names[template] = str(r, "displayName")
		}
	}
	for _, template := range sortedKeys(names) {
		t.placeNew("directoryRoleDefinitions", Object{
			"id": template, "templateId": template, "displayName": names[template], "description": names[template],
			"isBuiltIn": true, "isEnabled": true, "version": "1",
		})
	}
}

// addPrincipals adds Microsoft's own applications; Microsoft Graph has the id
// that loaded grants name as their resource.
func (t *tenant) addPrincipals() {
	for _, app := range sortedKeys(firstParty) {
		if t.find("servicePrincipals", "appId", app) != nil || t.replaced["servicePrincipals"] && app != graphAppID {
			continue
		}
		o := Object{
			"id": derivedGUID("sp", t.directory, app), "appId": app, "displayName": firstParty[app], "servicePrincipalType": "Application",
			"accountEnabled": true, "appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "appRoles": []any{},
		}
		if app == graphAppID {
			o["id"], o["appRoles"] = t.graphPrincipalID(), graphAppRoles()
		}
		t.placeNew("servicePrincipals", o)
	}
}

// addMentioned adds the applications that loaded policies name: the tenant the
// policies come from had them.
func (t *tenant) addMentioned() {
	for _, p := range t.all("conditionalAccessPolicies") {
		apps := condition(p, "applications")
		for _, id := range append(texts(apps, "includeApplications"), texts(apps, "excludeApplications")...) {
			if !isGUID(id) || t.find("servicePrincipals", "appId", id) != nil {
				continue
			}
			t.placeNew("servicePrincipals", Object{
				"id": derivedGUID("sp", t.directory, id), "appId": id, "displayName": "Application " + id[:8],
				"servicePrincipalType": "Application", "accountEnabled": true, "appRoles": []any{},
			})
		}
	}
}

func (t *tenant) graphPrincipalID() string {
	for _, p := range t.all("servicePrincipals") {
		for _, g := range objects(p, "appRoleAssignments") {
			if id := str(g, "resourceId"); id != "" && t.object("servicePrincipals", id) == nil && t.roleValue("", str(g, "appRoleId")) != "" {
				return id
			}
		}
	}
	return derivedGUID("sp", t.directory, graphAppID)
}

func graphAppRoles() []any {
	var out []any
	for _, value := range sortedKeys(appRoles) {
		out = append(out, Object{
			"id": appRoles[value], "value": value, "displayName": value, "description": value, "isEnabled": true,
			"allowedMemberTypes": []any{"Application"}, "origin": "Application",
		})
	}
	return out
}
