package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// draft is an object on its way to being complete.
type draft struct {
	id  string
	o   object
	at  time.Time
	err error // why it will not be complete
}

// completeListed reads what the listing left out.
func (r *reader) completeListed(ctx context.Context, t *subject.Type, w wire, drafts []*draft) error {
	if w.single != "" {
		if err := r.replace(ctx, t, w, drafts); err != nil {
			return err
		}
	}
	return r.complete(ctx, t, w, drafts)
}

// replace reads every object by id; the listed form stays when that fails.
func (r *reader) replace(ctx context.Context, t *subject.Type, w wire, drafts []*draft) error {
	paths := make([]string, len(drafts))
	for i, d := range drafts {
		paths[i] = w.objectPath(d.id)
	}
	results, err := r.s.readAll(ctx, paths, w.family, full(t))
	if err != nil {
		return err
	}
	for i, d := range drafts {
		if results[i].err != nil {
			d.err = results[i].err
			continue
		}
		o, err := decodeObject(results[i].body)
		if err != nil || text(o, "id") != d.id {
			d.err = unreadable("Microsoft Graph gave an object that cannot be read.", err)
			continue
		}
		d.o, d.at = o, results[i].at
	}
	return nil
}

// complete reads the lists inside the objects.
func (r *reader) complete(ctx context.Context, t *subject.Type, w wire, drafts []*draft) error {
	for _, d := range drafts {
		if err := r.unroll(ctx, w, d); err != nil {
			return err
		}
	}
	parts := w.children
	if t.Assigning != subject.AssignNone && !slices.Contains(partNames(parts), "assignments") {
		parts = append(slices.Clone(parts), assignmentsPart) // only for objects that came without
	}
	for _, p := range parts {
		if err := r.fill(ctx, w, drafts, p); err != nil {
			return err
		}
	}
	if !w.configurations {
		return nil
	}
	if err := r.readMasked(ctx, w, drafts); err != nil {
		return err
	}
	return r.readLinks(ctx, w, drafts)
}

func partNames(parts []part) []string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.property
	}
	return names
}

// unroll follows the next links of lists that were expanded inside an object.
func (r *reader) unroll(ctx context.Context, w wire, d *draft) error {
	for key, link := range d.o {
		property, ok := strings.CutSuffix(key, "@odata.nextLink")
		next, isText := link.(string)
		if !ok || !isText || d.err != nil {
			continue
		}
		rest, err := r.restOf(ctx, w, next)
		if fatal := d.fail(ctx, err, property == "assignments", property); fatal != nil {
			return fatal
		}
		if err == nil {
			have, _ := d.o[property].([]any)
			d.o[property] = append(have, rest...)
		}
	}
	return nil
}

func (r *reader) restOf(ctx context.Context, w wire, link string) ([]any, error) {
	u, err := r.s.checkLink(link)
	if err != nil {
		return nil, err
	}
	return r.collect(ctx, request{method: http.MethodGet, link: u, family: w.family}, nil)
}

// fill reads one list of every draft that lacks it, in batches.
func (r *reader) fill(ctx context.Context, w wire, drafts []*draft, p part) error {
	var open []*draft
	var holders []holder
	for _, d := range drafts {
		if _, have := d.o[p.property].([]any); d.err == nil && !have {
			open = append(open, d)
			holders = append(holders, holder{d.o, w.path + "/" + escape(d.id)})
		}
	}
	errs, err := r.inline(ctx, w, holders, p)
	if err == nil && p.assignments {
		err = r.expandAssignments(ctx, w, holders, errs)
	}
	if err != nil {
		return err
	}
	for i, d := range open {
		if fatal := d.fail(ctx, errs[i], p.assignments, p.property); fatal != nil {
			return fatal
		}
	}
	return nil
}

// expandAssignments asks again for assignments that have no route of their own:
// some types serve them only as a part of the object.
func (r *reader) expandAssignments(ctx context.Context, w wire, holders []holder, errs []error) error {
	var open []int
	var paths []string
	for i, err := range errs {
		if class := provider.ClassOf(err); class == provider.Gone || class == provider.Invalid {
			open = append(open, i)
			paths = append(paths, holders[i].path+query("$select", "id", "$expand", withAssignments))
		}
	}
	results, err := r.s.readAll(ctx, paths, w.family, false)
	if err != nil {
		return err
	}
	for n, i := range open {
		o, err := decodeObject(results[n].body)
		if found, ok := o[withAssignments].([]any); results[n].err == nil && err == nil && ok {
			holders[i].o[withAssignments], errs[i] = found, nil
		}
	}
	return nil
}

// holder is an object that gets a list inlined, and where the list is served.
type holder struct {
	o    object
	path string
}

// inline reads one list for each holder and, where there are, the lists inside
// its elements. The errors are the holders'.
func (r *reader) inline(ctx context.Context, w wire, holders []holder, p part) ([]error, error) {
	paths := make([]string, len(holders))
	for i, h := range holders {
		paths[i] = h.path + "/" + p.property + strings.ReplaceAll(p.query, " ", "%20")
	}
	results, err := r.s.readAll(ctx, paths, w.family, false)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(holders))
	for i, h := range holders {
		if errs[i] = results[i].err; errs[i] != nil {
			continue
		}
		first := request{method: http.MethodGet, path: paths[i], family: w.family}
		elements, err := r.collect(ctx, first, &results[i])
		if errs[i] = err; err == nil {
			h.o[p.property] = elements
		}
	}
	if p.nested != nil {
		return errs, r.inlineNested(ctx, w, holders, p, errs)
	}
	return errs, nil
}

// inlineNested reads the lists inside the elements of all holders together, so
// that batches are full.
func (r *reader) inlineNested(ctx context.Context, w wire, holders []holder, p part, errs []error) error {
	var inner []holder
	var owner []int
	for i, h := range holders {
		if errs[i] != nil {
			continue
		}
		for _, e := range items(h.o, p.property) {
			inner = append(inner, holder{e, h.path + "/" + p.property + "/" + escape(text(e, "id"))})
			owner = append(owner, i)
		}
	}
	innerErrs, err := r.inline(ctx, w, inner, *p.nested)
	if err != nil {
		return err
	}
	for n, e := range innerErrs {
		if e != nil {
			errs[owner[n]] = e
		}
	}
	return nil
}

// collect reads a list to its end; got is its first page when it is here already.
func (r *reader) collect(ctx context.Context, first request, got *result) ([]any, error) {
	out := []any{}
	each := func(p page) error {
		for _, raw := range p.items {
			o, err := decodeObject(raw)
			if err != nil {
				return unreadable("Microsoft Graph listed something that is no object.", err)
			}
			out = append(out, o)
		}
		return nil
	}
	var err error
	if got != nil {
		err = r.s.pagesFrom(ctx, first, got.body, got.at, each)
	} else {
		err = r.s.pages(ctx, first, each)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// fail notes why a part is missing. Missing assignments leave the object
// usable; an error that would meet every other object, too, ends the listing.
func (d *draft) fail(ctx context.Context, err error, assignments bool, property string) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("read from graph: %w", ctx.Err())
	case assignments:
		delete(d.o, property)
	default:
		d.err = errors.Join(d.err, err)
	}
	return nil
}

// readableIntent puts the JSON text of every setting into one spelling, so that
// equal values are equal texts.
func readableIntent(o object) {
	for _, s := range items(o, "settings") {
		dec := json.NewDecoder(strings.NewReader(text(s, "valueJson")))
		dec.UseNumber()
		var v any
		if dec.Decode(&v) != nil {
			continue // not JSON: it stays as the service wrote it
		}
		if plain, err := encode(v); err == nil {
			s["valueJson"] = string(plain)
		}
	}
}
