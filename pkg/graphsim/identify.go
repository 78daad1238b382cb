package graphsim

import (
	"strings"
)

// identify gives every loaded object an id of its own: missing ids are derived
// from directory and path, the same id and content twice is one object, the
// same id with other content gets a fresh one.
func (l *loader) identify() {
	l.addGroups()
	tags := l.usedTags()
	byID := map[string]*item{}
	kept := l.items[:0]
	for _, it := range l.items {
		if it.col.single {
			it.object["id"] = it.col.folder
		}
		if str(it.object, "id") == "" {
			it.object["id"] = l.missingID(it, tags)
		}
		key := it.col.folder + "/" + strings.ToLower(str(it.object, "id"))
		if first := byID[key]; first != nil {
			if canonical(first.object) == canonical(it.object) {
				l.t.report.Merged++
				continue
			}
			old, fresh := str(it.object, "id"), l.freshID(it)
			mapStrings(it.object, func(s string) string { return strings.ReplaceAll(s, old, fresh) })
			key = it.col.folder + "/" + strings.ToLower(str(it.object, "id"))
		}
		byID[key] = it
		kept = append(kept, it)
	}
	l.items = kept
}

// addGroups adds the migration table's groups that no file describes.
func (l *loader) addGroups() {
	have := map[string]bool{}
	for _, it := range l.items {
		if it.col.folder == "groups" {
			have[strings.ToLower(str(it.object, "id"))] = true
		}
	}
	for _, g := range l.groups {
		id := strings.ToLower(str(g, "id"))
		if !have[id] {
			have[id] = true
			l.items = append(l.items, &item{col: byFolder["groups"], slug: id, path: "_meta/migration-table.json", object: g})
		}
	}
}

func newGroup(id, name, kind, rule string) Object {
	types := []any{}
	if strings.EqualFold(kind, "DynamicMembership") {
		types = append(types, "DynamicMembership")
	}
	g := Object{
		"@odata.type": graphType + "group", "id": id, "displayName": name, "description": nil, "mailEnabled": false, "securityEnabled": true,
		"mailNickname": derivedGUID("nickname", id)[:10], "groupTypes": types, "membershipRule": nil,
	}
	if rule != "" {
		g["membershipRule"] = rule
	}
	return g
}

func (l *loader) usedTags() map[string]bool {
	used := map[string]bool{"0": true}
	for _, it := range l.items {
		if it.col.ids == tagID {
			used[str(it.object, "id")] = true
		}
	}
	return used
}

func nextFree(tags map[string]bool) string {
	for n := 1; ; n++ {
		if id := itoa(n); !tags[id] {
			tags[id] = true
			return id
		}
	}
}

func (l *loader) missingID(it *item, tags map[string]bool) string {
	if it.col.ids == tagID {
		if strings.EqualFold(str(it.object, "displayName"), "Default") {
			return "0"
		}
		return nextFree(tags)
	}
	return l.freshID(it)
}

// freshID derives an id from directory and path, in the collection's form.
func (l *loader) freshID(it *item) string {
	id := derivedGUID("path", l.t.directory, it.col.folder+"/"+it.slug)
	switch {
	case it.col.ids == mamID:
		return "T_" + id
	case it.col.folder == "deviceEnrollmentConfigurations":
		if n, isNumber := integer(it.object, "priority"); isNumber && n == 0 {
			return id + "_Default" + strings.TrimSuffix(strings.TrimPrefix(typeOf(it.object), "deviceEnrollment"), "Configuration")
		}
	}
	return id
}

// resolveNames turns names of scope tags and groups into ids, creating what
// does not exist.
func (l *loader) resolveNames() {
	r := &resolver{l: l, groups: map[string]string{}, tags: map[string]string{"default": "0"}, scopes: map[string]string{}, known: map[string]bool{}, used: l.usedTags()}
	for _, it := range l.items {
		name := strings.ToLower(str(it.object, "displayName"))
		switch it.col.folder {
		case "groups":
			r.known[strings.ToLower(str(it.object, "id"))] = true
			if r.groups[name] == "" {
				r.groups[name] = str(it.object, "id")
			}
		case "roleScopeTags":
			r.tags[name] = str(it.object, "id")
		case "assignmentFilters":
			r.scopes[name] = str(it.object, "id")
		}
	}
	for _, it := range l.items {
		r.object(it)
	}
	l.items = append(r.made, l.items...)
}

type resolver struct {
	l      *loader
	groups map[string]string // name → id
	tags   map[string]string
	scopes map[string]string // assignment filters, name → id
	known  map[string]bool   // group ids
	used   map[string]bool   // tag ids
	made   []*item
}

func (r *resolver) object(it *item) {
	for _, p := range []string{"roleScopeTagIds", "roleScopeTags"} {
		for i, v := range list(it.object, p) {
			if name, isText := v.(string); isText && !digitPattern.MatchString(name) {
				list(it.object, p)[i] = r.tag(name)
			}
		}
	}
	for _, a := range objects(it.object, "assignments") {
		if target, isObject := a["target"].(Object); isObject {
			r.target(target)
		}
	}
	walk(it.object, func(o Object) {
		for _, p := range []string{"includeGroups", "excludeGroups", "notificationMessageCCList"} {
			for i, v := range list(o, p) {
				if name, isText := v.(string); isText && !isGUID(name) && !wellKnownWord(name) {
					list(o, p)[i] = r.group(name, "", "")
				}
			}
		}
	})
}

func wellKnownWord(s string) bool { return s == "" || s == "All" || s == "None" }

// target replaces a group's name by its id; an id that comes with a name makes
// the group known.
func (r *resolver) target(target Object) {
	name, kind, rule := str(target, "groupName"), str(target, "groupType"), str(target, "membershipRule")
	id := str(target, "groupId")
	switch {
	case name != "" && isGUID(id):
		if !r.known[strings.ToLower(id)] {
			r.addGroup(newGroup(id, name, kind, rule))
		}
	case name != "":
		target["groupId"] = r.group(name, kind, rule)
	case id != "" && !isGUID(id):
		target["groupId"] = r.group(id, kind, rule)
	}
	for _, p := range []string{"groupName", "groupType", "membershipRule"} {
		delete(target, p)
	}
	const filter = "deviceAndAppManagementAssignmentFilterId"
	if id := r.scopes[strings.ToLower(str(target, filter))]; id != "" {
		target[filter] = id
	}
}

func (r *resolver) group(name, kind, rule string) string {
	if id := r.groups[strings.ToLower(name)]; id != "" {
		return id
	}
	g := newGroup(derivedGUID("group", r.l.t.directory, name), name, kind, rule)
	r.addGroup(g)
	return str(g, "id")
}

func (r *resolver) addGroup(g Object) {
	id, name := str(g, "id"), strings.ToLower(str(g, "displayName"))
	r.known[strings.ToLower(id)] = true
	if r.groups[name] == "" {
		r.groups[name] = id
	}
	r.made = append(r.made, &item{col: byFolder["groups"], slug: id, object: g})
}

func (r *resolver) tag(name string) string {
	if id := r.tags[strings.ToLower(name)]; id != "" {
		return id
	}
	id := nextFree(r.used)
	r.tags[strings.ToLower(name)] = id
	tag := Object{"@odata.type": graphType + "roleScopeTag", "id": id, "displayName": name, "description": "", "isBuiltIn": false}
	r.made = append(r.made, &item{col: byFolder["rolescopetags"], slug: id, object: tag})
	return id
}
