package api

import (
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// PersonView names a person in another thing's view.
type PersonView struct {
	ID          string `json:"id" format:"uuid" doc:"Id of the person." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24"`
	DisplayName string `json:"display_name" doc:"Name to show." example:"Robin Meyer"`
}

// ActionView says whether the caller may do something now, and if not, why and
// what would help. Clients render it; they never guess permissions.
type ActionView struct {
	Allowed    bool    `json:"allowed" doc:"Whether it may be done now." example:"true"`
	ReasonCode *string `json:"reason_code" doc:"Why not; null when allowed." example:"forbidden"`
	Guidance   *string `json:"guidance" doc:"One sentence on what would help; null when allowed." example:"Ask a manager of this workspace."`
}

// PrimaryActionView is the one dominant next step of a page.
type PrimaryActionView struct {
	Name                 string  `json:"name" enum:"generate_preflight,execute_promotion,resolve_publication_blockers,publish_review,start_step,retry_step,open_operation,open_page,return_to_publication" doc:"What it does." example:"generate_preflight"`
	Label                string  `json:"label" doc:"Words for the button." example:"Generate preflight"`
	Kind                 string  `json:"kind" enum:"mutation,link" doc:"Whether it changes something or leads somewhere." example:"mutation"`
	Href                 *string `json:"href" doc:"Where a link leads; null for a mutation." example:"/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/promotions"`
	ConfirmationRequired bool    `json:"confirmation_required" doc:"Whether to ask before doing it." example:"false"`
}

// Allow is an action the caller may do now.
func Allow() ActionView { return ActionView{Allowed: true} }

// Refuse is an action the caller may not do now.
func Refuse(reasonCode, guidance string) ActionView {
	return ActionView{ReasonCode: &reasonCode, Guidance: &guidance}
}

// RefuseCapability is an action the caller's role does not grant.
func RefuseCapability(c access.Capability) ActionView {
	return Refuse("forbidden", fault.Denied(string(c)).Message)
}
