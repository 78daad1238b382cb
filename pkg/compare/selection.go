package compare

import (
	"slices"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// MaxSubjectKeys bounds how many subjects one selection may name.
const MaxSubjectKeys = 1000

// AssignmentsRule says whether assignments take part.
type AssignmentsRule string

// The assignment rules.
const (
	IncludeAssignments AssignmentsRule = "include"
	ExcludeAssignments AssignmentsRule = "exclude"
)

// Selection is what to compare. It lives in the page's address and in each
// request, and is stored only inside a run's context and audit events.
type Selection struct {
	SourceTenantID tenancy.TenantID  `json:"source_tenant_id"`
	TargetTenantID tenancy.TenantID  `json:"target_tenant_id"`
	PolicyTypes    []subject.TypeKey `json:"policy_types"`
	Query          string            `json:"q"`
	SubjectKeys    []subject.Key     `json:"subject_keys"`
	MatchRule      subject.MatchRule `json:"match_rule"`
	Assignments    AssignmentsRule   `json:"assignments"`
}

// Canonical fills in defaults, sorts and deduplicates, and refuses what cannot
// be meant. Equal selections have equal canonical forms.
func (s Selection) Canonical() (Selection, error) {
	s.PolicyTypes = canonical(s.PolicyTypes)
	s.SubjectKeys = canonical(s.SubjectKeys)
	s.Query = subject.NormaliseName(s.Query)
	if s.MatchRule == "" {
		s.MatchRule = subject.ExactName
	}
	if s.Assignments == "" {
		s.Assignments = IncludeAssignments
	}
	for _, t := range s.PolicyTypes {
		if subject.Lookup(t) == nil {
			return s, fault.InvalidInput("The selection names a policy type that does not exist.").At("body.policy_types", "unknown policy type")
		}
	}
	if len(s.SubjectKeys) > MaxSubjectKeys {
		return s, fault.InvalidInput("The selection names more than 1,000 subjects.").At("body.subject_keys", "at most 1,000")
	}
	return s, nil
}

// Types lists the policy types the selection covers, in the catalogue's order.
func (s Selection) Types() []*subject.Type {
	all := subject.Types()
	if len(s.PolicyTypes) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t *subject.Type) bool { return !slices.Contains(s.PolicyTypes, t.Key) })
}

func canonical[T ~string](list []T) []T {
	out := slices.Clone(list)
	slices.Sort(out)
	out = slices.Compact(out)
	if out == nil {
		out = []T{}
	}
	return out
}

// filter decides which entries a selection covers.
type filter struct {
	types map[subject.TypeKey]bool
	keys  map[subject.Key]bool
	query string
}

func newFilter(s Selection) filter {
	f := filter{query: strings.ToLower(s.Query)}
	if len(s.PolicyTypes) > 0 {
		f.types = make(map[subject.TypeKey]bool, len(s.PolicyTypes))
		for _, t := range s.PolicyTypes {
			f.types[t] = true
		}
	}
	if len(s.SubjectKeys) > 0 {
		f.keys = make(map[subject.Key]bool, len(s.SubjectKeys))
		for _, k := range s.SubjectKeys {
			f.keys[k] = true
		}
	}
	return f
}

func (f filter) covers(t subject.TypeKey, key subject.Key) bool {
	return (f.types == nil || f.types[t]) && (f.keys == nil || f.keys[key])
}

// named reports whether one of the names holds the query; a pair is covered
// when either side's name does, so that no counterpart is hidden.
func (f filter) named(entries ...[]*inventory.Entry) bool {
	if f.query == "" {
		return true
	}
	for _, side := range entries {
		for _, e := range side {
			if strings.Contains(strings.ToLower(e.Name), f.query) {
				return true
			}
		}
	}
	return false
}
