package compare

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// MaxChanges bounds the changes one diff lists.
const MaxChanges = 2000

// ChangeKind is what happened to one value, seen from the target.
type ChangeKind string

// The change kinds: added would come to the target, removed would go.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one difference between two versions.
type Change struct {
	Path        string // stable, made of property names and definition ids
	Label       string // in an administrator's words
	Kind        ChangeKind
	SourceValue any // nil when removed
	TargetValue any // nil when added
}

// Side is one version, made ready to compare: names stand for references.
type Side struct {
	Name        string
	Content     subject.Node
	Assignments subject.Node
}

// Labels gives display names by setting definition or option id.
type Labels map[string]string

// Diff lists what differs between two versions, ordered by path. A nil side
// means that the policy does not exist there. truncated says that more than
// MaxChanges were found.
func Diff(source, target *Side, rule AssignmentsRule, labels Labels) (changes []Change, truncated bool) {
	d := differ{labels: labels}
	s, t := sideOrEmpty(source), sideOrEmpty(target)
	if s.Name != t.Name {
		d.leaf([]string{"name"}, textOrNil(s.Name), textOrNil(t.Name))
	}
	d.node(nil, s.Content, t.Content)
	if rule == IncludeAssignments {
		d.node([]string{"assignments"}, s.Assignments, t.Assignments)
	}
	slices.SortStableFunc(d.changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	if len(d.changes) > MaxChanges {
		return d.changes[:MaxChanges], true
	}
	return d.changes, false
}

func sideOrEmpty(s *Side) *Side {
	if s == nil {
		return &Side{}
	}
	return s
}

func textOrNil(s string) subject.Node {
	if s == "" {
		return nil
	}
	return s
}

type differ struct {
	labels  Labels
	changes []Change
}

// node compares objects by property and sets by element; anything else is a
// value of its own.
func (d *differ) node(path []string, s, t subject.Node) {
	if subject.SameNode(s, t) {
		return
	}
	sm, sIsObject := s.(map[string]subject.Node)
	tm, tIsObject := t.(map[string]subject.Node)
	if (sIsObject || s == nil) && (tIsObject || t == nil) {
		d.object(path, sm, tm)
		return
	}
	ss, sIsSet := s.(subject.Set)
	ts, tIsSet := t.(subject.Set)
	if (sIsSet || s == nil) && (tIsSet || t == nil) {
		d.set(path, ss, ts)
		return
	}
	d.leaf(path, s, t)
}

func (d *differ) object(path []string, s, t map[string]subject.Node) {
	keys := slices.Collect(maps.Keys(s))
	for k := range t {
		if _, both := s[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		d.node(append(slices.Clip(path), k), s[k], t[k])
	}
}

// set reports elements that only one side has, counting equal ones.
func (d *differ) set(path []string, s, t subject.Set) {
	left := make(map[string]int, len(t))
	for _, e := range t {
		left[string(subject.NodeText(e))]++
	}
	for _, e := range sorted(s) {
		if key := string(subject.NodeText(e)); left[key] > 0 {
			left[key]--
			continue
		}
		d.leaf(path, e, nil)
	}
	for _, e := range sorted(t) {
		if key := string(subject.NodeText(e)); left[key] > 0 {
			left[key]--
			d.leaf(path, nil, e)
		}
	}
}

func sorted(set subject.Set) subject.Set {
	out := slices.Clone(set)
	slices.SortFunc(out, func(a, b subject.Node) int { return bytes.Compare(subject.NodeText(a), subject.NodeText(b)) })
	return out
}

func (d *differ) leaf(path []string, s, t subject.Node) {
	kind := Changed
	switch {
	case t == nil:
		kind = Added
	case s == nil:
		kind = Removed
	}
	d.changes = append(d.changes, Change{
		Path: strings.Join(path, "/"), Label: d.label(path), Kind: kind,
		SourceValue: d.shown(path, s), TargetValue: d.shown(path, t),
	})
}

// label spells a path for people: display names where they are known, readable
// property names elsewhere; steps that say nothing are left out.
func (d *differ) label(path []string) string {
	var parts []string
	for _, step := range path {
		if step == "settings" || step == "children" || step == "value" {
			continue
		}
		if name, ok := d.labels[step]; ok {
			parts = append(parts, name)
			continue
		}
		parts = append(parts, Readable(step))
	}
	if len(parts) == 0 {
		return "Value"
	}
	return strings.Join(parts, " › ")
}

// shown is a value in an administrator's words, where its place has some.
func (d *differ) shown(path []string, n subject.Node) any {
	switch place := path[0]; {
	case n == nil:
		return nil
	case place == "assignments":
		if text := assignmentText(n); text != "" {
			return text
		}
	case (place == "roleScopeTagIds" || place == "roleScopeTags") && subject.SameNode(n, "0"):
		return "Default"
	}
	return d.value(n)
}

// value turns a node into what JSON carries, option ids into their names.
func (d *differ) value(n subject.Node) any {
	switch v := n.(type) {
	case string:
		if name, ok := d.labels[v]; ok {
			return name
		}
		return v
	case subject.Secret:
		return "(secret, not readable)"
	case subject.Reference:
		return v.ID
	case []subject.Node:
		return d.values(v)
	case subject.Set:
		return d.values(sorted(v))
	case map[string]subject.Node:
		out := make(map[string]any, len(v))
		for k, e := range v {
			name := k
			if l, ok := d.labels[k]; ok {
				name = l
			}
			if _, taken := out[name]; taken {
				name = fmt.Sprintf("%s (%s)", name, k)
			}
			out[name] = d.value(e)
		}
		return out
	}
	return n
}

func (d *differ) values(list []subject.Node) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = d.value(e)
	}
	return out
}
