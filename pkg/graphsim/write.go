package graphsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// body reads the request's JSON object without annotations other than types
// and bindings.
func (w *work) body() (Object, *failure) {
	if len(w.c.body) == 0 {
		return Object{}, nil
	}
	o, err := decodeObject(w.c.body)
	if err != nil {
		return nil, badRequest("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	stripAnnotations(o)
	return o, nil
}

// stripAnnotations removes every annotation and action advertisement except
// types and bindings.
func stripAnnotations(v any) {
	walk(v, func(o Object) {
		for k := range o {
			if isAnnotation(k) {
				delete(o, k)
			}
		}
	})
}

func isAnnotation(key string) bool {
	if strings.HasPrefix(key, "#microsoft.graph.") || strings.HasPrefix(key, "@microsoft.graph.") {
		return true
	}
	at := strings.Index(key, "@odata.")
	return at >= 0 && key != "@odata.type" && !strings.HasSuffix(key, "@odata.bind")
}

func (w *work) create() (reply, *failure) {
	body, fail := w.body()
	if fail != nil {
		return reply{}, fail
	}
	return w.insert(body, w.col.codes.create)
}

// insert creates an object from a request body.
func (w *work) insert(body Object, status int) (reply, *failure) {
	if w.col.closed != nil {
		if fail := w.col.closed(w, body); fail != nil {
			return reply{}, fail
		}
	}
	if fail := w.refused(body, w.col.links); fail != nil {
		return reply{}, fail
	}
	next := Object{}
	w.ownProperties(next, body)
	id := w.t.nextID(w.col)
	if w.col.folder == "authenticationContextClassReferences" && str(body, "id") != "" {
		id = str(body, "id")
		if w.t.object(w.col.folder, id) != nil {
			return reply{}, refuse(http.StatusConflict, "Conflict", "An object with the id '"+id+"' already exists.")
		}
	}
	next["id"] = id
	w.startProperties(next)
	if fail := w.check(next, nil); fail != nil {
		return reply{}, fail
	}
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	return w.written(next, status), nil
}

// ownProperties copies what a client may set.
func (w *work) ownProperties(into, body Object) {
	for k, v := range body {
		if slices.Contains(commonServer, k) && (k != "version" || w.col.folder != "termsAndConditions") || slices.Contains(w.col.server, k) {
			continue
		}
		into[k] = clone(v)
	}
}

// startProperties are what the service gives a new object.
func (w *work) startProperties(next Object) {
	if str(next, "@odata.type") == "" && w.col.typ != "" && !w.col.many {
		next["@odata.type"] = graphType + w.col.typ
	}
	w.col.complete(next)
	for _, d := range w.col.dates {
		if d != "" {
			next[d] = stamp(w.now)
		}
	}
	if _, given := next["version"]; w.col.versioned && !given {
		next["version"] = json.Number("1")
	}
	if w.col.assign != nil {
		next["assignments"] = []any{}
	}
}

func (w *work) refused(body Object, names []string) *failure {
	for _, name := range names {
		if _, present := body[name]; present {
			return modelInvalid("Cannot apply PATCH or POST to navigation property '" + name + "' on entity type 'microsoft.graph." + w.typeName(body) + "'.")
		}
	}
	return nil
}

func (w *work) typeName(o Object) string {
	if t := typeOf(o); t != "" {
		return t
	}
	return w.col.typ
}

// update is PATCH and PUT.
func (w *work) update(id string, status int) (reply, *failure) {
	old, body, fail := w.loadForChange(id)
	if fail != nil {
		return reply{objectID: id}, fail
	}
	if w.c.method == http.MethodPatch {
		if fail := w.refused(body, w.col.patchless); fail != nil {
			return reply{}, fail
		}
	}
	if fail := w.refused(body, w.col.links); fail != nil {
		return reply{}, fail
	}
	if fail := w.unchangeable(body, old); fail != nil {
		return reply{}, fail
	}
	next := cloneObject(old)
	if w.c.method == http.MethodPut {
		w.clearForPut(next)
	}
	w.ownProperties(next, body)
	w.col.complete(next)
	w.touch(next)
	if fail := w.check(next, old); fail != nil {
		return reply{}, fail
	}
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	return w.written(next, status), nil
}

func (w *work) loadForChange(id string) (old, body Object, fail *failure) {
	if old = w.t.object(w.col.folder, id); old == nil {
		return nil, nil, notFound(id)
	}
	if body, fail = w.body(); fail != nil {
		return nil, nil, fail
	}
	if w.col.closed != nil {
		if fail := w.col.closed(w, old); fail != nil {
			return nil, nil, fail
		}
	}
	if w.col.guard != nil {
		if fail := w.col.guard(w, old); fail != nil {
			return nil, nil, fail
		}
	}
	return old, body, nil
}

// unchangeable refuses another type, a missing type where it must be repeated,
// and immutable properties.
func (w *work) unchangeable(body, old Object) *failure {
	given := typeOf(body)
	if w.col.typed && given == "" && w.c.method == http.MethodPatch {
		return badRequest("The property '@odata.type' is required to update an object of this collection.")
	}
	if own := typeOf(old); given != "" && own != "" && given != own {
		return badRequest("Cannot change type 'microsoft.graph." + own + "' to 'microsoft.graph." + given + "'.")
	}
	for _, p := range w.col.immutable {
		if v, present := body[p]; present && canonical(v) != canonical(old[p]) {
			return badRequest("The property '" + p + "' cannot be changed.")
		}
	}
	return nil
}

// clearForPut removes what a PUT replaces: everything but identity, dates,
// lists with routes of their own and the service's properties.
func (w *work) clearForPut(next Object) {
	for k := range next {
		kept := slices.Contains(commonServer, k) || slices.Contains(w.col.server, k) || k == "@odata.type" ||
			k == "assignments" || k == "templateReference" || k == w.col.tags || k == "scheduledActionsForRule"
		if !kept {
			delete(next, k)
		}
	}
}

// touch moves the date of the last change and the version.
func (w *work) touch(next Object) {
	if d := w.col.dates[1]; d != "" {
		next[d] = stamp(w.now)
	}
	if n, isNumber := integer(next, "version"); w.col.versioned && isNumber && w.col.folder != "termsAndConditions" {
		next["version"] = n + 1
	}
}

func (w *work) save(id string, next Object) *failure {
	if fail := w.approval(); fail != nil {
		return fail
	}
	clean, err := normalise(next)
	if err == nil {
		err = w.t.store(w.col.folder, id, clean, w.now, w.lag)
	}
	if err != nil {
		return refuse(http.StatusInternalServerError, "InternalServerError", "The object could not be kept.")
	}
	return nil
}

// written is the answer to a write: the object, or nothing with 204.
func (w *work) written(next Object, status int) reply {
	out := reply{status: status, objectID: str(next, "id")}
	if status != noContent {
		q := &query{}
		out.body = w.shape(w.t.object(w.col.folder, out.objectID), q, false)
		w.context(out.body, w.col.path+"/$entity")
	}
	return out
}

func (w *work) remove(id string) (reply, *failure) {
	old := w.t.object(w.col.folder, id)
	if old == nil {
		return reply{objectID: id}, notFound(id)
	}
	if w.col.guard != nil {
		if fail := w.col.guard(w, old); fail != nil {
			return reply{}, fail
		}
	}
	if fail := w.approval(); fail != nil {
		return reply{}, fail
	}
	if err := w.t.store(w.col.folder, id, nil, w.now, w.lag); err != nil {
		return reply{}, refuse(http.StatusInternalServerError, "InternalServerError", "The removal could not be kept.")
	}
	return reply{status: w.col.codes.remove, objectID: id}, nil
}

// act runs a named action on an object.
func (w *work) act(id string, a *action) (reply, *failure) {
	old, body, fail := w.loadForChange(id)
	if fail != nil {
		return reply{}, fail
	}
	next, answer, status, fail := a.run(w, cloneObject(old), body)
	if fail != nil {
		return reply{}, fail
	}
	if next != nil {
		w.touch(next)
		if fail := w.save(id, next); fail != nil {
			return reply{}, fail
		}
	}
	out := reply{status: status, objectID: id}
	if o, isObject := answer.(Object); isObject {
		out.body = o
	}
	return out, nil
}
