package subject

import "strings"

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// wellKnown lists, per kind, the values that mean the same in every tenant and
// are therefore content, not references.
var wellKnown = map[RefKind][]string{
	RefUser:        {"All", "None", "GuestsOrExternalUsers"},
	RefApplication: {"All", "None", "Office365", "MicrosoftAdminPortals", "AllAgentIdResources"},
	// The zero GUID means the addresses trusted for multi-factor authentication.
	RefNamedLocation: {"All", "AllTrusted", zeroGUID},
	// The built-in strengths: multi-factor, passwordless, phishing-resistant.
	RefAuthStrength: {"00000000-0000-0000-0000-000000000002", "00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000004"},
	// The virtual "all users" group of app protection policies.
	RefGroup:    {"acacacac-9df4-4c7d-9d50-4ef0226f57a9"},
	RefScopeTag: {"0"},
}

// emptyReference lists, per kind, the values that mean "none".
var emptyReference = map[RefKind][]string{
	RefNotificationTemplate: {zeroGUID},
	RefFilter:               {zeroGUID},
	RefComplianceScript:     {zeroGUID},
}

// WellKnown reports whether the value means the same in every tenant.
func WellKnown(kind RefKind, value string) bool { return contains(wellKnown[kind], value) }

func meansNone(kind RefKind, value string) bool {
	return value == "" || contains(emptyReference[kind], value)
}

// SameEverywhere reports whether ids of the kind are equal in every tenant that
// has the object at all. Applications are named by their application id.
func SameEverywhere(kind RefKind) bool { return kind == RefApplication }

func contains(list []string, value string) bool {
	for _, v := range list {
		if strings.EqualFold(v, value) {
			return true
		}
	}
	return false
}
