package promotion

import (
	"slices"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// RuleVersion names the rules below; it is part of every fingerprint, so that
// a plan made under other rules is stale.
const RuleVersion = "2026-11.1"

// Action is what would be done in the target.
type Action string

// The actions.
const (
	Create Action = "create"
	Update Action = "update"
	None   Action = "none"
)

// Facts is one consistent reading of everything preflight may know.
type Facts struct {
	Source, Target *inventory.View
	// Details of versions: every source version with references that may be
	// written, and every target version with exclusions.
	Details map[inventory.VersionID]*Detail
	Names   Names
	Now     time.Time
	MaxAge  time.Duration // how old a capture may be
}

// Detail is what preflight asks of one version.
type Detail struct {
	Slots      []inventory.Slot
	Exclusions []string // ids of groups the version excludes
}

// Names answers by what name a thing is known, and under which ids.
type Names interface {
	// SourceName is the name of a referenced thing in the source.
	SourceName(r subject.Reference) (string, bool)
	// TargetIDs are the ids of the target's things of a kind with that name.
	TargetIDs(kind subject.RefKind, name string) []string
	// TargetHas reports whether the target has the thing under that very id.
	TargetHas(r subject.Reference) bool
}

// Item is one subject of a preflight.
type Item struct {
	compare.Item
	Bucket           Bucket
	Action           Action
	Reasons          []Reason
	WriteContent     bool
	WriteAssignments bool
	Resolved         []Resolution // every reference that has to be written
	DependsOn        []subject.Key
}

// Resolution is where one reference of the source leads in the target.
type Resolution struct {
	Reference subject.Reference
	TargetID  string      // empty when Creates names the subject that will be made first
	Creates   subject.Key // set when an earlier item of the plan creates it
}

// Preflight is the verdict on a whole selection.
type Preflight struct {
	Selection   compare.Selection
	Items       []Item // without only-in-target subjects
	Counts      map[Bucket]int
	Creates     int
	Updates     int
	Fingerprint fingerprint.Digest
}

// Executable reports whether there is anything to do.
func (p *Preflight) Executable() bool { return p.Counts[Ready] > 0 }

// Excluded is how many subjects would change the target but are left out.
func (p *Preflight) Excluded() int { return p.Counts[Blocked] + p.Counts[ManualMappingRequired] }

// Judge derives the preflight of a canonical selection from its preview. It
// reads nothing; the same facts give the same verdicts and fingerprint.
func Judge(f *Facts, s compare.Selection, preview *compare.Preview) *Preflight {
	p := &Preflight{Selection: s, Counts: map[Bucket]int{}}
	for _, i := range preview.Items {
		if i.State != compare.OnlyInTarget {
			p.Items = append(p.Items, propose(i, s.Assignments))
		}
	}
	w := newWalls(f, s)
	for n := range p.Items {
		w.judge(&p.Items[n])
	}
	newResolver(f, s, p.Items).resolveAll()
	for n := range p.Items {
		settle(&p.Items[n], p)
	}
	p.Fingerprint = p.digest()
	return p
}

// propose says what promoting the subject would do, before any rule is asked.
func propose(i compare.Item, rule compare.AssignmentsRule) Item {
	item := Item{Item: i, Bucket: Ready, Action: None}
	switch i.State {
	case compare.Aligned:
		item.Bucket = Aligned
	case compare.MissingInTarget:
		item.Action, item.WriteContent = Create, true
		item.WriteAssignments = rule == compare.IncludeAssignments && i.Source[0].Assignments.Count > 0
	case compare.Different:
		item.Action = Update
		item.WriteContent = i.Has(compare.CauseContent) || i.Has(compare.CauseName)
		item.WriteAssignments = i.Has(compare.CauseAssignments)
	case compare.OnlyInTarget, compare.Ambiguous, compare.NotEvaluated: // the rules say what these come to
	}
	return item
}

// settle folds an item's reasons into its bucket and counts it.
func settle(i *Item, p *Preflight) {
	slices.SortStableFunc(i.Reasons, func(a, b Reason) int { return rank(a.Code) - rank(b.Code) })
	i.Reasons = slices.CompactFunc(i.Reasons, sameReason)
	for _, r := range i.Reasons {
		if b := reasonByCode[r.Code].Bucket; i.Bucket != Blocked {
			i.Bucket = b
		}
	}
	if i.Bucket != Ready {
		i.Action = None
	}
	p.Counts[i.Bucket]++
	switch i.Action {
	case Create:
		p.Creates++
	case Update:
		p.Updates++
	case None:
	}
}

func sameReason(a, b Reason) bool {
	if a.Code != b.Code || (a.Reference == nil) != (b.Reference == nil) {
		return false
	}
	return a.Reference == nil || *a.Reference == *b.Reference
}

func rank(c ReasonCode) int {
	return slices.IndexFunc(Reasons, func(r ReasonRow) bool { return r.Code == c })
}

// digest covers everything that could change what a run would do.
func (p *Preflight) digest() fingerprint.Digest {
	h := fingerprint.NewHasher()
	h.Add(RuleVersion, string(fingerprint.MustOfValue(p.Selection)))
	for n := range p.Items {
		i := &p.Items[n]
		h.Add(string(i.Key), string(i.Bucket), string(i.Action))
		compare.AddVersions(h, i.Source)
		compare.AddVersions(h, i.Target)
		for _, r := range i.Resolved {
			h.Add(string(r.Reference.Kind), r.Reference.ID, r.TargetID, string(r.Creates))
		}
	}
	return h.Sum()
}
