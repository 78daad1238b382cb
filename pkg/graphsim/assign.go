package graphsim

import (
	"net/http"
	"slices"
	"strings"
)

// The virtual groups that stand for everybody: app protection names the first
// one as a group.
const (
	allUsersGroup   = "acacacac-9df4-4c7d-9d50-4ef0226f57a9"
	allDevicesGroup = "adadadad-808e-44e2-905a-0b7873a8a531"
)

// assign replaces the complete set of assignments.
func (w *work) assign(id string) (reply, *failure) {
	old, body, fail := w.loadForChange(id)
	if fail != nil {
		return reply{}, fail
	}
	a := w.col.assign
	if _, isList := body[a.key].([]any); !isList || len(objects(body, a.key)) != len(list(body, a.key)) {
		return reply{}, badRequest("The parameter '" + a.key + "' is required and must be a list.")
	}
	set := []any{}
	seen := map[string]bool{}
	for _, item := range objects(body, a.key) {
		made, fail := w.assignmentItem(old, item)
		if fail != nil {
			return reply{}, fail
		}
		if seen[str(made, "id")] {
			return reply{}, badRequest("The assignments contain the same target more than once.")
		}
		seen[str(made, "id")] = true
		set = append(set, made)
	}
	next := cloneObject(old)
	next["assignments"] = set
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	if a.status == noContent {
		return reply{status: noContent, objectID: id}, nil
	}
	answer := Object{"value": set}
	w.context(answer, w.col.path+"('"+id+"')/assignments")
	return reply{status: a.status, body: answer, objectID: id}, nil
}

// assignmentItem checks one target and makes the stored assignment.
func (w *work) assignmentItem(owner, item Object) (Object, *failure) {
	target, _ := item["target"].(Object)
	if target == nil {
		return nil, badRequest("An assignment needs a target.")
	}
	if fail := w.targetAllowed(owner, target); fail != nil {
		return nil, fail
	}
	made := cloneObject(item)
	made["id"] = str(owner, "id") + "_" + targetKey(target)
	made["source"] = "direct"
	made["sourceId"] = str(owner, "id")
	stored, _ := made["target"].(Object)
	if _, present := stored["deviceAndAppManagementAssignmentFilterId"]; !present {
		stored["deviceAndAppManagementAssignmentFilterId"] = nil
	}
	if str(stored, "deviceAndAppManagementAssignmentFilterType") == "" {
		stored["deviceAndAppManagementAssignmentFilterType"] = "none"
	}
	return made, nil
}

func targetKey(target Object) string {
	switch typeOf(target) {
	case "allLicensedUsersAssignmentTarget":
		return allUsersGroup
	case "allDevicesAssignmentTarget":
		return allDevicesGroup
	case "configurationManagerCollectionAssignmentTarget":
		return str(target, "collectionId")
	}
	return str(target, "groupId")
}

var targetKinds = []string{
	"groupAssignmentTarget", "exclusionGroupAssignmentTarget", "allLicensedUsersAssignmentTarget",
	"allDevicesAssignmentTarget", "configurationManagerCollectionAssignmentTarget",
}

func (w *work) targetAllowed(owner, target Object) *failure {
	kind := typeOf(target)
	if !slices.Contains(targetKinds, kind) {
		return badRequest("The assignment target type '" + kind + "' is not known.")
	}
	if kinds := w.col.assign.kinds; kinds != nil && !slices.Contains(kinds, kind) {
		return badRequest("The assignment target type '" + kind + "' is not supported for app protection.")
	}
	if strings.Contains(strings.ToLower(kind), "group") {
		if fail := w.groupKnown(str(target, "groupId")); fail != nil {
			return fail
		}
	}
	return w.filterAllowed(owner, kind, target)
}

func (w *work) groupKnown(id string) *failure {
	if !isGUID(id) {
		return badRequest("Invalid GroupId: a valid AADGroupId is expected.")
	}
	if strings.EqualFold(id, allUsersGroup) && w.col.assign.kinds != nil {
		return nil
	}
	if w.t.object("groups", id) == nil {
		return badRequest("Invalid GroupId '" + id + "': a valid AADGroupId is expected.")
	}
	return nil
}

func (w *work) filterAllowed(owner Object, kind string, target Object) *failure {
	id := str(target, "deviceAndAppManagementAssignmentFilterId")
	mode := str(target, "deviceAndAppManagementAssignmentFilterType")
	if id == "" || id == zeroGUID {
		if mode == "include" || mode == "exclude" {
			return badRequest("An assignment filter type needs an assignment filter id.")
		}
		return nil
	}
	switch {
	case kind == "exclusionGroupAssignmentTarget":
		return badRequest("An assignment filter is not allowed on an exclusion target.")
	case w.col.assign.filterless || typeOf(owner) == "windows10EnrollmentCompletionPageConfiguration":
		return badRequest("Assignment filters are not supported for this object.")
	case w.t.object("assignmentFilters", id) == nil:
		return badRequest("Scope Tags validation failed : Filters '" + id + "' do not exist.")
	}
	return nil
}

// assignOne adds or removes a single assignment.
func (w *work) assignOne(id string, rest []string) (reply, *failure) {
	old, body, fail := w.loadForChangeUnguarded(id)
	if fail != nil {
		return reply{}, fail
	}
	switch {
	case w.c.method == http.MethodDelete && len(rest) == 1:
		return w.unassign(id, old, rest[0])
	case w.c.method != http.MethodPost || len(rest) > 0:
		return reply{}, noRoute(w.c.path)
	}
	made, fail := w.assignmentItem(old, body)
	if fail != nil {
		return reply{}, fail
	}
	if w.col.folder == "windowsAutopilotDeploymentProfiles" {
		made["id"] = str(made, "id") + "_0"
		if fail := w.onlyOneForAllDevices(id, made); fail != nil {
			return reply{}, fail
		}
	}
	next := cloneObject(old)
	for _, a := range objects(next, "assignments") {
		if str(a, "id") == str(made, "id") {
			return reply{}, refuse(http.StatusConflict, "Conflict", "The assignment already exists.")
		}
	}
	next["assignments"] = append(list(next, "assignments"), made)
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	return reply{status: w.col.assign.status, body: cloneObject(made), objectID: id}, nil
}

func (w *work) loadForChangeUnguarded(id string) (old, body Object, fail *failure) {
	if old = w.t.object(w.col.folder, id); old == nil {
		return nil, nil, notFound(id)
	}
	body, fail = w.body()
	return old, body, fail
}

func (w *work) unassign(id string, old Object, assignment string) (reply, *failure) {
	next := cloneObject(old)
	kept := slices.DeleteFunc(list(next, "assignments"), func(v any) bool {
		o, isObject := v.(Object)
		return isObject && strings.EqualFold(str(o, "id"), assignment)
	})
	if len(kept) == len(list(old, "assignments")) {
		return reply{}, notFound(assignment)
	}
	next["assignments"] = kept
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	return reply{status: noContent, objectID: id}, nil
}

func (w *work) onlyOneForAllDevices(id string, made Object) *failure {
	target, _ := made["target"].(Object)
	if typeOf(target) != "allDevicesAssignmentTarget" {
		return nil
	}
	for _, o := range w.t.all(w.col.folder) {
		if str(o, "id") != id && assignedTo(o, "allDevicesAssignmentTarget") {
			return badRequest("Another deployment profile is already assigned to All Devices.")
		}
	}
	return nil
}

func assignedTo(o Object, kind string) bool {
	for _, a := range objects(o, "assignments") {
		if target, isObject := a["target"].(Object); isObject && typeOf(target) == kind {
			return true
		}
	}
	return false
}
