package graphsim

import (
	"net/http"
	"regexp"
	"strings"
	"time"
)

// work is one Graph request being carried out against its tenant, whose lock
// is held.
type work struct {
	s       *Server
	t       *tenant
	c       *call
	col     *collection
	now     time.Time
	lag     time.Duration
	stale   bool
	pages   int // forced page size
	foreign bool
}

var (
	keySegment = regexp.MustCompile(`^([^()]+)\('(.*)'\)$`)
	altSegment = regexp.MustCompile(`^(servicePrincipals|directoryRoles|users|groups)\((\w+)='(.*)'\)$`)
)

// segments splits a path; name('id') becomes two segments.
func segments(path string) []string {
	var out []string
	for _, part := range strings.Split(path, "/") {
		if part == "" {
			continue
		}
		if m := altSegment.FindStringSubmatch(part); m != nil {
			out = append(out, m[1], m[2]+"="+strings.ReplaceAll(m[3], "''", "'"))
			continue
		}
		if m := keySegment.FindStringSubmatch(part); m != nil && !strings.Contains(m[1], "=") {
			out = append(out, m[1], strings.ReplaceAll(m[2], "''", "'"))
			continue
		}
		out = append(out, part)
	}
	return out
}

// locate finds the collection with the longest matching path.
func locate(parts []string) (*collection, []string) {
	for n := len(parts); n > 0; n-- {
		if col := byPath[strings.ToLower(strings.Join(parts[:n], "/"))]; col != nil {
			return col, parts[n:]
		}
	}
	return nil, nil
}

// route finds what the path means and does it.
func (w *work) route() (reply, *failure) {
	parts := segments(w.c.path)
	if out, fail, special := w.routeSpecial(parts); special {
		return out, fail
	}
	col, rest := locate(parts)
	if col == nil {
		return reply{}, noRoute(w.c.path)
	}
	w.col = col
	if w.c.version == "v1.0" && col.area == intune && !stable[col.folder] {
		return reply{}, noRoute(w.c.path)
	}
	if !w.c.token.may(col.perm, w.c.isRead()) {
		return reply{}, forbidden()
	}
	switch {
	case col.single:
		return w.routeSingle(rest)
	case len(rest) == 0:
		return w.routeCollection()
	case rest[0] == "$count":
		return w.count()
	}
	id := w.resolveID(rest[0])
	out, fail := w.routeObject(id, rest[1:])
	if out.objectID == "" {
		out.objectID = id
	}
	return out, fail
}

func forbidden() *failure {
	return refuse(http.StatusForbidden, "Forbidden", "Application is not authorized to perform this operation. Application must have one of the required scopes.")
}

// resolveID turns an alternate key (appId=…) into an id.
func (w *work) resolveID(part string) string {
	property, value, isAlternate := strings.Cut(part, "=")
	if !isAlternate {
		return part
	}
	if o := w.t.find(w.col.folder, property, value); o != nil {
		return str(o, "id")
	}
	return value
}

func (w *work) routeCollection() (reply, *failure) {
	switch w.c.method {
	case http.MethodGet:
		return w.list()
	case http.MethodPost:
		if w.col.codes.create == 0 || w.col.virtual != nil {
			return reply{}, noRoute(w.c.path)
		}
		return w.create()
	default:
		return reply{}, noRoute(w.c.path)
	}
}

func (w *work) routeObject(id string, rest []string) (reply, *failure) {
	if len(rest) > 0 {
		return w.routeBelow(id, rest)
	}
	code := map[string]int{
		http.MethodGet: ok, http.MethodPatch: w.col.codes.patch, http.MethodPut: w.col.codes.put,
		http.MethodDelete: w.col.codes.remove,
	}[w.c.method]
	if code == 0 {
		return reply{}, noRoute(w.c.path)
	}
	switch w.c.method {
	case http.MethodGet:
		return w.get(id)
	case http.MethodDelete:
		return w.remove(id)
	default:
		return w.update(id, code)
	}
}

func (w *work) routeSingle(rest []string) (reply, *failure) {
	o := w.look(w.col.folder, w.col.folder)
	switch {
	case len(rest) > 0:
		return reply{}, noRoute(w.c.path)
	case o == nil:
		return reply{}, notFound(w.col.folder)
	case w.c.method == http.MethodGet:
		return w.answerObject(o)
	case w.c.method == http.MethodPatch:
		return w.update(w.col.folder, w.col.codes.patch)
	}
	return reply{}, noRoute(w.c.path)
}

// routeBelow serves what stands behind an object's id.
func (w *work) routeBelow(id string, rest []string) (reply, *failure) {
	o := w.look(w.col.folder, id)
	switch {
	case w.col.virtual != nil:
		o = w.virtualObject(id)
	case !w.c.isRead():
		o = w.t.object(w.col.folder, id) // writes meet the present state
	}
	if o == nil {
		return reply{}, notFound(id)
	}
	name := strings.Join(rest, "/")
	bare := strings.TrimPrefix(name, "microsoft.graph.")
	if out, fail, found := w.routeAction(id, name, bare); found {
		return out, fail
	}
	if strings.HasPrefix(rest[0], "microsoft.graph.") && len(rest) > 1 {
		rest = rest[1:]
	}
	if a := w.col.assign; a != nil && a.single && strings.EqualFold(rest[0], a.action) && !w.c.isRead() {
		return w.assignOne(id, rest[1:])
	}
	if look := w.col.derived[rest[0]]; look != nil {
		return w.derivedProperty(o, rest, look)
	}
	if ch := w.col.child(rest[0]); ch != nil && !ch.hidden {
		return w.routeChild(id, o, w.col.children, rest)
	}
	return reply{}, noRoute(w.c.path)
}

func (w *work) routeAction(id, name, bare string) (reply, *failure, bool) {
	if a := w.col.assign; a != nil && !a.single && w.c.method == http.MethodPost &&
		(strings.EqualFold(name, a.action) || strings.EqualFold(bare, a.action)) {
		out, fail := w.assign(id)
		return out, fail, true
	}
	for i := range w.col.actions {
		a := &w.col.actions[i]
		if w.c.method == a.method && (strings.EqualFold(name, a.name) || strings.EqualFold(bare, a.name)) {
			out, fail := w.act(id, a)
			return out, fail, true
		}
	}
	return reply{}, nil, false
}

func (w *work) derivedProperty(o Object, rest []string, look derivation) (reply, *failure) {
	if len(rest) == 2 && rest[1] == "$ref" {
		return w.reference(o, rest[0])
	}
	if w.c.method != http.MethodGet || len(rest) > 1 {
		return reply{}, noRoute(w.c.path)
	}
	switch v := look(w, o).(type) {
	case []Object:
		return w.page(v, 100, 1000, func(o Object, _ *query) Object { return o }, w.c.path)
	case Object:
		if v != nil {
			return reply{status: ok, body: v}, nil
		}
	}
	return reply{}, notFound(rest[0])
}
