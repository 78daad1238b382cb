package graphsim

var accessVerbs = statuses{create: created, patch: noContent, remove: noContent}

func accessTable() []*collection {
	return []*collection{
		{
			folder: "namedLocations", path: "identity/conditionalAccess/namedLocations", many: true, area: access, perm: "PolicyConditionalAccess",
			page: 100, codes: accessVerbs, required: []string{"displayName"}, typed: true, dates: amended, guard: guardLocation,
			rules: []rule{locationShape},
		},
		{
			folder: "authenticationStrengthPolicies", path: "identity/conditionalAccess/authenticationStrength/policies",
			aliases: []string{"policies/authenticationStrengthPolicies", "identity/conditionalAccess/authenticationStrengths/policies"},
			typ:     "authenticationStrengthPolicy", area: directory, perm: "Policy", unique: true, codes: accessVerbs,
			required: []string{"displayName", "allowedCombinations"}, links: []string{"combinationConfigurations"}, dates: amended,
			server: []string{"policyType", "requirementsSatisfied"}, expand: []string{"combinationConfigurations"}, guard: guardBuiltInStrength,
			children: []child{{name: "combinationConfigurations"}}, defaults: Object{"policyType": "custom", "requirementsSatisfied": "mfa"},
		},
		{
			folder: "authenticationContextClassReferences", path: "identity/conditionalAccess/authenticationContextClassReferences",
			typ: "authenticationContextClassReference", area: directory, perm: "PolicyConditionalAccess", codes: accessVerbs,
		},
		{
			folder: "agreements", path: "identityGovernance/termsOfUse/agreements", aliases: []string{"agreements"}, typ: "agreement",
			area: directory, perm: "Agreement", codes: accessVerbs, required: []string{"displayName"},
		},
		{
			folder: "conditionalAccessPolicies", path: "identity/conditionalAccess/policies", typ: "conditionalAccessPolicy", area: access,
			perm: "PolicyConditionalAccess", page: 20, codes: accessVerbs, required: []string{"displayName", "state", "conditions"},
			server: []string{"templateId"}, dates: amended, defaults: Object{"templateId": nil, "sessionControls": nil, "grantControls": nil},
			rules: []rule{
				securityDefaultsOff, accessState, when(clientAppTypes, "conditions"), when(applicationsNotEmpty, "conditions"),
				when(knownLocations, "conditions"), when(knownPrincipals, "conditions"), when(knownStrength, "grantControls"), when(knownTerms, "grantControls"),
			},
		},
		{
			folder: "identitySecurityDefaultsEnforcementPolicy", path: "policies/identitySecurityDefaultsEnforcementPolicy",
			typ: "identitySecurityDefaultsEnforcementPolicy", single: true, area: directory, perm: "Policy", codes: statuses{patch: noContent},
		},
	}
}
