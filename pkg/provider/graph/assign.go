package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

const (
	filterID   = "deviceAndAppManagementAssignmentFilterId"
	filterType = "deviceAndAppManagementAssignmentFilterType"
	zeroGUID   = "00000000-0000-0000-0000-000000000000"
)

// assignments adds what leads from the current assignments to the desired ones.
func (p *plan) assignments(desired []json.RawMessage, current *provider.Object) error {
	if p.t.Assigning == subject.AssignNone || (p.w.assignLocked != nil && p.have != nil && p.w.assignLocked(p.have)) {
		return nil
	}
	want, err := decodeAssignments(desired)
	if err != nil {
		return err
	}
	have := directAssignments(p.have)
	if p.t.Assigning == subject.AssignSingle {
		if current != nil && !current.AssignmentsRead {
			return &provider.Error{Class: provider.Conflict, Code: "assignments_unread", Message: "The present assignments could not be read."}
		}
		return p.assignOneByOne(want, have)
	}
	known := current == nil || current.AssignmentsRead
	if known && sameSet(bodies(want), bodies(have)) {
		return nil
	}
	return p.add(provider.StepReplace, "assign", http.MethodPost, p.w.path+"/{id}/"+p.w.assign, object{p.w.assignKey: bodies(want)})
}

// assignOneByOne removes first: some targets may be assigned only once.
func (p *plan) assignOneByOne(want, have []assignment) error {
	wanted := counts(want)
	for _, a := range have {
		if key := canonical(a.body); wanted[key] > 0 {
			wanted[key]--
			continue
		}
		if err := p.add(provider.StepAppend, "unassign", http.MethodDelete, p.w.path+"/{id}/"+p.w.assign+"/"+escape(a.id), nil); err != nil {
			return err
		}
	}
	for _, a := range want {
		key := canonical(a.body)
		if wanted[key] == 0 {
			continue
		}
		wanted[key]--
		if err := p.add(provider.StepAppend, "assign", http.MethodPost, p.w.path+"/{id}/"+p.w.assign, a.body); err != nil {
			return err
		}
	}
	return nil
}

// assignment is one target with what belongs to it, in the shape it is sent.
type assignment struct {
	id   string
	body object
}

func bodies(in []assignment) []any {
	out := make([]any, len(in))
	for i, a := range in {
		out[i] = a.body
	}
	return out
}

func counts(in []assignment) map[string]int {
	out := map[string]int{}
	for _, a := range in {
		out[canonical(a.body)]++
	}
	return out
}

func decodeAssignments(in []json.RawMessage) ([]assignment, error) {
	out := make([]assignment, len(in))
	for i, raw := range in {
		o, err := decodeObject(raw)
		if err != nil || child(o, "target") == nil {
			return nil, fmt.Errorf("desired assignment %d: no target: %w", i, err)
		}
		out[i] = shapeAssignment(o)
	}
	return out, nil
}

// directAssignments are the object's own: those of policy sets belong to them.
func directAssignments(o object) []assignment {
	var out []assignment
	for _, a := range items(o, "assignments") {
		if source := text(a, "source"); source == "" || strings.EqualFold(source, "direct") {
			out = append(out, shapeAssignment(a))
		}
	}
	return out
}

func shapeAssignment(a object) assignment {
	o, _ := clone(a).(object)
	tidy(o)
	id := text(o, "id")
	without(o, "id", "source", "sourceId", odataType)
	target := child(o, "target")
	none := text(target, filterID) == "" || text(target, filterID) == zeroGUID || strings.EqualFold(text(target, filterType), "none")
	if target != nil && none {
		without(target, filterID, filterType)
	}
	for key, v := range o {
		if v == nil {
			delete(o, key)
		}
	}
	for key, v := range target {
		if v == nil {
			delete(target, key)
		}
	}
	return assignment{id: id, body: o}
}
