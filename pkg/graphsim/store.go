package graphsim

import (
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"
)

// record is one object with its former state, which readers see while a write
// has not spread yet.
type record struct {
	id        string
	present   Object // nil once removed
	former    Object // nil when it did not exist
	written   bool
	visibleAt time.Time
}

func (r *record) seen(now time.Time, stale bool) Object {
	if r.written && (stale || now.Before(r.visibleAt)) {
		return r.former
	}
	return r.present
}

// shelf holds one collection in the order of arrival.
type shelf struct {
	records map[string]*record
	order   []string
}

// tenant is the content of one directory. Its methods expect mu to be held.
type tenant struct {
	mu         sync.Mutex
	directory  string
	log        *slog.Logger
	shelves    map[string]*shelf
	replaced   map[string]bool // folders that replace a default
	notOffered map[string]bool
	counter    uint64
	seed       uint64
	writes     *opLog
	report     LoadReport
}

func newTenant(directory string, seed uint64, log *slog.Logger) *tenant {
	return &tenant{
		directory: directory, seed: seed, log: log, shelves: map[string]*shelf{},
		replaced: map[string]bool{}, notOffered: map[string]bool{},
	}
}

func (t *tenant) shelf(folder string) *shelf {
	sh := t.shelves[folder]
	if sh == nil {
		sh = &shelf{records: map[string]*record{}}
		t.shelves[folder] = sh
	}
	return sh
}

// object is the present state of an object, or nil. Callers must not change it.
func (t *tenant) object(folder, id string) Object {
	if r := t.shelf(folder).records[strings.ToLower(id)]; r != nil {
		return r.present
	}
	return nil
}

// all are the present objects in the order of arrival.
func (t *tenant) all(folder string) []Object {
	return t.view(folder, func(r *record) Object { return r.present })
}

func (t *tenant) view(folder string, look func(*record) Object) []Object {
	sh := t.shelf(folder)
	out := make([]Object, 0, len(sh.order))
	for _, id := range sh.order {
		if o := look(sh.records[id]); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// find is the first present object with that property value, letter case
// ignored.
func (t *tenant) find(folder, property, value string) Object {
	for _, o := range t.all(folder) {
		if strings.EqualFold(str(o, property), value) {
			return o
		}
	}
	return nil
}

// place puts an object without history: loading and replaying.
func (t *tenant) place(folder, id string, o Object) {
	sh, key := t.shelf(folder), strings.ToLower(id)
	r := sh.records[key]
	if r == nil {
		r = &record{id: id}
		sh.records[key] = r
		sh.order = append(sh.order, key)
	}
	r.present = o
}

// store writes an object (nil removes it); readers see it after lag.
func (t *tenant) store(folder, id string, o Object, now time.Time, lag time.Duration) error {
	key := strings.ToLower(id)
	before := t.shelf(folder).records[key]
	var former Object
	if before != nil {
		former = before.seen(now, false)
	}
	t.place(folder, id, o)
	r := t.shelf(folder).records[key]
	r.former, r.written, r.visibleAt = former, true, now.Add(lag)
	t.counter++
	return t.writes.append(folder, id, o)
}

// nextID makes an unused id of the wanted form.
func (t *tenant) nextID(c *collection) string {
	if c.ids == tagID {
		return t.nextTag()
	}
	for n := t.counter; ; n++ {
		id := derivedGUID("new", t.directory, c.folder, strconv.FormatUint(t.seed, 10), strconv.FormatUint(n, 10))
		if c.ids == mamID {
			id = "T_" + id
		}
		if t.shelf(c.folder).records[strings.ToLower(id)] == nil {
			return id
		}
	}
}

func (t *tenant) nextTag() string {
	for n := 1; ; n++ {
		if id := strconv.Itoa(n); t.shelf("roleScopeTags").records[id] == nil {
			return id
		}
	}
}

// childID makes an id for a new element of a child list.
func (t *tenant) childID(parent, name string) string {
	t.counter++
	return derivedGUID("child", t.directory, parent, name, strconv.FormatUint(t.seed, 10), strconv.FormatUint(t.counter, 10))
}
