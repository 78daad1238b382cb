package api

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
)

// PreflightRequest asks for a preflight.
type PreflightRequest struct {
	SelectionRequest
	ComparePage
	Buckets []bucket `json:"buckets" required:"false" maxItems:"4" doc:"Only items in these buckets; all of them when left out or empty. Counts cover all buckets." example:"[\"blocked\"]"`
}

// PreflightView is the verdict on a selection.
type PreflightView struct {
	Fingerprint   string                `json:"fingerprint" doc:"Changes with anything that would change what a promotion does; send it to execute." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	RuleVersion   string                `json:"rule_version" doc:"The rules it was judged by." example:"2026-11.1"`
	GeneratedAt   time.Time             `json:"generated_at" doc:"When it was generated." example:"2026-11-24T09:00:00Z"`
	Executable    bool                  `json:"executable" doc:"Whether at least one subject is ready." example:"true"`
	Counts        problem.Counts        `json:"counts" doc:"How many subjects of the whole selection are in each bucket."`
	MutationScope MutationScopeView     `json:"mutation_scope" doc:"What executing would touch."`
	Items         []PreflightItemView   `json:"items" doc:"The subjects of this page, by type and name; without those that are only in the target."`
	NextCursor    *string               `json:"next_cursor" doc:"Send it as cursor to get the next page; null on the last one." example:"eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl"`
	PrimaryAction *PrimaryActionView    `json:"primary_action" doc:"The one dominant next step."`
	Actions       map[string]ActionView `json:"actions" doc:"What the caller may do: execute."`
}

// MutationScopeView says what executing would touch, and what it would not.
type MutationScopeView struct {
	TargetTenantID string `json:"target_tenant_id" format:"uuid" doc:"The one tenant that would be changed." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
	Statement      string `json:"statement" doc:"The same in plain words." example:"Executing changes Fabrikam only: 3 policies are created and 2 updated. Nothing changes in Contoso, and nothing is deleted."`
	Creates        int    `json:"creates" doc:"How many policies would be created." example:"3"`
	Updates        int    `json:"updates" doc:"How many policies would be updated." example:"2"`
}

// PreflightItemView is one subject of a preflight.
type PreflightItemView struct {
	SubjectKey  string                `json:"subject_key" doc:"Key of the subject under the selection's match rule." example:"configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"`
	PolicyType  policyType            `json:"policy_type" doc:"Its policy type." example:"configuration_policies"`
	DisplayName string                `json:"display_name" doc:"Its name in the source." example:"Windows baseline"`
	Bucket      bucket                `json:"bucket" doc:"Whether it would be promoted." example:"ready"`
	Action      promotionAction       `json:"action" doc:"What would be done with it." example:"create"`
	Reasons     []PreflightReasonView `json:"reasons" doc:"Why it is not ready; empty when it is."`
	Match       MatchView             `json:"match" doc:"How it was matched with the target."`
}

// PreflightReasonView says why a subject is not ready.
type PreflightReasonView struct {
	Code      reasonCode          `json:"code" doc:"The reason." example:"group_not_found"`
	Message   string              `json:"message" doc:"What is wrong and what would change it." example:"A group it refers to does not exist in the target under that name."`
	Reference *NamedReferenceView `json:"reference" doc:"The one thing it is about, or null."`
}

// NamedReferenceView is something a policy refers to.
type NamedReferenceView struct {
	Kind referenceKind `json:"kind" doc:"What it is." example:"group"`
	Name string        `json:"name" doc:"Its name in the source; empty when not even the source knows it." example:"All devices"`
}

type preflightInput struct {
	InWorkspace
	Body PreflightRequest
}

type preflightOutput struct {
	Body PreflightView
}

func (a *API) generatePreflight(ctx context.Context, in *preflightInput) (*preflightOutput, error) {
	sel := in.Body.selection()
	page, err := a.openPage(ctx, "preflight", in.Body.ComparePage, sel, words[string](in.Body.Buckets))
	if err != nil {
		return nil, err
	}
	v, err := a.deps.Promotion.Preflight(ctx, Scope(ctx), sel, page.first())
	if err != nil {
		return nil, err
	}
	items := chosen(v.Preflight.Items, in.Body.Buckets, func(i *promotion.Item) bucket { return bucket(i.Bucket) })
	from, until, next, err := page.cut(v.Preflight.Fingerprint, len(items))
	if err != nil {
		return nil, err
	}
	view := viewPreflight(v)
	view.Items, view.NextCursor = ListOf(items[from:until], viewPreflightItem).Items, next
	return &preflightOutput{view}, nil
}

func viewPreflight(v *promotion.Verdict) PreflightView {
	p := v.Preflight
	return PreflightView{
		Fingerprint: string(p.Fingerprint), RuleVersion: promotion.RuleVersion, GeneratedAt: UTC(v.GeneratedAt),
		Executable: p.Executable(), Counts: viewBucketCounts(p.BucketCounts()),
		MutationScope: MutationScopeView{
			TargetTenantID: string(p.Selection.TargetTenantID), Statement: mutationStatement(v),
			Creates: p.Creates, Updates: p.Updates,
		},
		PrimaryAction: preflightStep(v), Actions: map[string]ActionView{"execute": executeAction(v)},
	}
}

func viewBucketCounts(c promotion.BucketCounts) problem.Counts {
	return problem.Counts{
		Ready: c.Ready, Blocked: c.Blocked, ManualMappingRequired: c.ManualMappingRequired, Aligned: c.Aligned,
	}
}

func viewPreflightItem(i *promotion.Item) PreflightItemView {
	return PreflightItemView{
		SubjectKey: string(i.Key), PolicyType: policyType(i.Type), DisplayName: i.Name(),
		Bucket: bucket(i.Bucket), Action: promotionAction(i.Action),
		Reasons: ListOf(i.Reasons, viewReason).Items, Match: viewMatch(&i.Item),
	}
}

func viewReason(r promotion.Reason) PreflightReasonView {
	v := PreflightReasonView{Code: reasonCode(r.Code), Message: r.Message()}
	if r.Reference != nil {
		v.Reference = &NamedReferenceView{Kind: referenceKind(r.Reference.Kind), Name: r.Reference.Name}
	}
	return v
}

// preflightStep: an executable preflight leads to its execution, also when the
// caller may not; while a promotion of the pair is active it soon will be stale.
func preflightStep(v *promotion.Verdict) *PrimaryActionView {
	step := generatePreflight
	if v.Preflight.Executable() && !v.Outlook.OnPair {
		step = executePromotion
	}
	return &step
}

// executeAction asks in the order of a start.
func executeAction(v *promotion.Verdict) ActionView {
	o := v.Outlook
	switch {
	case o.Lacks != "":
		return RefuseCapability(o.Lacks)
	case o.Busy:
		return Refuse(operation.CodeScopeBusy, "A promotion is active on this target. Wait until it has completed, then generate the preflight again.")
	case o.Blocked != "":
		return Refuse(o.Blocked, operation.BlockedBy(o.Blocked).Message)
	case !v.Preflight.Executable():
		return Refuse(promotion.CodeNoReadySubjects, "No subject of this selection is ready. Resolve what the reasons name, or change the selection.")
	}
	return Allow()
}

// mutationStatement says in one breath what would change and what would not.
func mutationStatement(v *promotion.Verdict) string {
	p, source, target := v.Preflight, v.Source.Tenant.DisplayName, v.Target.Tenant.DisplayName
	if !p.Executable() {
		return fmt.Sprintf("Nothing would change: no subject is ready. Neither %s nor %s is touched.", target, source)
	}
	return fmt.Sprintf("Changes are made in %s only: %s created and %d updated. Nothing changes in %s, and nothing is deleted.",
		target, policies(p.Creates), p.Updates, source)
}

func policies(n int) string {
	if n == 1 {
		return "1 policy is"
	}
	return fmt.Sprintf("%d policies are", n)
}
