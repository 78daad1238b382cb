package graphsim

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
)

// A folder of exports holds <collection>/<name>.json, one object per file, and
// <collection>.<child>/ with children of the object of the same slug (or slug
// and id). groups/ and _meta/ are context. What cannot be read is reported and
// left out; it never stops the tenant.

const largestFile = 64 << 20

// Problem is a file, or a part of one, that loading could not use.
type Problem struct {
	// Path is relative to the folder of exports.
	Path string `json:"path"`
	// Reason says what was wrong with it.
	Reason string `json:"reason"`
}

// LoadReport tells what became of one tenant's folder.
type LoadReport struct {
	Directory string `json:"directory"`
	// Files is the number of object files read, broken ones included.
	Files int `json:"files"`
	// Objects counts what was loaded per collection.
	Objects map[string]int `json:"objects"`
	// Merged counts files that repeated an object with the same id and content.
	Merged int `json:"merged"`
	// Malformed counts files that could not be used.
	Malformed int `json:"malformed"`
	// Problems lists malformed files, orphans and unknown folders.
	Problems []Problem `json:"problems"`
}

// LoadReports returns the report of every tenant, by directory.
func (s *Server) LoadReports() []LoadReport {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := []LoadReport{}
	for _, d := range sortedKeys(s.tenants) {
		out = append(out, s.tenants[d].report)
	}
	return out
}

// item is one object on its way into the tenant.
type item struct {
	col    *collection
	slug   string
	path   string
	object Object
}

// loader reads one folder.
type loader struct {
	t        *tenant
	items    []*item
	groups   []Object // from the migration table
	children []childFile
}

type childFile struct {
	col         *collection
	child, slug string
	path        string
	value       any
}

func (s *Server) loadTenant(spec Tenant) (*tenant, error) {
	t := newTenant(spec.Directory, s.cfg.Seed, s.log)
	t.report = LoadReport{Directory: spec.Directory, Objects: map[string]int{}, Problems: []Problem{}}
	for _, id := range spec.NotOffered {
		t.notOffered[strings.ToLower(id)] = true
	}
	l := &loader{t: t}
	if spec.FS != nil {
		if err := l.readFolder(spec.FS); err != nil {
			return nil, err
		}
	}
	if err := l.readMemory(spec.Objects); err != nil {
		return nil, err
	}
	l.attachChildren()
	l.identify()
	l.resolveNames()
	if s.cfg.FreshIDs {
		renumber(spec.Directory, l.items)
	}
	for _, it := range l.items {
		numberChildren(t, it.col, it.object)
		t.place(it.col.folder, str(it.object, "id"), it.object)
		t.report.Objects[it.col.folder]++
		s.offers.learn(it.col.folder, it.object)
		s.learnExported(it.object)
	}
	t.addStrengths()
	t.addDefaults()
	return t, nil
}

func (l *loader) problem(p, format string, args ...any) {
	reason := fmt.Sprintf(format, args...)
	l.t.report.Problems = append(l.t.report.Problems, Problem{p, reason})
	l.t.log.Warn("export not used", "directory", l.t.directory, "path", p, "reason", reason)
}

func (l *loader) readFolder(fsys fs.FS) error {
	dirs, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return err
	}
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		if d.Name() == "_meta" {
			l.readMeta(fsys)
			continue
		}
		if err := l.readCollection(fsys, d.Name()); err != nil {
			return err
		}
	}
	order := map[*collection]int{}
	for i, c := range table {
		order[c] = i
	}
	sort.SliceStable(l.items, func(i, j int) bool { return order[l.items[i].col] < order[l.items[j].col] })
	return nil
}

func (l *loader) readCollection(fsys fs.FS, name string) error {
	folder, childName, isChild := strings.Cut(name, ".")
	col := byFolder[strings.ToLower(folder)]
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
		return nil
	}
	if col == nil || col.virtual != nil {
		l.problem(name, "unknown collection")
		return nil
	}
	if !isChild {
		l.t.replaced[col.folder] = true
	}
	files, err := fs.ReadDir(fsys, name)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.IsDir() || !strings.EqualFold(path.Ext(f.Name()), ".json") {
			continue
		}
		p := path.Join(name, f.Name())
		slug := f.Name()[:len(f.Name())-len(".json")]
		l.t.report.Files++
		v, err := readJSON(fsys, p)
		if err != nil {
			l.malformed(p, err)
			continue
		}
		if isChild {
			l.children = append(l.children, childFile{col, childName, slug, p, v})
			continue
		}
		o, isObject := v.(Object)
		if !isObject {
			l.malformed(p, errors.New("not a JSON object"))
			continue
		}
		l.add(col, slug, p, o)
	}
	return nil
}

func (l *loader) malformed(p string, err error) {
	l.t.report.Malformed++
	l.problem(p, "malformed: %v", err)
}

func readJSON(fsys fs.FS, p string) (any, error) {
	info, err := fs.Stat(fsys, p)
	if err != nil {
		return nil, err
	}
	if info.Size() > largestFile {
		return nil, errors.New("file too large")
	}
	data, err := fs.ReadFile(fsys, p)
	if err != nil {
		return nil, err
	}
	return decodeValue(data)
}

func (l *loader) add(col *collection, slug, p string, o Object) {
	tidy(col, o, l.t.directory)
	col.complete(o)
	if col.many && typeOf(o) == "" {
		l.problem(p, "no @odata.type in a collection of several types; kept as it is")
	}
	l.items = append(l.items, &item{col: col, slug: slug, path: p, object: o})
}

// readMemory takes objects handed over as Go values.
func (l *loader) readMemory(all map[string][]Object) error {
	for _, c := range table {
		for name, list := range all {
			if !strings.EqualFold(name, c.folder) || c.virtual != nil {
				continue
			}
			l.t.replaced[c.folder] = true
			for i, o := range list {
				clean, err := normalise(o)
				if err != nil {
					return fmt.Errorf("object %d of %s: %w", i, name, err)
				}
				slug := itoa(i)
				l.t.report.Files++
				l.add(c, slug, c.folder+"/"+slug+".json", clean)
			}
		}
	}
	for name := range all {
		if c := byFolder[strings.ToLower(name)]; c == nil || c.virtual != nil {
			return fmt.Errorf("unknown collection %q", name)
		}
	}
	return nil
}

// readMeta takes the groups of the migration table and what is not offered.
func (l *loader) readMeta(fsys fs.FS) {
	if v, err := readJSON(fsys, "_meta/migration-table.json"); err == nil {
		l.migrationTable(v)
	} else if !errors.Is(err, fs.ErrNotExist) {
		l.malformed("_meta/migration-table.json", err)
	}
	if v, err := readJSON(fsys, "_meta/not-offered.json"); err == nil {
		mapStrings(v, func(s string) string { l.t.notOffered[strings.ToLower(s)] = true; return s })
	} else if !errors.Is(err, fs.ErrNotExist) {
		l.malformed("_meta/not-offered.json", err)
	}
}

func (l *loader) migrationTable(v any) {
	var rows []any
	walk(v, func(o Object) { rows = append(rows, o) })
	for _, row := range rows {
		o, _ := row.(Object)
		low := Object{}
		for k, v := range o {
			low[strings.ToLower(k)] = v
		}
		if strings.EqualFold(str(low, "type"), "group") && str(low, "id") != "" {
			l.groups = append(l.groups, newGroup(str(low, "id"), str(low, "displayname"), "", ""))
		}
	}
}

// attachChildren puts child files into their parents.
func (l *loader) attachChildren() {
	for _, c := range l.children {
		at := slices.IndexFunc(l.items, func(it *item) bool {
			return it.col == c.col && (strings.EqualFold(it.slug, c.slug) || strings.EqualFold(it.slug+"-"+str(it.object, "id"), c.slug))
		})
		if at < 0 {
			l.problem(c.path, "orphan: no object with this slug")
			continue
		}
		parent := l.items[at].object
		wrapped := Object{c.child: childList(c)}
		tidy(c.col, wrapped, l.t.directory)
		delete(wrapped, "@odata.type")
		for name, v := range wrapped {
			more, _ := v.([]any)
			parent[name] = mergeLists(list(parent, name), more)
		}
	}
}

// childList reads {"<child>": [...]}, {"value": [...]}, a list, or one object.
func childList(c childFile) []any {
	switch v := c.value.(type) {
	case []any:
		return v
	case Object:
		for _, name := range []string{c.child, "value"} {
			for k, inner := range v {
				if strings.EqualFold(k, name) {
					if l, isList := inner.([]any); isList {
						return l
					}
					return []any{inner}
				}
			}
		}
		return []any{v}
	}
	return nil
}

// mergeLists adds what is not there yet; an element with the same key is
// replaced.
func mergeLists(have, more []any) []any {
	key := func(v any) string {
		o, _ := v.(Object)
		for _, p := range []string{"definitionId", "id", "locale"} {
			if k := str(o, p); k != "" {
				return p + ":" + k
			}
		}
		return canonical(v)
	}
	for _, m := range more {
		at := slices.IndexFunc(have, func(v any) bool { return key(v) == key(m) })
		if at >= 0 {
			have[at] = m
		} else {
			have = append(have, m)
		}
	}
	return have
}
