package promotion

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// The codes of this room.
const (
	CodePreflightStale       = "preflight_stale"
	CodeConfirmationMismatch = "confirmation_mismatch"
	CodeNoReadySubjects      = "no_ready_subjects"
)

// staleSubjects bounds how many moved subjects a stale answer names.
const staleSubjects = 10

// Changes says what moved since the preflight that a caller wants to execute.
type Changes struct {
	UnknownPreflight bool             `json:"unknown_preflight"`
	RuleChanged      bool             `json:"rule_changed"`
	SelectionChanged bool             `json:"selection_changed"`
	Source           int              `json:"source"` // subjects of the source with a newer version or deletion
	Target           int              `json:"target"`
	CountsThen       *BucketCounts    `json:"counts_then"`
	CountsNow        BucketCounts     `json:"counts_now"`
	Subjects         []ChangedSubject `json:"subjects"`
}

// ChangedSubject is one of the subjects that moved.
type ChangedSubject struct {
	SubjectKey  string `json:"subject_key"`
	DisplayName string `json:"display_name"`
	Side        string `json:"side"` // source or target
}

// stale explains why a submitted fingerprint is not the current one.
func (s *Service) stale(ctx context.Context, sc access.Scope, q Request, v *Verdict) error {
	p := v.Preflight
	c := Changes{CountsNow: p.BucketCounts(), Subjects: []ChangedSubject{}}
	then, err := s.Store.FindPreflight(ctx, sc, q.Fingerprint, p.Selection.SourceTenantID, p.Selection.TargetTenantID)
	if err != nil {
		return fmt.Errorf("look the preflight up: %w", err)
	}
	if then == nil {
		c.UnknownPreflight = true
		return staleFault(c)
	}
	c.RuleChanged = then.RuleVersion != RuleVersion
	c.SelectionChanged = fingerprint.MustOfValue(then.Selection) != fingerprint.MustOfValue(p.Selection)
	c.CountsThen = &then.Counts
	if c.Source, err = s.moved(ctx, sc, &c, "source", p.Selection.SourceTenantID, p.Selection, then.At); err != nil {
		return err
	}
	if c.Target, err = s.moved(ctx, sc, &c, "target", p.Selection.TargetTenantID, p.Selection, then.At); err != nil {
		return err
	}
	return staleFault(c)
}

func (s *Service) moved(ctx context.Context, sc access.Scope, c *Changes, side string, t tenancy.TenantID, sel compare.Selection, since time.Time) (int, error) {
	n, entries, err := s.Store.ChangedSince(ctx, sc, t, since, staleSubjects)
	if err != nil {
		return 0, fmt.Errorf("count what moved in the %s: %w", side, err)
	}
	for _, e := range entries {
		if len(c.Subjects) < staleSubjects {
			c.Subjects = append(c.Subjects, ChangedSubject{string(e.Keys.For(sel.MatchRule)), e.Name, side})
		}
	}
	return n, nil
}

func staleFault(c Changes) *fault.Error {
	return fault.New(fault.Conflict, CodePreflightStale, "The tenants or the rules have changed since this preflight. Generate the promotion preflight again.").
		With("changes", c)
}
