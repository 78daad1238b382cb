package problem

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Counts says how many subjects of a selection are in which bucket.
type Counts struct {
	Ready                 int `json:"ready" doc:"Subjects that would be promoted." example:"12"`
	Blocked               int `json:"blocked" doc:"Subjects that cannot be promoted." example:"2"`
	ManualMappingRequired int `json:"manual_mapping_required" doc:"Subjects that need a decision of yours first." example:"1"`
	Aligned               int `json:"aligned" doc:"Subjects that already stand as they should." example:"40"`
}

// ChangedSubject is one subject that moved since the preflight.
type ChangedSubject struct {
	SubjectKey  string `json:"subject_key" doc:"Key of the subject." example:"device_configuration/windows baseline"`
	DisplayName string `json:"display_name" doc:"Name of the subject." example:"Windows baseline"`
	Side        string `json:"side" enum:"source,target" doc:"Where it moved." example:"target"`
}

// Changes says what moved since the preflight that was confirmed.
type Changes struct {
	UnknownPreflight bool             `json:"unknown_preflight" doc:"No preflight with this fingerprint is known." example:"false"`
	RuleChanged      bool             `json:"rule_changed" doc:"The product's own rules have changed." example:"false"`
	SelectionChanged bool             `json:"selection_changed" doc:"The selection is not the one of the preflight." example:"false"`
	Source           int              `json:"source" doc:"How many subjects of the source were versioned or deleted since." example:"0"`
	Target           int              `json:"target" doc:"How many subjects of the target were versioned or deleted since." example:"3"`
	CountsThen       *Counts          `json:"counts_then" doc:"Counts of the confirmed preflight, when it is known."`
	CountsNow        Counts           `json:"counts_now" doc:"Counts as they are at present."`
	Subjects         []ChangedSubject `json:"subjects" maxItems:"10" doc:"The first subjects that moved."`
}

// Blocker is one unmet requirement of a publication.
type Blocker struct {
	Key       string  `json:"key" doc:"The requirement." example:"permission_posture"`
	Statement string  `json:"statement" doc:"What is missing." example:"The permission posture report is older than the period."`
	Awaiting  string  `json:"awaiting" enum:"operator,system,external" doc:"Who has to act." example:"operator"`
	StepKey   *string `json:"step_key" doc:"The step of the resolution case that removes it, if there is one." example:"permission_posture"`
}

// memberSchemas describes the named members. The operation of scope_busy is
// added by the edge, which owns that type.
func memberSchemas(r huma.Registry) map[string]*huma.Schema {
	describe := func(t reflect.Type, text string) *huma.Schema {
		s := r.Schema(t, true, "")
		return &huma.Schema{AllOf: []*huma.Schema{s}, Description: text}
	}
	return map[string]*huma.Schema{
		"reason_code": {
			Type: huma.TypeString, Description: "With operation_blocked: why it may not start.",
			Enum: []any{
				"operation_paused", "connection_unverified", "write_disabled",
				"permission_missing", "tenant_archived",
			},
			Examples: []any{"write_disabled"},
		},
		"counts":  describe(reflect.TypeFor[Counts](), "With confirmation_mismatch and no_ready_subjects: the present counts."),
		"changes": describe(reflect.TypeFor[Changes](), "With preflight_stale: what moved."),
		"blockers": {
			Type: huma.TypeArray, Description: "With publication_blocked: the unmet requirements.",
			Items: r.Schema(reflect.TypeFor[Blocker](), true, ""),
		},
	}
}
