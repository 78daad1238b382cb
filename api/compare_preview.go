package api

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
)

// PreviewRequest asks for a comparison.
type PreviewRequest struct {
	SelectionRequest
	ComparePage
	States []compareState `json:"states" required:"false" maxItems:"6" doc:"Only items in these states; all of them when left out or empty. Counts cover all states." example:"[\"different\"]"`
}

// PreviewView is a comparison of two tenants.
type PreviewView struct {
	Selection       SelectionView      `json:"selection" doc:"What was compared, in canonical form."`
	Source          TenantSummaryView  `json:"source" doc:"The source."`
	Target          TenantSummaryView  `json:"target" doc:"The target."`
	Counts          CompareCountsView  `json:"counts" doc:"How many subjects of the whole selection are in each state."`
	Items           []CompareItemView  `json:"items" doc:"The subjects of this page, by type and name."`
	NextCursor      *string            `json:"next_cursor" doc:"Send it as cursor to get the next page; null on the last one." example:"eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl"`
	LatestOperation *OperationView     `json:"latest_operation" doc:"The newest promotion from this source to this target that the caller may see, or null."`
	PrimaryAction   *PrimaryActionView `json:"primary_action" doc:"The one dominant next step; null when source and target are the same."`
}

// CompareCountsView counts subjects by state.
type CompareCountsView struct {
	Aligned         int `json:"aligned" doc:"Equal in both." example:"40"`
	Different       int `json:"different" doc:"In both, and not equal." example:"9"`
	MissingInTarget int `json:"missing_in_target" doc:"Only in the source." example:"5"`
	OnlyInTarget    int `json:"only_in_target" doc:"Only in the target; never changed." example:"3"`
	Ambiguous       int `json:"ambiguous" doc:"More than one fits by name." example:"1"`
	NotEvaluated    int `json:"not_evaluated" doc:"Not read completely, or not comparable." example:"2"`
}

// CompareItemView is one subject of a comparison.
type CompareItemView struct {
	SubjectKey       string         `json:"subject_key" doc:"Key of the subject under the selection's match rule." example:"configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"`
	PolicyType       policyType     `json:"policy_type" doc:"Its policy type." example:"configuration_policies"`
	DisplayName      string         `json:"display_name" doc:"Its name in the source, or in the target where it is only there." example:"Windows baseline"`
	State            compareState   `json:"state" doc:"How it stands." example:"different"`
	Causes           []compareCause `json:"causes" doc:"What makes the state; empty when the state says it all." example:"[\"content\"]"`
	Match            MatchView      `json:"match" doc:"How the two sides were matched."`
	Candidates       CandidatesView `json:"candidates" doc:"How many fit by name on each side."`
	SourceVersionID  *string        `json:"source_version_id" format:"uuid" doc:"The version compared; null when there is none, or more than one candidate." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31"`
	TargetVersionID  *string        `json:"target_version_id" format:"uuid" doc:"The version compared; null when there is none, or more than one candidate." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e32"`
	SourceCapturedAt *time.Time     `json:"source_captured_at" doc:"When the source's side was last read, or null." example:"2026-11-24T09:00:00Z"`
	TargetCapturedAt *time.Time     `json:"target_captured_at" doc:"When the target's side was last read, or null." example:"2026-11-24T09:00:00Z"`
}

// MatchView says how a subject was matched.
type MatchView struct {
	Kind       matchKind `json:"kind" doc:"How it was matched." example:"exact"`
	TargetName *string   `json:"target_name" doc:"Its name in the target; null when it was not matched with exactly one." example:"Windows baseline"`
}

// CandidatesView counts what fits by name.
type CandidatesView struct {
	Source int `json:"source" doc:"In the source." example:"1"`
	Target int `json:"target" doc:"In the target." example:"1"`
}

type previewInput struct {
	InWorkspace
	Body PreviewRequest
}

type previewOutput struct {
	Body PreviewView
}

func (a *API) previewComparison(ctx context.Context, in *previewInput) (*previewOutput, error) {
	sel := in.Body.selection()
	page, err := a.openPage(ctx, "preview", in.Body.ComparePage, sel, words[string](in.Body.States))
	if err != nil {
		return nil, err
	}
	c, err := a.deps.Promotion.Preview(ctx, Scope(ctx), sel)
	if err != nil {
		return nil, err
	}
	items := chosen(c.Preview.Items, in.Body.States, func(i *compare.Item) compareState { return compareState(i.State) })
	from, until, next, err := page.cut(c.Preview.Digest(), len(items))
	if err != nil {
		return nil, err
	}
	view := viewComparison(c)
	view.Items, view.NextCursor = ListOf(items[from:until], viewCompareItem).Items, next
	if c.Latest != nil {
		latest := viewOperation(Scope(ctx), *c.Latest)
		view.LatestOperation = &latest
	}
	return &previewOutput{view}, nil
}

func viewComparison(c *promotion.Comparison) PreviewView {
	n := c.Preview.Counts
	v := PreviewView{
		Selection: viewSelection(c.Selection),
		Source:    viewTenantSummary(c.Source, c.Selection), Target: viewTenantSummary(c.Target, c.Selection),
		Counts: CompareCountsView{
			Aligned: n[compare.Aligned], Different: n[compare.Different], MissingInTarget: n[compare.MissingInTarget],
			OnlyInTarget: n[compare.OnlyInTarget], Ambiguous: n[compare.Ambiguous], NotEvaluated: n[compare.NotEvaluated],
		},
	}
	if c.Source.Tenant.DirectoryID != c.Target.Tenant.DirectoryID {
		next := generatePreflight
		v.PrimaryAction = &next
	}
	return v
}

func viewCompareItem(i *compare.Item) CompareItemView {
	v := CompareItemView{
		SubjectKey: string(i.Key), PolicyType: policyType(i.Type), DisplayName: i.Name(), State: compareState(i.State),
		Causes: words[compareCause](i.Causes), Match: viewMatch(i),
		Candidates: CandidatesView{Source: len(i.Source), Target: len(i.Target)},
	}
	v.SourceVersionID, v.SourceCapturedAt = onlyVersion(i.Source)
	v.TargetVersionID, v.TargetCapturedAt = onlyVersion(i.Target)
	return v
}

func viewMatch(i *compare.Item) MatchView {
	m := MatchView{Kind: matchKind(i.Match)}
	if i.Match == compare.MatchExact || i.Match == compare.MatchNormalised {
		m.TargetName = OrNil(i.Target[0].Name)
	}
	return m
}

// onlyVersion is the version of a side with exactly one candidate.
func onlyVersion(candidates []*inventory.Entry) (id *string, readAt *time.Time) {
	if len(candidates) != 1 {
		return nil, nil
	}
	return OrNil(candidates[0].VersionID), UTCOrNil(&candidates[0].LastReadAt)
}
