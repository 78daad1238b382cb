package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// reader is the reading side of one directory. Its session cannot write. It is
// safe for concurrent use.
type reader struct{ s *session }

var _ provider.Reader = (*reader)(nil)

// List implements provider.Reader.
func (r *reader) List(ctx context.Context, t *subject.Type, each func(provider.Object, error) error) error {
	return r.list(ctx, t, "", func(object) bool { return true }, each)
}

// FindByName implements provider.Reader. Where the service can, it narrows the
// listing; elsewhere the whole collection is listed. Only matches are made
// complete.
func (r *reader) FindByName(ctx context.Context, t *subject.Type, name string) ([]provider.Object, error) {
	w, err := known(t)
	if err != nil {
		return nil, err
	}
	if w.named {
		found, err := r.matches(ctx, t, name, t.Name+" eq "+quote(name))
		if provider.ClassOf(err) != provider.Invalid {
			return found, err
		}
	}
	return r.matches(ctx, t, name, "")
}

func (r *reader) matches(ctx context.Context, t *subject.Type, name, filter string) ([]provider.Object, error) {
	var found []provider.Object
	named := func(o object) bool { return text(o, t.Name) == name }
	if t.Singleton {
		named = func(object) bool { return t.Label == name }
	}
	err := r.list(ctx, t, filter, named, func(o provider.Object, err error) error {
		if err != nil {
			return err // a match that cannot be read may be the one that matters
		}
		found = append(found, o)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Get implements provider.Reader.
func (r *reader) Get(ctx context.Context, t *subject.Type, id string) (provider.Object, error) {
	w, err := known(t)
	if err != nil {
		return provider.Object{}, err
	}
	if t.Singleton {
		return r.singleton(ctx, t, w)
	}
	if id == "" {
		return provider.Object{}, &provider.Error{Class: provider.Gone, Message: "There is no object without an id."}
	}
	a, err := r.s.get(ctx, w.objectPath(id), w.family, full(t))
	if err != nil {
		return provider.Object{}, err
	}
	o, err := decodeObject(a.body)
	if err != nil {
		return provider.Object{}, unreadable("Microsoft Graph gave an object that cannot be read.", err)
	}
	drafts := []*draft{{id: text(o, "id"), o: o, at: a.at}}
	if err := r.complete(ctx, t, w, drafts); err != nil {
		return provider.Object{}, err
	}
	return drafts[0].finish(t, w)
}

func (r *reader) singleton(ctx context.Context, t *subject.Type, w wire) (provider.Object, error) {
	a, err := r.s.get(ctx, w.path, w.family, full(t))
	if err != nil {
		return provider.Object{}, err
	}
	if a.status == http.StatusNoContent {
		return provider.Object{}, &provider.Error{Class: provider.Gone, Status: a.status, Message: "The directory has no such settings yet."}
	}
	o, err := decodeObject(a.body)
	if err != nil {
		return provider.Object{}, unreadable("Microsoft Graph gave an object that cannot be read.", err)
	}
	if inner := child(o, "value"); inner != nil {
		o = inner // some services wrap complex properties
	}
	d := &draft{id: singletonID(t), o: o, at: a.at}
	return d.finish(t, w)
}

// singletonID names the one object of a type, which has no id of its own.
func singletonID(t *subject.Type) string { return t.Collection }

func (r *reader) list(ctx context.Context, t *subject.Type, filter string, wanted func(object) bool, each func(provider.Object, error) error) error {
	w, err := known(t)
	if err != nil {
		return err
	}
	if t.Singleton {
		return r.listSingleton(ctx, t, w, wanted, each)
	}
	seen := map[string]bool{}
	first := request{method: http.MethodGet, path: w.listPath(filter), family: w.family, full: full(t)}
	return r.s.pages(ctx, first, func(p page) error {
		drafts, err := draftsOf(p, seen, wanted)
		if err != nil {
			return err
		}
		if err := r.completeListed(ctx, t, w, drafts); err != nil {
			return err
		}
		return hand(drafts, t, w, each)
	})
}

// listSingleton hands on the one object, or nothing when there is none yet.
func (r *reader) listSingleton(ctx context.Context, t *subject.Type, w wire, wanted func(object) bool, each func(provider.Object, error) error) error {
	o, err := r.singleton(ctx, t, w)
	if provider.ClassOf(err) == provider.Gone {
		return nil
	}
	if err != nil || !wanted(nil) {
		return err
	}
	return each(o, nil)
}

func known(t *subject.Type) (wire, error) {
	w, ok := rowOf(t)
	if !ok {
		return wire{}, fmt.Errorf("graph: no wire row for type %s", t.Key)
	}
	return w, nil
}

// draftsOf decodes a page. An entry without a readable id makes the listing
// useless: it could be any object.
func draftsOf(p page, seen map[string]bool, wanted func(object) bool) ([]*draft, error) {
	var out []*draft
	for _, raw := range p.items {
		o, err := decodeObject(raw)
		if err != nil {
			return nil, unreadable("Microsoft Graph listed something that is no object.", err)
		}
		id := text(o, "id")
		if id == "" {
			return nil, unreadable("Microsoft Graph listed an object without an id.", nil)
		}
		if seen[id] || !wanted(o) {
			continue
		}
		seen[id] = true // pages may shift while they are read
		out = append(out, &draft{id: id, o: o, at: p.at})
	}
	return out, nil
}

// hand passes the objects on, each with its own error.
func hand(drafts []*draft, t *subject.Type, w wire, each func(provider.Object, error) error) error {
	for _, d := range drafts {
		o, err := d.finish(t, w)
		if err := each(o, err); err != nil {
			return err
		}
	}
	return nil
}

// finish turns a draft into the port's object. One that failed keeps what was
// listed, so that it can be named.
func (d *draft) finish(t *subject.Type, w wire) (provider.Object, error) {
	tidy(d.o)
	if t.ODataType != "" && text(d.o, odataType) == "" {
		d.o[odataType] = "#" + t.ODataType
	}
	if w.refine != nil {
		w.refine(d.o)
	}
	out := provider.Object{ID: d.id, ReadAt: d.at, AssignmentsRead: t.Assigning == subject.AssignNone}
	if _, ok := d.o["assignments"].([]any); ok {
		out.AssignmentsRead = true
	} else {
		delete(d.o, "assignments")
	}
	raw, err := encode(d.o)
	if err != nil {
		return out, errors.Join(d.err, err)
	}
	out.Raw = raw
	return out, d.err
}
