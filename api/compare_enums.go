package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// Words whose values are a catalogue of a room. Their enum in the description is
// made from that catalogue, so that the two cannot differ.
type (
	policyType      subject.TypeKey
	matchRule       subject.MatchRule
	referenceKind   subject.RefKind
	assignmentsRule compare.AssignmentsRule
	compareState    compare.State
	compareCause    compare.Cause
	matchKind       compare.MatchKind
	changeKind      compare.ChangeKind
	bucket          promotion.Bucket
	promotionAction promotion.Action
	reasonCode      promotion.ReasonCode
	runOutcome      operation.Outcome
)

// Schema implements huma.SchemaProvider.
func (policyType) Schema(huma.Registry) *huma.Schema {
	return enumOf(keysOf(subject.Types(), func(t *subject.Type) subject.TypeKey { return t.Key }))
}

// Schema implements huma.SchemaProvider.
func (matchRule) Schema(huma.Registry) *huma.Schema {
	return enumOf([]subject.MatchRule{subject.ExactName, subject.IgnoreVersionSuffix})
}

// Schema implements huma.SchemaProvider.
func (referenceKind) Schema(huma.Registry) *huma.Schema { return enumOf(subject.RefKinds()) }

// Schema implements huma.SchemaProvider.
func (assignmentsRule) Schema(huma.Registry) *huma.Schema { return enumOf(compare.AssignmentsRules()) }

// Schema implements huma.SchemaProvider.
func (compareState) Schema(huma.Registry) *huma.Schema { return enumOf(compare.States()) }

// Schema implements huma.SchemaProvider.
func (compareCause) Schema(huma.Registry) *huma.Schema { return enumOf(compare.Causes()) }

// Schema implements huma.SchemaProvider.
func (matchKind) Schema(huma.Registry) *huma.Schema { return enumOf(compare.MatchKinds()) }

// Schema implements huma.SchemaProvider.
func (changeKind) Schema(huma.Registry) *huma.Schema { return enumOf(compare.ChangeKinds()) }

// Schema implements huma.SchemaProvider.
func (bucket) Schema(huma.Registry) *huma.Schema { return enumOf(promotion.Buckets()) }

// Schema implements huma.SchemaProvider.
func (promotionAction) Schema(huma.Registry) *huma.Schema { return enumOf(promotion.Actions()) }

// Schema implements huma.SchemaProvider.
func (reasonCode) Schema(huma.Registry) *huma.Schema { return enumOf(promotion.ReasonCodes()) }

// Schema implements huma.SchemaProvider.
func (runOutcome) Schema(huma.Registry) *huma.Schema {
	return enumOf([]operation.Outcome{
		operation.Succeeded, operation.PartiallySucceeded, operation.Failed, operation.Blocked, operation.Cancelled,
	})
}

func enumOf[T ~string](values []T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}

func keysOf[S any, T ~string](items []S, key func(S) T) []T {
	keys := make([]T, len(items))
	for i, item := range items {
		keys[i] = key(item)
	}
	return keys
}

// words converts between a room's word and the edge's. The list is never null.
func words[To, From ~string](list []From) []To {
	return keysOf(list, func(w From) To { return To(w) })
}
