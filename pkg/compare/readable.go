package compare

import (
	"strings"
	"unicode"
)

// noise are the parts of setting definition ids that name the plumbing and not
// the setting.
var noise = []string{
	"device_vendor_msft_policy_config_", "user_vendor_msft_policy_config_", "device_vendor_msft_", "user_vendor_msft_",
	"vendor_msft_", "microsoft.graph.",
}

// propertyNames are what the portals call properties whose own names say less.
var propertyNames = map[string]string{
	"roleScopeTagIds": "Scope tags", "roleScopeTags": "Scope tags", "omaSettings": "OMA-URI settings",
	"grantControls": "Grant", "sessionControls": "Session", "scheduledActionsForRule": "Actions for noncompliance",
	"scheduledActionConfigurations": "Actions", "localizedNotificationMessages": "Messages", "gracePeriodHours": "Grace period (hours)",
	"templateReference": "Template", "scriptContent": "Script",
}

// Readable makes a property name or setting definition id readable when no
// display name is known: "passwordMinimumLength" becomes "Password minimum
// length". The spelling only helps the eye; paths keep the exact name.
func Readable(id string) string {
	if name, ok := propertyNames[id]; ok {
		return name
	}
	text := id
	for _, n := range noise {
		if rest, ok := strings.CutPrefix(text, n); ok {
			text = rest
			break
		}
	}
	text = strings.TrimPrefix(text, "deviceConfiguration--")
	words := strings.FieldsFunc(text, func(r rune) bool { return r == '_' || r == '-' || r == '~' })
	var all []string
	for _, w := range words {
		all = append(all, camelWords(w)...)
	}
	if len(all) == 0 {
		return id
	}
	all[0] = upperFirst(all[0])
	return strings.Join(all, " ")
}

// camelWords splits camelCase, keeping runs of capitals together.
func camelWords(s string) []string {
	runes := []rune(s)
	var words []string
	start := 0
	for i := 1; i < len(runes); i++ {
		starts := unicode.IsUpper(runes[i]) && (unicode.IsLower(runes[i-1]) || (i+1 < len(runes) && unicode.IsLower(runes[i+1])))
		if starts {
			words = append(words, word(runes[start:i]))
			start = i
		}
	}
	return append(words, word(runes[start:]))
}

// word lower-cases an ordinary word and leaves abbreviations alone.
func word(r []rune) string {
	if len(r) > 1 && unicode.IsUpper(r[1]) {
		return string(r)
	}
	return strings.ToLower(string(r))
}

func upperFirst(s string) string {
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
