package promotion_test

import (
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// world is everything preflight may know, as values.
type world struct {
	source, target *inventory.View
	details        map[inventory.VersionID]*promotion.Detail
	names          names
	now            time.Time
	selection      compare.Selection
}

// names are both tenants' reference indexes; ids of the target by kind and name.
type names struct {
	source map[subject.Reference]string
	target map[subject.Reference][]string // ID holds the name
}

func (n names) SourceName(r subject.Reference) (string, bool) {
	name, ok := n.source[r]
	return name, ok
}

func (n names) TargetIDs(kind subject.RefKind, name string) []string {
	return n.target[subject.Reference{Kind: kind, ID: name}]
}

func (n names) TargetHas(r subject.Reference) bool {
	for at, ids := range n.target {
		if at.Kind != r.Kind {
			continue
		}
		for _, id := range ids {
			if id == r.ID {
				return true
			}
		}
	}
	return false
}

// newWorld is two empty tenants, read a moment ago, of which the target may be
// written.
func newWorld() *world {
	s, err := compare.Selection{SourceTenantID: "source", TargetTenantID: "target"}.Canonical()
	if err != nil {
		panic(err)
	}
	w := &world{
		source: emptyView(), target: emptyView(), details: map[inventory.VersionID]*promotion.Detail{},
		names: names{map[subject.Reference]string{}, map[subject.Reference][]string{}}, now: noon, selection: s,
	}
	w.source.Tenant.DirectoryID, w.target.Tenant.DirectoryID = "source directory", "target directory"
	return w
}

func emptyView() *inventory.View {
	v := &inventory.View{Captures: map[string]inventory.Capture{}, Facts: &inventory.Facts{ApprovalKnown: true}}
	for _, t := range subject.Types() {
		v.Captures[string(t.Key)] = inventory.Capture{Complete: true, StartedAt: noon}
		v.Facts.Granted = append(v.Facts.Granted, promotion.WritePermissions(t)...)
	}
	for _, k := range subject.IndexedKinds {
		v.Captures[inventory.CaptureOf(k)] = inventory.Capture{Complete: true, StartedAt: noon}
	}
	return v
}

// policy is an entry as a capture makes it. Each change adjusts it.
func policy(typ subject.TypeKey, name, content string, change ...func(*inventory.Entry)) inventory.Entry {
	identity := subject.Identity{Type: typ, Name: name}
	e := inventory.Entry{
		Type: typ, Name: name, ObjectID: "object of " + name, LastReadAt: noon,
		Keys:    inventory.Keys{Exact: identity.Key(subject.ExactName), WithoutVers: identity.Key(subject.IgnoreVersionSuffix)},
		Content: fingerprint.Of([]byte(content)), Assigned: fingerprint.Of(nil), Assignments: inventory.AssignmentFacts{Read: true},
	}
	for _, c := range change {
		c(&e)
	}
	if e.VersionID == "" {
		e.VersionID = inventory.VersionID(strings.Join([]string{"version", string(typ), name, content}, " "))
	}
	e.Hash = fingerprint.Of([]byte(string(e.Content) + string(e.Assigned)))
	return e
}

// refers gives a policy a reference in its content.
func (w *world) refers(kind subject.RefKind, id string) func(*inventory.Entry) {
	return func(e *inventory.Entry) {
		if e.VersionID == "" {
			e.VersionID = inventory.VersionID("version of " + e.Name)
		}
		e.References++
		d := w.details[e.VersionID]
		if d == nil {
			d = &promotion.Detail{}
			w.details[e.VersionID] = d
		}
		d.Slots = append(d.Slots, inventory.Slot{Part: inventory.PartContent, Kind: kind, ID: id})
	}
}

func (w *world) judge() *promotion.Preflight {
	f := &promotion.Facts{
		Source: w.source, Target: w.target, Details: w.details, Names: w.names, Now: w.now, MaxAge: promotion.DefaultMaxAge,
	}
	return promotion.Judge(f, w.selection, compare.Compare(w.source, w.target, w.selection))
}

func item(p *promotion.Preflight, name string) *promotion.Item {
	for n := range p.Items {
		if p.Items[n].Name() == name {
			return &p.Items[n]
		}
	}
	return nil
}

func codes(i *promotion.Item) []promotion.ReasonCode {
	list := make([]promotion.ReasonCode, len(i.Reasons))
	for n, r := range i.Reasons {
		list[n] = r.Code
	}
	return list
}
