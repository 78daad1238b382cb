package promotion

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// CodeSameTenant refuses a promotion of a tenant into itself.
const CodeSameTenant = "same_tenant"

// DefaultMaxAge is how old a capture may be to promote from or onto.
const DefaultMaxAge = 24 * time.Hour

// Service derives comparisons and starts promotions.
type Service struct {
	Store      Store
	Operations Operations
	Gate       Gate
	Clock      func() time.Time
	MaxAge     time.Duration
	Hook       operation.Hook // nil in production
}

// Comparison is a preview with the two tenants it is of.
type Comparison struct {
	Selection      compare.Selection
	Source, Target *inventory.View
	Preview        *compare.Preview
	Latest         *operation.Run // the newest promotion of this pair the caller may see, or nil
}

// Verdict is a preflight with the two tenants it is of.
type Verdict struct {
	Source, Target *inventory.View
	Preflight      *Preflight
	GeneratedAt    time.Time
	Outlook        Outlook // only of Service.Preflight
}

// Preview compares two tenants. Source and target may be the same.
func (s *Service) Preview(ctx context.Context, sc access.Scope, sel compare.Selection) (*Comparison, error) {
	sel, err := s.admit(sc, sel)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Selection: sel}
	err = s.Store.InSnapshot(ctx, func(ctx context.Context) error {
		if c.Source, c.Target, err = s.views(ctx, sc, sel); err != nil {
			return err
		}
		c.Latest, err = s.Operations.Latest(ctx, sc, sel.SourceTenantID, sel.TargetTenantID)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.Preview = compare.Compare(c.Source, c.Target, sel)
	return c, nil
}

// Preflight derives the verdict on a selection. With record set, the act of
// generating it is audited.
func (s *Service) Preflight(ctx context.Context, sc access.Scope, sel compare.Selection, record bool) (*Verdict, error) {
	sel, err := s.admit(sc, sel)
	if err != nil {
		return nil, err
	}
	if sel.SourceTenantID == sel.TargetTenantID {
		return nil, sameTenant()
	}
	var v *Verdict
	err = s.Store.InSnapshot(ctx, func(ctx context.Context) error {
		if v, err = s.derive(ctx, sc, sel); err != nil {
			return err
		}
		if v.Source.Tenant.DirectoryID == v.Target.Tenant.DirectoryID {
			return sameTenant()
		}
		if v.Outlook, err = s.outlook(ctx, sc, v); err != nil {
			return err
		}
		if !record {
			return nil
		}
		return s.Store.Record(ctx, generatedEvent(sc, v))
	})
	return v, err
}

// sameTenant is the refusal of source = target.
func sameTenant() *fault.Error {
	return fault.New(fault.Invalid, CodeSameTenant, "Source and target are the same tenant. Choose another tenant on one side.")
}

// admit checks ids found in a body: not found first, then the capabilities.
func (s *Service) admit(sc access.Scope, sel compare.Selection) (compare.Selection, error) {
	if !sc.Sees(sel.SourceTenantID) || !sc.Sees(sel.TargetTenantID) {
		return sel, fault.Missing()
	}
	if !sc.Can(access.WorkspaceBaselinesView, "") {
		return sel, fault.Denied(string(access.WorkspaceBaselinesView))
	}
	if !sc.Can(access.TenantView, sel.SourceTenantID) || !sc.Can(access.TenantView, sel.TargetTenantID) {
		return sel, fault.Denied(string(access.TenantView))
	}
	return sel.Canonical()
}

func (s *Service) views(ctx context.Context, sc access.Scope, sel compare.Selection) (source, target *inventory.View, err error) {
	if source, err = s.Store.LoadView(ctx, sc, sel.SourceTenantID); err != nil {
		return nil, nil, err
	}
	if sel.SourceTenantID == sel.TargetTenantID {
		return source, source, nil
	}
	target, err = s.Store.LoadView(ctx, sc, sel.TargetTenantID)
	return source, target, err
}

// derive reads one consistent state and judges it.
func (s *Service) derive(ctx context.Context, sc access.Scope, sel compare.Selection) (*Verdict, error) {
	source, target, err := s.views(ctx, sc, sel)
	if err != nil {
		return nil, err
	}
	preview := compare.Compare(source, target, sel)
	now := s.Clock().UTC().Truncate(time.Microsecond)
	f := &Facts{Source: source, Target: target, Now: now, MaxAge: s.MaxAge}
	if f.Details, err = s.details(ctx, sc, sel, preview); err != nil {
		return nil, err
	}
	if f.Names, err = s.names(ctx, sc, sel); err != nil {
		return nil, err
	}
	return &Verdict{Source: source, Target: target, Preflight: Judge(f, sel, preview), GeneratedAt: now}, nil
}

// details loads what judging asks of single versions, and no more.
func (s *Service) details(ctx context.Context, sc access.Scope, sel compare.Selection, p *compare.Preview) (map[inventory.VersionID]*Detail, error) {
	var sources, targets []inventory.VersionID
	for n := range p.Items {
		i := &p.Items[n]
		if i.State != compare.Different && i.State != compare.MissingInTarget {
			continue
		}
		if i.Source[0].References > 0 {
			sources = append(sources, i.Source[0].VersionID)
		}
		if len(i.Target) > 0 && i.Target[0].Assignments.Exclusions > 0 {
			targets = append(targets, i.Target[0].VersionID)
		}
	}
	out := make(map[inventory.VersionID]*Detail, len(sources)+len(targets))
	if err := s.addDetails(ctx, sc, out, sel.SourceTenantID, sources); err != nil {
		return nil, err
	}
	return out, s.addDetails(ctx, sc, out, sel.TargetTenantID, targets)
}

func (s *Service) addDetails(ctx context.Context, sc access.Scope, out map[inventory.VersionID]*Detail, t tenancy.TenantID, ids []inventory.VersionID) error {
	if len(ids) == 0 {
		return nil
	}
	versions, err := s.Store.LoadSlots(ctx, sc, t, ids)
	if err != nil {
		return fmt.Errorf("load references: %w", err)
	}
	for id, v := range versions {
		excluded, err := v.ExcludedGroups()
		if err != nil {
			return fmt.Errorf("version %s: %w", id, err)
		}
		out[id] = &Detail{Slots: v.Slots, Exclusions: excluded}
	}
	return nil
}

func (s *Service) names(ctx context.Context, sc access.Scope, sel compare.Selection) (indexes, error) {
	source, err := s.Store.NamesOf(ctx, sc, sel.SourceTenantID)
	if err != nil {
		return indexes{}, fmt.Errorf("load the source's names: %w", err)
	}
	target, err := s.Store.NamesOf(ctx, sc, sel.TargetTenantID)
	if err != nil {
		return indexes{}, fmt.Errorf("load the target's names: %w", err)
	}
	return indexes{inventory.NewNames(source), inventory.NewNames(target)}, nil
}

// indexes are both tenants' reference indexes.
type indexes struct{ source, target inventory.Names }

func (x indexes) SourceName(r subject.Reference) (string, bool) { return x.source.NameOf(r) }

func (x indexes) TargetIDs(kind subject.RefKind, name string) []string {
	return x.target.IDs(kind, name)
}

func (x indexes) TargetHas(r subject.Reference) bool { return x.target.Has(r) }

func generatedEvent(sc access.Scope, v *Verdict) audit.Event {
	p := v.Preflight
	e := audit.Event{
		Workspace: sc.Workspace(), Tenant: p.Selection.TargetTenantID, Action: audit.PreflightGenerated,
		TargetKind: "tenant", TargetID: string(p.Selection.TargetTenantID),
		Details: map[string]any{
			"source_tenant_id": p.Selection.SourceTenantID, "target_tenant_id": p.Selection.TargetTenantID,
			"selection": p.Selection, "fingerprint": p.Fingerprint, "rule_version": RuleVersion,
			"counts": p.BucketCounts(), "generated_at": v.GeneratedAt,
		},
	}
	a := sc.Actor()
	return e.By(a.UserID, a.DisplayName, string(a.Via))
}
