package api

import (
	"context"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// PolicyTypeView is one kind of policy that the product knows.
type PolicyTypeView struct {
	Key        policyType `json:"key" doc:"The type's key." example:"configuration_policies"`
	Label      string     `json:"label" doc:"Words for people, plural." example:"Settings catalog policies"`
	GraphPath  string     `json:"graph_path" doc:"Where Microsoft Graph keeps them, without the version." example:"/deviceManagement/configurationPolicies"`
	Readable   bool       `json:"readable" doc:"Whether a sync reads them." example:"true"`
	Promotable bool       `json:"promotable" doc:"Whether they can be promoted." example:"true"`
	WhyNot     *string    `json:"why_not" doc:"Why they cannot be promoted; null when they can." example:"Microsoft has closed this family to creation and management; recreate the policy in the settings catalog."`
}

func registerPolicyTypes(a *API) {
	Register(a, Operation{
		Method: http.MethodGet, Path: "/policy-types", ID: "list-policy-types", Tag: TagInventory,
		Summary:     "List policy types",
		Description: "The catalogue of policy types, in the order an administrator would look for them.",
		Authz:       Authz{Reach: ReachSelf, ReadOnly: true},
	}, a.listPolicyTypes)
}

func (a *API) listPolicyTypes(_ context.Context, in *Page) (*Paged[PolicyTypeView], error) {
	const what = "policy-types"
	from := 0
	if _, err := a.cursors.Open(what, in.Cursor, &from); err != nil {
		return nil, err
	}
	all := subject.Types()
	from = min(from, len(all))
	until := min(from+in.Limit, len(all))
	out := &Paged[PolicyTypeView]{ListOf(all[from:until], viewPolicyType)}
	if until < len(all) {
		next, err := a.cursors.Seal(what, until)
		if err != nil {
			return nil, err
		}
		out.Body.NextCursor = next
	}
	return out, nil
}

func viewPolicyType(t *subject.Type) PolicyTypeView {
	return PolicyTypeView{
		Key: policyType(t.Key), Label: t.Label, GraphPath: t.Path, Readable: true,
		Promotable: t.Portable, WhyNot: OrNil(t.WhyNot),
	}
}
