package graphsim

import (
	"net/http"
	"strings"
)

// Rules and computed properties of directory objects.

// uniqueMailNickname concerns groups with mail; security groups repeat it in
// real tenants.
func uniqueMailNickname(w *work, next, _ Object) *failure {
	if !boolean(next, "mailEnabled") {
		return nil
	}
	for _, g := range w.t.all("groups") {
		if str(g, "id") != str(next, "id") && str(next, "mailNickname") != "" && strings.EqualFold(str(g, "mailNickname"), str(next, "mailNickname")) {
			return refuse(http.StatusBadRequest, "Request_BadRequest", "Another object with the same value for property mailNickname already exists.")
		}
	}
	return nil
}

// roleMembers are the principals assigned to a directory role.
func roleMembers(w *work, role Object) any {
	out := []Object{}
	for _, a := range w.t.all("roleAssignments") {
		definition := str(a, "roleDefinitionId")
		if strings.EqualFold(definition, str(role, "roleTemplateId")) || strings.EqualFold(definition, str(role, "id")) {
			if p, _ := principalOf(w, a).(Object); p != nil {
				out = append(out, p)
			}
		}
	}
	return append(out, objects(role, "members")...)
}

// groupMembers are the direct members that a loaded group names, as ids or as
// objects.
func groupMembers(w *work, group Object) any { return w.principals(group, "members") }

func groupOwners(w *work, group Object) any { return w.principals(group, "owners") }

func (w *work) principals(group Object, property string) []Object {
	out := []Object{}
	for _, m := range list(group, property) {
		given, _ := m.(Object)
		id, isText := m.(string)
		if !isText {
			id = str(given, "id")
		}
		if known := w.directoryObject(id); known != nil {
			out = append(out, known)
		} else if given != nil {
			out = append(out, given)
		}
	}
	return out
}

// allMembers follows groups inside groups.
func allMembers(w *work, group Object) any {
	out, seen := []Object{}, map[string]bool{str(group, "id"): true}
	open := []Object{group}
	for len(open) > 0 {
		members := w.principals(open[0], "members")
		open = open[1:]
		for _, m := range members {
			if id := str(m, "id"); !seen[id] {
				seen[id] = true
				out = append(out, m)
				if inner := w.look("groups", id); inner != nil {
					open = append(open, inner)
				}
			}
		}
	}
	return out
}

// principalTypes are where a principal id may lead.
var principalTypes = map[string]string{"users": "user", "groups": "group", "servicePrincipals": "servicePrincipal"}

func principalOf(w *work, assignment Object) any {
	if p, isObject := assignment["principal"].(Object); isObject {
		return p
	}
	return w.directoryObject(str(assignment, "principalId"))
}

// directoryObject is a user, group or service principal with its type, or nil.
func (w *work) directoryObject(id string) Object {
	for _, folder := range sortedKeys(principalTypes) {
		if o := w.look(folder, id); o != nil {
			out := cloneObject(o)
			for _, p := range []string{"appRoleAssignments", "members", "owners"} {
				delete(out, p)
			}
			out["@odata.type"] = graphType + principalTypes[folder]
			return out
		}
	}
	return nil
}

func roleDefinitionOf(w *work, assignment Object) any {
	if d, isObject := assignment["roleDefinition"].(Object); isObject {
		return d
	}
	return w.look("directoryRoleDefinitions", str(assignment, "roleDefinitionId"))
}
