package graphsim

import (
	"net/http"
	"slices"
	"strings"
)

// routeChild serves a list inside an object, and lists inside its elements.
func (w *work) routeChild(id string, parent Object, children []child, rest []string) (reply, *failure) {
	ch := findChild(children, rest[0])
	if ch == nil {
		return reply{}, noRoute(w.c.path)
	}
	items := objects(parent, ch.name)
	if len(rest) == 1 {
		switch w.c.method {
		case http.MethodGet:
			return w.listChild(items, ch)
		case http.MethodPost:
			return w.addChild(id, ch)
		}
		return reply{}, noRoute(w.c.path)
	}
	at := slices.IndexFunc(items, func(o Object) bool { return strings.EqualFold(str(o, "id"), rest[1]) })
	if at < 0 {
		return reply{}, notFound(rest[1])
	}
	if len(rest) > 2 {
		return w.belowChild(id, items[at], ch, rest[2:])
	}
	return w.oneChild(id, items[at], ch)
}

func (w *work) belowChild(id string, item Object, ch *child, rest []string) (reply, *failure) {
	if look := ch.derived[rest[0]]; look != nil && len(rest) == 1 {
		return w.derivedProperty(item, rest, look)
	}
	if inner := findChild(ch.children, rest[0]); inner != nil && w.c.method == http.MethodGet {
		return w.routeChild(id, item, ch.children, rest)
	}
	return reply{}, noRoute(w.c.path)
}

func (w *work) listChild(items []Object, ch *child) (reply, *failure) {
	size, limit := ch.page, ch.top
	if size == 0 {
		size = 100
	}
	if limit == 0 {
		limit = 1000
	}
	return w.page(items, size, limit, func(o Object, q *query) Object { return w.childView(o, ch, q) }, w.c.path)
}

func (w *work) childView(o Object, ch *child, q *query) Object {
	out := cloneObject(o)
	w.shapeChild(out, ch, q)
	walk(out, func(o Object) {
		for k := range o {
			if strings.HasSuffix(k, "@odata.bind") || k == "@odata.type" && plainType(typeOf(o)) {
				delete(o, k)
			}
		}
	})
	return out
}

func (w *work) oneChild(id string, item Object, ch *child) (reply, *failure) {
	switch w.c.method {
	case http.MethodGet:
		q, fail := options(w.c.query)
		if fail != nil {
			return reply{}, fail
		}
		return reply{status: ok, body: w.childView(item, ch, q), objectID: id}, nil
	case http.MethodPatch:
		if ch.codes.patch != 0 {
			return w.changeChild(id, str(item, "id"), ch)
		}
	case http.MethodDelete:
		if ch.codes.remove != 0 {
			return w.dropChild(id, str(item, "id"), ch)
		}
	}
	return reply{}, noRoute(w.c.path)
}

func (w *work) addChild(id string, ch *child) (reply, *failure) {
	if ch.codes.create == 0 {
		return reply{}, noRoute(w.c.path)
	}
	old, item, fail := w.loadForChange(id)
	if fail != nil {
		return reply{}, fail
	}
	next := cloneObject(old)
	item["id"] = w.t.childID(id, ch.name)
	item["lastModifiedDateTime"] = stamp(w.now)
	if ch.prepare != nil {
		if fail := ch.prepare(w, next, item); fail != nil {
			return reply{}, fail
		}
	}
	next[ch.name] = append(list(next, ch.name), item)
	w.touch(next)
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	return reply{status: ch.codes.create, body: w.childView(item, ch, &query{}), objectID: id}, nil
}

func (w *work) changeChild(id, itemID string, ch *child) (reply, *failure) {
	old, body, fail := w.loadForChange(id)
	if fail != nil {
		return reply{}, fail
	}
	next := cloneObject(old)
	items := objects(next, ch.name)
	item := items[slices.IndexFunc(items, func(o Object) bool { return str(o, "id") == itemID })]
	for _, p := range ch.fixed {
		if v, present := body[p]; present && canonical(v) != canonical(item[p]) {
			return reply{}, badRequest("The property '" + p + "' cannot be changed.")
		}
	}
	for k, v := range body {
		if !slices.Contains(commonServer, k) {
			item[k] = clone(v)
		}
	}
	item["lastModifiedDateTime"] = stamp(w.now)
	if ch.prepare != nil {
		if fail := ch.prepare(w, next, item); fail != nil {
			return reply{}, fail
		}
	}
	w.touch(next)
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	return reply{status: ch.codes.patch, body: w.childView(item, ch, &query{}), objectID: id}, nil
}

func (w *work) dropChild(id, itemID string, ch *child) (reply, *failure) {
	old, _, fail := w.loadForChange(id)
	if fail != nil {
		return reply{}, fail
	}
	next := cloneObject(old)
	next[ch.name] = slices.DeleteFunc(list(next, ch.name), func(v any) bool {
		o, isObject := v.(Object)
		return isObject && str(o, "id") == itemID
	})
	w.touch(next)
	if fail := w.save(id, next); fail != nil {
		return reply{}, fail
	}
	return reply{status: ch.codes.remove, objectID: id}, nil
}
