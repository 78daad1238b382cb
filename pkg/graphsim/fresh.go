package graphsim

import (
	"strconv"
	"strings"
)

// renumber gives the folder's own objects new ids, the same ones every time
// for a directory, and follows them wherever they are named: in properties, in
// composed ids and inside texts. Ids the folder does not own stay.
func renumber(directory string, items []*item) {
	own := map[string]string{}
	tags := map[string]string{}
	for _, it := range items {
		id := str(it.object, "id")
		if n, err := strconv.Atoi(id); it.col.ids == tagID && err == nil && n > 0 {
			tags[id] = strconv.Itoa(n + 100)
			continue
		}
		for _, g := range guidPattern.FindAllString(id, -1) {
			own[strings.ToLower(g)] = derivedGUID("fresh", directory, strings.ToLower(g))
		}
	}
	delete(own, zeroGUID)
	for _, it := range items {
		for _, id := range portableIDs(it) {
			delete(own, strings.ToLower(id))
		}
	}
	for _, it := range items {
		mapStrings(it.object, func(s string) string { return replaceGUIDs(s, own) })
		if fresh := tags[str(it.object, "id")]; it.col.ids == tagID && fresh != "" {
			it.object["id"] = fresh
		}
		for _, p := range []string{"roleScopeTagIds", "roleScopeTags"} {
			for i, v := range list(it.object, p) {
				if id, isText := v.(string); isText && tags[id] != "" {
					list(it.object, p)[i] = tags[id]
				}
			}
		}
	}
}

// portableIDs are ids in an object that mean the same in every tenant.
func portableIDs(it *item) []string {
	ids := []string{str(it.object, "roleTemplateId"), str(it.object, "appId"), str(it.object, "templateId")}
	builtIn := boolean(it.object, "isBuiltIn") || boolean(it.object, "isBuiltInRoleDefinition") || str(it.object, "policyType") == "builtIn"
	if builtIn || it.col.folder == "directoryRoleDefinitions" {
		ids = append(ids, str(it.object, "id"))
	}
	return ids
}

func replaceGUIDs(s string, own map[string]string) string {
	if len(s) < len(zeroGUID) {
		return s
	}
	return guidPattern.ReplaceAllStringFunc(s, func(g string) string {
		if fresh := own[strings.ToLower(g)]; fresh != "" {
			return fresh
		}
		return g
	})
}
