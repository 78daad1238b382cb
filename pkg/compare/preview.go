package compare

import (
	"cmp"
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// State is how one subject stands between two tenants.
type State string

// The compare states.
const (
	Aligned         State = "aligned"
	Different       State = "different"
	MissingInTarget State = "missing_in_target"
	OnlyInTarget    State = "only_in_target"
	Ambiguous       State = "ambiguous"
	NotEvaluated    State = "not_evaluated"
)

// MatchKind is how a subject was matched.
type MatchKind string

// The match kinds.
const (
	MatchExact      MatchKind = "exact"
	MatchNormalised MatchKind = "normalised_name"
	MatchNone       MatchKind = "none"
	MatchAmbiguous  MatchKind = "ambiguous"
)

// Cause says, for Monitoring and preflight, why an item has its state.
type Cause string

// The causes.
const (
	CauseContent           Cause = "content"            // settings differ
	CauseAssignments       Cause = "assignments"        // assignments differ
	CauseName              Cause = "name"               // only the version in the name differs
	CauseSourceUnread      Cause = "source_unread"      // the type's listing of the source is not complete
	CauseTargetUnread      Cause = "target_unread"      // the same of the target
	CauseSecret            Cause = "secret"             // equal but for values the provider does not return
	CauseSourceAssignments Cause = "source_assignments" // the source's assignments were not captured
	CauseTargetAssignments Cause = "target_assignments" // the target's were not
)

// Item is one subject of a preview.
type Item struct {
	Key    subject.Key
	Type   subject.TypeKey
	State  State
	Match  MatchKind
	Causes []Cause
	Source []*inventory.Entry // candidates; exactly one unless ambiguous or only in target
	Target []*inventory.Entry
}

// Name is the name to show: the source's where there is one.
func (i *Item) Name() string {
	if len(i.Source) > 0 {
		return i.Source[0].Name
	}
	return i.Target[0].Name
}

// Has reports whether the item has a cause.
func (i *Item) Has(c Cause) bool { return slices.Contains(i.Causes, c) }

// Preview is a whole comparison, ordered by type and name.
type Preview struct {
	Items  []Item
	Counts map[State]int
}

// Compare derives the preview of a canonical selection. It reads nothing and
// has no clock; the same views give the same preview.
func Compare(source, target *inventory.View, s Selection) *Preview {
	f := newFilter(s)
	pairs := make(map[subject.Key]*Item, len(source.Entries))
	collect(pairs, source.Entries, s.MatchRule, f, func(i *Item, e *inventory.Entry) { i.Source = append(i.Source, e) })
	collect(pairs, target.Entries, s.MatchRule, f, func(i *Item, e *inventory.Entry) { i.Target = append(i.Target, e) })
	p := &Preview{Items: make([]Item, 0, len(pairs)), Counts: map[State]int{}}
	for _, i := range pairs {
		if !f.named(i.Source, i.Target) {
			continue
		}
		inOrder(i.Source)
		inOrder(i.Target)
		judge(i, source, target, s.Assignments)
		p.Items = append(p.Items, *i)
		p.Counts[i.State]++
	}
	slices.SortFunc(p.Items, byTypeAndName)
	return p
}

func collect(pairs map[subject.Key]*Item, entries []inventory.Entry, rule subject.MatchRule, f filter, add func(*Item, *inventory.Entry)) {
	for n := range entries {
		e := &entries[n]
		key := e.Keys.For(rule)
		if !f.covers(e.Type, key) {
			continue
		}
		i := pairs[key]
		if i == nil {
			i = &Item{Key: key, Type: e.Type}
			pairs[key] = i
		}
		add(i, e)
	}
}

// inOrder gives candidates an order of their own: views come in none, and the
// first candidate's name is the one shown and sorted by.
func inOrder(candidates []*inventory.Entry) {
	slices.SortFunc(candidates, func(a, b *inventory.Entry) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ObjectID, b.ObjectID), cmp.Compare(a.VersionID, b.VersionID))
	})
}

// judge gives an item its state. What was not read comes first: nothing may be
// concluded from it. Then ambiguity, then presence, then content.
func judge(i *Item, source, target *inventory.View, rule AssignmentsRule) {
	i.Match = MatchNone
	if !source.Evaluated(i.Type) {
		i.Causes = append(i.Causes, CauseSourceUnread)
	}
	if !target.Evaluated(i.Type) {
		i.Causes = append(i.Causes, CauseTargetUnread)
	}
	switch {
	case len(i.Causes) > 0:
		i.State = NotEvaluated
	case len(i.Source) == 0:
		i.State = OnlyInTarget
	case len(i.Source) > 1 || len(i.Target) > 1:
		i.State, i.Match = Ambiguous, MatchAmbiguous
	case len(i.Target) == 0:
		i.State = MissingInTarget
	default:
		judgePair(i, i.Source[0], i.Target[0], rule)
	}
}

func judgePair(i *Item, s, t *inventory.Entry, rule AssignmentsRule) {
	i.Match = MatchExact
	if s.Name != t.Name {
		i.Match = MatchNormalised
	}
	if s.Content != t.Content {
		i.Causes = append(i.Causes, CauseContent)
	}
	if subject.NormaliseName(s.Name) != subject.NormaliseName(t.Name) {
		i.Causes = append(i.Causes, CauseName)
	}
	if rule == IncludeAssignments && s.Assignments.Read && t.Assignments.Read && s.Assigned != t.Assigned {
		i.Causes = append(i.Causes, CauseAssignments)
	}
	if len(i.Causes) > 0 {
		i.State = Different
		return
	}
	i.Causes = unknowns(s, t, rule)
	i.State = Aligned
	if len(i.Causes) > 0 {
		i.State = NotEvaluated
	}
}

// unknowns lists what keeps two seemingly equal subjects from being called aligned.
func unknowns(s, t *inventory.Entry, rule AssignmentsRule) []Cause {
	var causes []Cause
	if s.Traits.Secret || t.Traits.Secret {
		causes = append(causes, CauseSecret)
	}
	if rule == IncludeAssignments && !s.Assignments.Read {
		causes = append(causes, CauseSourceAssignments)
	}
	if rule == IncludeAssignments && !t.Assignments.Read {
		causes = append(causes, CauseTargetAssignments)
	}
	return causes
}

func byTypeAndName(a, b Item) int {
	return cmp.Or(
		cmp.Compare(subject.Order(a.Type), subject.Order(b.Type)),
		cmp.Compare(a.Name(), b.Name()),
		cmp.Compare(a.Key, b.Key),
	)
}

// Digest changes with every verdict and every version behind it; list cursors
// carry it, so that later pages never mix two truths.
func (p *Preview) Digest() fingerprint.Digest {
	h := fingerprint.NewHasher()
	for n := range p.Items {
		i := &p.Items[n]
		h.Add(string(i.Key), string(i.State))
		AddVersions(h, i.Source)
		AddVersions(h, i.Target)
	}
	return h.Sum()
}

// AddVersions feeds the version ids and hashes of candidates, sorted.
func AddVersions(h *fingerprint.Hasher, entries []*inventory.Entry) {
	ids := make([]string, len(entries))
	for n, e := range entries {
		ids[n] = string(e.VersionID) + "=" + string(e.Hash)
	}
	slices.Sort(ids)
	h.Add(ids...)
}
