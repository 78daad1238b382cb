package promotion

import (
	"cmp"
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// Plan is what a run will do: the ready subjects in the order they are written.
// It lives in the run's context and never changes.
type Plan struct {
	Selection   compare.Selection  `json:"selection"`
	Fingerprint fingerprint.Digest `json:"fingerprint"`
	RuleVersion string             `json:"rule_version"`
	Excluded    int                `json:"excluded"` // blocked and manual mapping, for the record
	Steps       []PlanStep         `json:"steps"`
}

// PlanStep is one ready subject.
type PlanStep struct {
	Ordinal          int                 `json:"ordinal"` // from 1
	SubjectKey       subject.Key         `json:"subject_key"`
	Type             subject.TypeKey     `json:"policy_type"`
	Name             string              `json:"name"` // as it shall be in the target
	Action           Action              `json:"action"`
	SourceVersion    inventory.VersionID `json:"source_version_id"`
	SourceHash       fingerprint.Digest  `json:"source_hash"`
	TargetObject     string              `json:"target_object_id,omitempty"`
	TargetHash       fingerprint.Digest  `json:"target_hash,omitempty"` // what the target must still be
	WriteContent     bool                `json:"write_content"`
	WriteAssignments bool                `json:"write_assignments"`
	References       []PlannedReference  `json:"references,omitempty"`
	After            []int               `json:"after,omitempty"` // ordinals this step depends on
}

// PlannedReference is where a reference leads.
type PlannedReference struct {
	Kind     subject.RefKind `json:"kind"`
	SourceID string          `json:"source_id"`
	TargetID string          `json:"target_id,omitempty"`
	Step     int             `json:"step,omitempty"` // the earlier step that creates it
}

// MakePlan orders the ready subjects of a preflight: what others refer to comes
// first, then by the type's write order, then by name. It is pure.
func MakePlan(p *Preflight) *Plan {
	plan := &Plan{Selection: p.Selection, Fingerprint: p.Fingerprint, RuleVersion: RuleVersion, Excluded: p.Excluded()}
	ready := readyItems(p)
	depth := depths(ready)
	slices.SortStableFunc(ready, func(a, b *Item) int {
		return cmp.Or(
			cmp.Compare(depth[a.Key], depth[b.Key]),
			cmp.Compare(subject.Lookup(a.Type).WriteOrder, subject.Lookup(b.Type).WriteOrder),
			cmp.Compare(a.Name(), b.Name()),
			cmp.Compare(a.Key, b.Key),
		)
	})
	ordinal := make(map[subject.Key]int, len(ready))
	for n, i := range ready {
		ordinal[i.Key] = n + 1
	}
	for n, i := range ready {
		plan.Steps = append(plan.Steps, stepOf(n+1, i, ordinal))
	}
	return plan
}

func readyItems(p *Preflight) []*Item {
	var ready []*Item
	for n := range p.Items {
		if p.Items[n].Bucket == Ready {
			ready = append(ready, &p.Items[n])
		}
	}
	return ready
}

// depths is the longest chain of creations below each item. Resolution has
// already refused circles.
func depths(ready []*Item) map[subject.Key]int {
	byKey := make(map[subject.Key]*Item, len(ready))
	for _, i := range ready {
		byKey[i.Key] = i
	}
	depth := make(map[subject.Key]int, len(ready))
	var measure func(i *Item) int
	measure = func(i *Item) int {
		if d, ok := depth[i.Key]; ok {
			return d
		}
		d := 0
		for _, k := range i.DependsOn {
			d = max(d, measure(byKey[k])+1)
		}
		depth[i.Key] = d
		return d
	}
	for _, i := range ready {
		measure(i)
	}
	return depth
}

func stepOf(ordinal int, i *Item, ordinals map[subject.Key]int) PlanStep {
	s := i.Source[0]
	step := PlanStep{
		Ordinal: ordinal, SubjectKey: i.Key, Type: i.Type, Name: s.Name, Action: i.Action,
		SourceVersion: s.VersionID, SourceHash: s.Hash,
		WriteContent: i.WriteContent, WriteAssignments: i.WriteAssignments,
	}
	if i.Action == Update {
		step.TargetObject, step.TargetHash = i.Target[0].ObjectID, i.Target[0].Hash
	}
	for _, r := range i.Resolved {
		step.References = append(step.References, PlannedReference{
			Kind: r.Reference.Kind, SourceID: r.Reference.ID, TargetID: r.TargetID, Step: ordinals[r.Creates],
		})
	}
	for _, k := range i.DependsOn {
		step.After = append(step.After, ordinals[k])
	}
	slices.Sort(step.After)
	step.After = slices.Compact(step.After)
	return step
}

// Items are the run's items, one per step.
func (p *Plan) Items() []operation.PlannedItem {
	items := make([]operation.PlannedItem, len(p.Steps))
	for n, s := range p.Steps {
		items[n] = operation.PlannedItem{
			Ordinal: s.Ordinal, SubjectKey: string(s.SubjectKey), Label: s.Name,
			PolicyType: string(s.Type), Action: string(s.Action),
		}
	}
	return items
}
