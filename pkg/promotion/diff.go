package promotion

import (
	"context"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Difference is what differs in one subject between two tenants.
type Difference struct {
	Item      compare.Item
	Changes   []compare.Change
	Truncated bool // more than compare.MaxChanges were found
}

// Diff lists, in words, what differs in one subject of a selection. Names stand
// for the tenants' own ids. A key that the selection does not cover is not
// found; a subject of which nothing can be said is refused with the reason.
func (s *Service) Diff(ctx context.Context, sc access.Scope, sel compare.Selection, key subject.Key) (*Difference, error) {
	sel, err := s.admit(sc, sel)
	if err != nil {
		return nil, err
	}
	if !covers(sel, key) {
		return nil, fault.Missing()
	}
	sel.SubjectKeys = []subject.Key{key}
	var d *Difference
	err = s.Store.InSnapshot(ctx, func(ctx context.Context) error {
		source, target, err := s.views(ctx, sc, sel)
		if err != nil {
			return err
		}
		preview := compare.Compare(source, target, sel)
		if len(preview.Items) == 0 {
			return fault.Missing()
		}
		d, err = s.difference(ctx, sc, sel, preview.Items[0])
		return err
	})
	return d, err
}

func covers(sel compare.Selection, key subject.Key) bool {
	if len(sel.SubjectKeys) == 0 {
		return true
	}
	for _, k := range sel.SubjectKeys {
		if k == key {
			return true
		}
	}
	return false
}

func (s *Service) difference(ctx context.Context, sc access.Scope, sel compare.Selection, i compare.Item) (*Difference, error) {
	if err := sayable(i); err != nil {
		return nil, err
	}
	names, err := s.names(ctx, sc, sel)
	if err != nil {
		return nil, err
	}
	source, err := s.side(ctx, sc, sel.SourceTenantID, i.Source, outside(names.source, names.target))
	if err != nil {
		return nil, err
	}
	target, err := s.side(ctx, sc, sel.TargetTenantID, i.Target, outside(names.target, names.source))
	if err != nil {
		return nil, err
	}
	labels, err := s.Store.LabelsFor(ctx, compare.LabelIDs(source, target))
	if err != nil {
		return nil, fmt.Errorf("load labels: %w", err)
	}
	d := &Difference{Item: i}
	d.Changes, d.Truncated = compare.Diff(source, target, sel.Assignments, labels)
	return d, nil
}

// sayable refuses what would make a list of differences untrue: several
// candidates, or a side that is empty only because it was not read.
func sayable(i compare.Item) error {
	at := func(message string) error {
		return fault.InvalidInput(message).At("body.subject_key", "expected a subject whose two sides are known")
	}
	switch {
	case len(i.Source) > 1 || len(i.Target) > 1:
		return at("More than one policy fits by name, so there are no two of which to list the differences.")
	case len(i.Source) == 0 && i.Has(compare.CauseSourceUnread):
		return at("The source's policies of this type could not be read completely, so nothing can be said about this one. Sync the source.")
	case len(i.Target) == 0 && i.Has(compare.CauseTargetUnread):
		return at("The target's policies of this type could not be read completely, so nothing can be said about this one. Sync the target.")
	}
	return nil
}

func (s *Service) side(ctx context.Context, sc access.Scope, t tenancy.TenantID, candidates []*inventory.Entry, name subject.NameOf) (*compare.Side, error) {
	if len(candidates) == 0 {
		return nil, nil //nolint:nilnil // a nil side means "does not exist there"
	}
	v, err := s.Store.LoadVersion(ctx, sc, t, candidates[0].VersionID)
	if err != nil {
		return nil, fmt.Errorf("load version: %w", err)
	}
	content, assignments, err := v.Trees()
	if err != nil {
		return nil, fmt.Errorf("version %s: %w", v.ID, err)
	}
	return &compare.Side{
		Name:        subject.NormaliseName(v.Name),
		Content:     subject.Resolved(content, name),
		Assignments: subject.Resolved(assignments, name),
	}, nil
}

// outside names references as comparison understands them: by normalised name.
// What has the same id everywhere may be named by either tenant, so that a name
// only one of them knows is no difference.
func outside(own, other inventory.Names) subject.NameOf {
	return func(r subject.Reference) (string, bool) {
		name, ok := own.NameOf(r)
		if !ok && subject.SameEverywhere(r.Kind) {
			name, ok = other.NameOf(r)
		}
		return subject.NormaliseName(name), ok
	}
}
