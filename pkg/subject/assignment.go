package subject

import "strings"

// targetKinds says in one word whom an assignment reaches.
var targetKinds = map[string]string{
	"groupAssignmentTarget":                          "group",
	"exclusionGroupAssignmentTarget":                 "group_excluded",
	"allLicensedUsersAssignmentTarget":               "all_users",
	"allDevicesAssignmentTarget":                     "all_devices",
	"configurationManagerCollectionAssignmentTarget": "collection",
}

// The elements of Subject.Assignments are objects with these properties.
const (
	assignTo     = "to"     // one of targetKinds
	assignGroup  = "group"  // reference, for groups
	assignFilter = "filter" // reference
	assignMode   = "filter_mode"
	assignMore   = "more" // schedule and the like
)

const (
	filterID   = "deviceAndAppManagementAssignmentFilterId"
	filterType = "deviceAndAppManagementAssignmentFilterType"
)

// parseAssignments reads the direct assignments; those that come from a policy
// set belong to the policy set.
func parseAssignments(o map[string]any) Set {
	list, _ := o["assignments"].([]any)
	set := make(Set, 0, len(list))
	for _, e := range list {
		a, ok := e.(map[string]any)
		if !ok || a["source"] == "policySets" {
			continue
		}
		if target, ok := a["target"].(map[string]any); ok {
			set = append(set, parseAssignment(a, target))
		}
	}
	return set
}

func parseAssignment(a, target map[string]any) Node {
	kind := strings.TrimPrefix(typeName(target), "microsoft.graph.")
	n := map[string]Node{assignTo: kind}
	if word, ok := targetKinds[kind]; ok {
		n[assignTo] = word
	}
	if id, _ := target["groupId"].(string); id != "" {
		n[assignGroup] = groupNode(id)
	}
	if id, _ := target["collectionId"].(string); id != "" {
		n["collection"] = id
	}
	if id, _ := target[filterID].(string); !meansNone(RefFilter, id) {
		n[assignFilter] = Reference{Kind: RefFilter, ID: id}
		if mode, _ := target[filterType].(string); mode != "" && mode != "none" {
			n[assignMode] = mode
		}
	}
	if more := moreOf(a); more != nil {
		n[assignMore] = more
	}
	return n
}

func groupNode(id string) Node {
	if WellKnown(RefGroup, id) {
		return id
	}
	return Reference{Kind: RefGroup, ID: id}
}

// moreOf is what an assignment says beside its target: a remediation's schedule.
func moreOf(a map[string]any) Node {
	rest := make(map[string]any, len(a))
	for k, v := range a {
		switch k {
		case "id", "source", "sourceId", "target", "intent", "@odata.type":
		default:
			rest[k] = v
		}
	}
	p := parser{t: &Type{}, traits: &Traits{}}
	return p.object(rest, "")
}

// AssignmentTargets says whom a set of assignments reaches, for the rules about
// kinds that a type cannot carry.
func AssignmentTargets(set Set) []AssignmentTarget {
	out := make([]AssignmentTarget, 0, len(set))
	for _, e := range set {
		m, _ := e.(map[string]Node)
		to, _ := m[assignTo].(string)
		_, filtered := m[assignFilter]
		out = append(out, AssignmentTarget{To: to, Filtered: filtered})
	}
	return out
}

// AssignmentTarget is whom one assignment reaches.
type AssignmentTarget struct {
	To       string // group, group_excluded, all_users, all_devices, collection
	Filtered bool
}

// ExcludedGroups lists the ids of excluded groups.
func ExcludedGroups(set Set) []string {
	var ids []string
	for _, e := range set {
		m, _ := e.(map[string]Node)
		if r, ok := m[assignGroup].(Reference); ok && m[assignTo] == "group_excluded" {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
