package promotion

import (
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// resolver leads every reference that would be written to the target: found
// once there, or created earlier by the same plan, or a reason.
type resolver struct {
	facts    *Facts
	sel      compare.Selection
	items    []Item
	byObject map[subject.Reference]*Item            // source object → the item that carries it
	entries  map[subject.Reference]*inventory.Entry // source object → its entry
	targets  map[subject.Key][]*inventory.Entry     // target subjects of referable types by key
	state    map[*Item]visit
}

type visit int

const (
	unseen visit = iota
	open
	done
)

func newResolver(f *Facts, s compare.Selection, items []Item) *resolver {
	r := &resolver{
		facts: f, sel: s, items: items,
		byObject: map[subject.Reference]*Item{}, entries: map[subject.Reference]*inventory.Entry{},
		targets: map[subject.Key][]*inventory.Entry{}, state: make(map[*Item]visit, len(items)),
	}
	for n := range items {
		for _, e := range items[n].Source {
			if ref, ok := referenceTo(e); ok {
				r.byObject[ref] = &items[n]
			}
		}
	}
	for n := range f.Source.Entries {
		if ref, ok := referenceTo(&f.Source.Entries[n]); ok {
			r.entries[ref] = &f.Source.Entries[n]
		}
	}
	for n := range f.Target.Entries {
		e := &f.Target.Entries[n]
		if _, ok := referenceTo(e); ok {
			key := e.Keys.For(s.MatchRule)
			r.targets[key] = append(r.targets[key], e)
		}
	}
	return r
}

// referenceTo is how other subjects refer to this one, if they can.
func referenceTo(e *inventory.Entry) (subject.Reference, bool) {
	t := subject.Lookup(e.Type)
	if t == nil || t.RefKind == "" {
		return subject.Reference{}, false
	}
	return subject.Reference{Kind: t.RefKind, ID: e.ObjectID}, true
}

func (r *resolver) resolveAll() {
	for n := range r.items {
		r.resolve(&r.items[n])
	}
}

// resolve settles one item's references, those it depends on first. Subjects
// that refer to each other in a circle block each other.
func (r *resolver) resolve(i *Item) {
	if r.state[i] != unseen || i.Action == None {
		return
	}
	r.state[i] = open
	for _, slot := range r.written(i) {
		r.lead(i, subject.Reference{Kind: slot.Kind, ID: slot.ID})
	}
	r.state[i] = done
}

// written lists the references of what the item would write.
func (r *resolver) written(i *Item) []inventory.Slot {
	d := r.facts.Details[i.Source[0].VersionID]
	if d == nil {
		return nil
	}
	var out []inventory.Slot
	for _, s := range d.Slots {
		if (s.Part == inventory.PartContent && i.WriteContent) || (s.Part == inventory.PartAssignments && i.WriteAssignments) {
			out = append(out, s)
		}
	}
	return out
}

func (r *resolver) lead(i *Item, ref subject.Reference) {
	switch {
	case ref.Kind == subject.RefTenant:
		i.Resolved = append(i.Resolved, Resolution{Reference: ref, TargetID: string(r.facts.Target.Tenant.DirectoryID)})
	case subject.SameEverywhere(ref.Kind):
		r.leadByID(i, ref)
	case len(subject.ByRefKind(ref.Kind)) > 0:
		r.leadToSubject(i, ref)
	default:
		r.leadByName(i, ref)
	}
}

func (r *resolver) leadByID(i *Item, ref subject.Reference) {
	if !r.indexed(i, ref.Kind) {
		return
	}
	if r.facts.Names.TargetHas(ref) {
		i.Resolved = append(i.Resolved, Resolution{Reference: ref, TargetID: ref.ID})
		return
	}
	name, _ := r.facts.Names.SourceName(ref)
	r.refuse(i, notFound[ref.Kind], ref.Kind, name)
}

func (r *resolver) leadByName(i *Item, ref subject.Reference) {
	if ref.Kind == subject.RefUser {
		r.refuse(i, UserNotFound, ref.Kind, "")
		return
	}
	name, known := r.facts.Names.SourceName(ref)
	if !known {
		r.refuse(i, notFound[ref.Kind], ref.Kind, "")
		return
	}
	if !r.indexed(i, ref.Kind) {
		return
	}
	ids := r.facts.Names.TargetIDs(ref.Kind, name)
	switch {
	case len(ids) == 1:
		i.Resolved = append(i.Resolved, Resolution{Reference: ref, TargetID: ids[0]})
	case len(ids) > 1 && several[ref.Kind] != "":
		r.refuse(i, several[ref.Kind], ref.Kind, name)
	default:
		r.refuse(i, notFound[ref.Kind], ref.Kind, name)
	}
}

// leadToSubject follows a reference to another policy: found once in the
// target, else made by this plan, else a reason.
func (r *resolver) leadToSubject(i *Item, ref subject.Reference) {
	e := r.entries[ref]
	if e == nil {
		r.refuse(i, notFound[ref.Kind], ref.Kind, "")
		return
	}
	if !r.facts.Target.Evaluated(e.Type) {
		r.refuse(i, TargetUnreadable, ref.Kind, e.Name)
		return
	}
	found := r.targets[e.Keys.For(r.sel.MatchRule)]
	dep := r.byObject[ref]
	switch {
	case len(found) == 1:
		i.Resolved = append(i.Resolved, Resolution{Reference: ref, TargetID: found[0].ObjectID})
	case dep == nil || len(found) > 1:
		r.refuse(i, notFound[ref.Kind], ref.Kind, e.Name)
	case r.willCreate(dep):
		i.Resolved = append(i.Resolved, Resolution{Reference: ref, Creates: dep.Key})
		i.DependsOn = append(i.DependsOn, dep.Key)
	default:
		r.refuse(i, DependencyBlocked, ref.Kind, e.Name)
	}
}

func (r *resolver) willCreate(dep *Item) bool {
	if r.state[dep] == open {
		return false
	}
	r.resolve(dep)
	return dep.Action == Create && len(dep.Reasons) == 0
}

// indexed reports whether the target's index of a kind is complete; if not, the
// item gets that as its reason.
func (r *resolver) indexed(i *Item, kind subject.RefKind) bool {
	if r.facts.Target.Captures[inventory.CaptureOf(kind)].Complete {
		return true
	}
	r.refuse(i, TargetUnreadable, kind, "")
	return false
}

func (r *resolver) refuse(i *Item, code ReasonCode, kind subject.RefKind, name string) {
	i.Reasons = append(i.Reasons, Reason{Code: code, Reference: &NamedReference{Kind: kind, Name: name}})
}
