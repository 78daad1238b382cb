package graphsim

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// pageLife is how long a $skiptoken works.
const pageLife = time.Hour

// look is what a reader sees of an object, nil when nothing.
func (w *work) look(folder, id string) Object {
	r := w.t.shelf(folder).records[strings.ToLower(id)]
	if r == nil {
		return nil
	}
	return r.seen(w.now, w.stale)
}

// visible is what a reader sees of a collection.
func (w *work) visible(col *collection) []Object {
	if col.virtual != nil {
		return col.virtual(w)
	}
	return w.t.view(col.folder, func(r *record) Object { return r.seen(w.now, w.stale) })
}

func (w *work) virtualObject(id string) Object {
	for _, o := range w.col.virtual(w) {
		if strings.EqualFold(str(o, "id"), id) {
			return o
		}
	}
	return nil
}

func (w *work) get(id string) (reply, *failure) {
	o := w.look(w.col.folder, id)
	if w.col.virtual != nil {
		o = w.virtualObject(id)
	}
	if o == nil {
		return reply{objectID: id}, notFound(id)
	}
	return w.answerObject(o)
}

func (w *work) answerObject(o Object) (reply, *failure) {
	q, fail := options(w.c.query)
	if fail == nil {
		fail = w.expandable(q)
	}
	if fail != nil {
		return reply{}, fail
	}
	out := w.shape(o, q, false)
	w.context(out, w.col.path+"/$entity")
	return reply{status: ok, body: out, objectID: str(o, "id")}, nil
}

func (w *work) context(body Object, what string) {
	if metadataLevel(w.c.header) != "none" {
		body["@odata.context"] = w.c.origin + "/" + w.c.version + "/$metadata#" + what
	}
}

// expandable refuses navigation properties the collection cannot expand.
func (w *work) expandable(q *query) *failure {
	for name := range q.expand {
		found := false
		for _, e := range w.col.expand {
			found = found || strings.EqualFold(e, name)
		}
		for e := range w.col.derived {
			found = found || strings.EqualFold(e, name)
		}
		if !found {
			return badRequest("Parsing OData Select and Expand failed: Could not find a property named '" + name + "' on type 'microsoft.graph." + w.col.typ + "'.")
		}
	}
	return nil
}

func (w *work) list() (reply, *failure) {
	q, fail := options(w.c.query)
	if fail == nil {
		fail = w.expandable(q)
	}
	if fail == nil && w.col.quiet && q.filter != nil {
		fail = badRequest("The query option '$filter' is not supported.")
	}
	if fail != nil {
		return reply{}, fail
	}
	return w.pageWith(q, w.visible(w.col), w.col.pageSize(), w.col.topLimit(),
		func(o Object, q *query) Object { return w.shape(o, q, true) }, w.col.path)
}

func (w *work) count() (reply, *failure) {
	q, fail := options(w.c.query)
	if fail != nil {
		return reply{}, fail
	}
	n := 0
	for _, o := range w.visible(w.col) {
		if q.filter == nil || q.filter(o) {
			n++
		}
	}
	return reply{status: ok, text: strconv.Itoa(n)}, nil
}

// page answers one page of a list that is not a collection itself.
func (w *work) page(all []Object, size, limit int, shape func(Object, *query) Object, what string) (reply, *failure) {
	q, fail := options(w.c.query)
	if fail != nil {
		return reply{}, fail
	}
	return w.pageWith(q, all, size, limit, shape, what)
}

func (w *work) pageWith(q *query, all []Object, size, limit int, shape func(Object, *query) Object, what string) (reply, *failure) {
	if q.top > limit {
		return reply{}, badRequest(fmt.Sprintf("The limit of '%d' for Top query has been exceeded. The value from the incoming request is '%d'.", limit, q.top))
	}
	if q.top > 0 {
		size = q.top
	}
	if w.pages > 0 {
		size = min(size, w.pages)
	}
	from, fail := w.skipped(q)
	if fail != nil {
		return reply{}, fail
	}
	kept := make([]Object, 0, len(all))
	for _, o := range all {
		if q.filter == nil || q.filter(o) {
			kept = append(kept, o)
		}
	}
	q.sort(kept)
	from = min(from, len(kept))
	to := min(from+size, len(kept))
	value := make([]any, 0, to-from)
	for _, o := range kept[from:to] {
		value = append(value, shape(o, q))
	}
	body := Object{"value": value}
	w.context(body, what)
	if q.count {
		body["@odata.count"] = len(kept)
	}
	if to < len(kept) || w.foreign {
		body["@odata.nextLink"] = w.nextLink(to)
	}
	return reply{status: ok, body: body}, nil
}

// skipped reads where the page starts.
func (w *work) skipped(q *query) (int, *failure) {
	raw := w.c.query.Get("$skiptoken")
	if raw == "" {
		return q.skip, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(raw)
	if err != nil {
		return 0, badRequest("The skip token is not valid.")
	}
	var from int
	var issued int64
	if _, err := fmt.Sscanf(string(data), "%d@%d", &from, &issued); err != nil || from < 0 {
		return 0, badRequest("The skip token is not valid.")
	}
	if w.now.Sub(time.Unix(issued, 0)) > pageLife {
		return 0, badRequest("The skip token has expired.")
	}
	return from, nil
}

// nextLink repeats the request's options with a skip token, absolute.
func (w *work) nextLink(from int) string {
	values := url.Values{}
	for k, v := range w.c.query {
		if k != "$skiptoken" && k != "$skip" {
			values[k] = v
		}
	}
	values.Set("$skiptoken", base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d@%d", from, w.now.Unix())))
	origin := w.c.origin
	if w.foreign {
		origin = "https://graph.foreign.invalid"
	}
	path := (&url.URL{Path: "/" + w.c.version + "/" + w.c.path}).EscapedPath()
	return origin + path + "?" + values.Encode()
}
