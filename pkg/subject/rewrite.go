package subject

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// Payload is an object made safe for another tenant: ids and server state are
// gone, and every reference names the target's object.
type Payload struct {
	Content     []byte   // JSON object
	Assignments [][]byte // JSON objects {target: {…}, …}
}

// UnresolvedError lists references that have no counterpart in the target.
type UnresolvedError struct{ References []Reference }

// Error implements error.
func (e *UnresolvedError) Error() string {
	return fmt.Sprintf("%d references are unresolved", len(e.References))
}

// Wanted says what of an object is carried to another tenant.
type Wanted struct {
	Directory   string // the source's directory id
	Name        string // the name the object shall have; empty keeps it
	Content     bool
	Assignments bool
	// Resolve gives the target's id of each reference; the directory itself is
	// one of kind tenant.
	Resolve func(Reference) (string, bool)
}

// Rewrite turns one tenant's raw object into a payload for another. Only the
// references of the wanted parts are asked for; one that is not resolved is an
// UnresolvedError.
func Rewrite(t *Type, raw []byte, want Wanted) (*Payload, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	w := rewriter{t: t, directory: want.Directory, resolve: want.Resolve}
	var assignments []map[string]any
	if want.Assignments {
		assignments = w.assignments(o)
	}
	content := map[string]any{}
	if want.Content {
		content = w.content(o)
	}
	if want.Name != "" && t.Name != "" {
		content[t.Name] = want.Name
	}
	if len(w.missing) > 0 {
		return nil, &UnresolvedError{References: w.missing}
	}
	return encode(content, assignments)
}

func encode(content map[string]any, assignments []map[string]any) (*Payload, error) {
	var err error
	p := &Payload{}
	if p.Content, err = json.Marshal(content, json.Deterministic(true)); err != nil {
		return nil, fmt.Errorf("encode payload: %w", err)
	}
	for _, a := range assignments {
		text, err := json.Marshal(a, json.Deterministic(true))
		if err != nil {
			return nil, fmt.Errorf("encode assignment: %w", err)
		}
		p.Assignments = append(p.Assignments, text)
	}
	return p, nil
}

// content is the object without ids, server state and assignments.
func (w *rewriter) content(o map[string]any) map[string]any {
	eachReference(w.t, o, w.replace)
	for _, k := range serverState {
		if k != "@odata.type" {
			delete(o, k)
		}
	}
	return w.cleanObject(o, "")
}

type rewriter struct {
	t         *Type
	directory string
	resolve   func(Reference) (string, bool)
	missing   []Reference
}

func (w *rewriter) replace(r Reference) any {
	id, ok := w.resolve(r)
	if !ok {
		w.missing = append(w.missing, r)
		return r.ID
	}
	return id
}

// clean drops annotations and server state and puts the target's directory id
// in the place of the source's.
func (w *rewriter) clean(v any, path string) any {
	switch v := v.(type) {
	case map[string]any:
		return w.cleanObject(v, path)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = w.clean(e, path+"[]")
		}
		return out
	case string:
		if v != "" && strings.EqualFold(v, w.directory) {
			return w.replace(Reference{Kind: RefTenant, ID: w.directory})
		}
	}
	return v
}

func (w *rewriter) cleanObject(o map[string]any, path string) map[string]any {
	out := make(map[string]any, len(o))
	for k, v := range o {
		full := child(path, k)
		if isAnnotation(k) || slices.Contains(w.t.Volatile, full) {
			continue
		}
		out[k] = w.clean(v, full)
	}
	return out
}

func (w *rewriter) assignments(o map[string]any) []map[string]any {
	list, _ := o["assignments"].([]any)
	var out []map[string]any
	for _, e := range list {
		a, ok := e.(map[string]any)
		if !ok || a["source"] == "policySets" {
			continue
		}
		if target, ok := a["target"].(map[string]any); ok {
			out = append(out, w.assignment(a, target))
		}
	}
	return out
}

func (w *rewriter) assignment(a, target map[string]any) map[string]any {
	clean := w.cleanObject(target, "")
	if id, _ := target["groupId"].(string); id != "" && !WellKnown(RefGroup, id) {
		clean["groupId"] = w.replace(Reference{Kind: RefGroup, ID: id})
	}
	if id, _ := target[filterID].(string); meansNone(RefFilter, id) {
		delete(clean, filterID)
		delete(clean, filterType)
	} else {
		clean[filterID] = w.replace(Reference{Kind: RefFilter, ID: id})
	}
	out := map[string]any{"target": clean}
	for k, v := range a {
		switch {
		case k == "id", k == "source", k == "sourceId", k == "target", isAnnotation(k):
		default:
			out[k] = w.clean(v, k)
		}
	}
	return out
}
