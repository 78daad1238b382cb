package graphsim

import (
	"errors"
	"fmt"
	"strings"
)

// errUnknown says that a directory, collection or object does not exist.
var errUnknown = errors.New("unknown")

func (s *Server) shelfOf(directory, folder string) (*tenant, *collection, error) {
	t, col := s.tenant(directory), byFolder[strings.ToLower(folder)]
	switch {
	case t == nil:
		return nil, nil, fmt.Errorf("%w directory %q", errUnknown, directory)
	case col == nil || col.virtual != nil:
		return nil, nil, fmt.Errorf("%w collection %q", errUnknown, folder)
	}
	return t, col, nil
}

// Objects returns copies of a collection's objects as they are stored, without
// lag, secrets masked. The collection is the folder's name.
func (s *Server) Objects(directory, collection string) ([]Object, error) {
	t, col, err := s.shelfOf(directory, collection)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	out := []Object{}
	for _, o := range t.all(col.folder) {
		out = append(out, cloneObject(o))
	}
	return out, nil
}

// UpsertObject makes a change from outside: it replaces the object with that
// id, or adds one (with a new id when it has none), without the checks and
// limits of the Graph routes, visible at once. It returns the stored object.
func (s *Server) UpsertObject(directory, collection string, o Object) (Object, error) {
	clean, err := normalise(o)
	if err != nil {
		return nil, err
	}
	stored, _, err := s.upsert(directory, collection, clean)
	return stored, err
}

func (s *Server) upsert(directory, folder string, o Object) (stored Object, isNew bool, err error) {
	t, col, err := s.shelfOf(directory, folder)
	if err != nil {
		return nil, false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := s.clock()
	tidy(col, o, t.directory)
	col.complete(o)
	if col.single {
		o["id"] = col.folder
	}
	if str(o, "id") == "" {
		o["id"] = t.nextID(col)
	}
	id := str(o, "id")
	old := t.object(col.folder, id)
	for i, d := range col.dates {
		if d != "" && (i == 1 || o[d] == nil) {
			o[d] = stamp(now)
			if i == 0 && old != nil && old[d] != nil {
				o[d] = old[d]
			}
		}
	}
	numberChildren(t, col, o)
	s.learnExported(o)
	s.offers.learn(col.folder, o)
	walk(o, t.learnSecret)
	if err := t.store(col.folder, id, o, now, 0); err != nil {
		return nil, false, err
	}
	return cloneObject(o), old == nil, nil
}

// DeleteObject removes an object from outside, whatever refers to it.
func (s *Server) DeleteObject(directory, collection, id string) error {
	t, col, err := s.shelfOf(directory, collection)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.object(col.folder, id) == nil {
		return fmt.Errorf("%w object %q", errUnknown, id)
	}
	return t.store(col.folder, id, nil, s.clock(), 0)
}
