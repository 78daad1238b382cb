package compare

import (
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// whom says in words whom an assignment reaches; a group's name follows.
var whom = map[string]string{
	"group": "Group", "group_excluded": "Excluded group", "all_users": "All users", "all_devices": "All devices",
	"collection": "Configuration Manager collection",
}

// assignmentText is one assignment in words, or "" when it says more than words
// of one line can.
func assignmentText(n subject.Node) string {
	a, ok := n.(map[string]subject.Node)
	if !ok || a["more"] != nil {
		return ""
	}
	to, _ := a["to"].(string)
	text, known := whom[to]
	if !known {
		return ""
	}
	for _, place := range []string{"group", "collection"} {
		if name, ok := a[place].(string); ok {
			text = fmt.Sprintf("%s “%s”", text, name)
		}
	}
	if filter, ok := a["filter"].(string); ok {
		mode, _ := a["filter_mode"].(string)
		if mode == "" {
			mode = "include"
		}
		text += fmt.Sprintf(", filter “%s” (%s)", filter, mode)
	}
	return text
}
