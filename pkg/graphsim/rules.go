package graphsim

import (
	"fmt"
	"net/http"
	"strings"
)

// Rules of every collection.

const longestDescription = 1500 // characters

// check runs the general checks and the collection's rules; old is nil on
// create.
func (w *work) check(next, old Object) *failure {
	for _, r := range []rule{wellFormed, tagsKnown, nameFree} {
		if fail := r(w, next, old); fail != nil {
			return fail
		}
	}
	for _, r := range w.col.rules {
		if fail := r(w, next, old); fail != nil {
			return fail
		}
	}
	return nil
}

// wellFormed wants the type, the required properties and a short description.
func wellFormed(w *work, next, old Object) *failure {
	if w.col.many && typeOf(next) == "" {
		return badRequest("Cannot create an abstract class: the property '@odata.type' is required.")
	}
	for _, p := range w.col.required {
		if unchanged(next, old, p) {
			continue
		}
		v, present := next[p]
		if text, isText := v.(string); !present || v == nil || isText && strings.TrimSpace(text) == "" {
			return badRequest("The property '" + p + "' is required.")
		}
	}
	if len([]rune(str(next, "description"))) > longestDescription {
		return badRequest(fmt.Sprintf("The description must not exceed %d characters.", longestDescription))
	}
	return nil
}

func tagsKnown(w *work, next, old Object) *failure {
	if w.col.tags == "" || unchanged(next, old, w.col.tags) {
		return nil
	}
	for _, id := range texts(next, w.col.tags) {
		if w.t.object("roleScopeTags", id) == nil {
			return badRequest("Scope Tags validation failed : Scope tag '" + id + "' does not exist.")
		}
	}
	return nil
}

// unchanged tells whether an update leaves a property as it was.
func unchanged(next, old Object, property string) bool {
	return old != nil && canonical(next[property]) == canonical(old[property])
}

// when runs a rule only on writes that touch one of the properties it is
// about: what was loaded may break today's rules.
func when(r rule, properties ...string) rule {
	return func(w *work, next, old Object) *failure {
		for _, p := range properties {
			if !unchanged(next, old, p) {
				return r(w, next, old)
			}
		}
		return nil
	}
}

func nameFree(w *work, next, _ Object) *failure {
	if !w.col.unique {
		return nil
	}
	property := w.col.nameProperty()
	for _, o := range w.t.all(w.col.folder) {
		if strings.EqualFold(str(o, property), str(next, property)) && str(o, "id") != str(next, "id") {
			return refuse(http.StatusConflict, "NameAlreadyExists", "An object with the name '"+str(next, property)+"' already exists.")
		}
	}
	return nil
}
