package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// index is where the entries of a reference kind are listed.
type index struct {
	path   string
	family family
	id     string // property that references hold
	typed  bool   // entries have a concrete type
	active bool   // only entries whose lifecycle state is active can be used
}

var indexes = map[subject.RefKind]index{
	subject.RefGroup:        {path: "/groups?$select=id,displayName&$top=999", family: directoryReads, id: "id"},
	subject.RefApplication:  {path: "/servicePrincipals?$select=id,appId,displayName&$top=999", family: directoryReads, id: "appId"},
	subject.RefApp:          {path: "/deviceAppManagement/mobileApps?$select=id,displayName&$top=1000", family: intuneReads, id: "id", typed: true},
	subject.RefAuthStrength: {path: "/identity/conditionalAccess/authenticationStrength/policies?$select=id,displayName", family: directoryReads, id: "id"},
	subject.RefTermsOfUse:   {path: "/identityGovernance/termsOfUse/agreements?$select=id,displayName", family: directoryReads, id: "id"},
	subject.RefTemplate:     {path: "/deviceManagement/configurationPolicyTemplates?$select=id,displayName,lifecycleState", family: intuneReads, id: "id", active: true},
}

// References implements provider.Reader. Kinds that are policy types, users and
// the tenant itself are not captured.
func (r *reader) References(ctx context.Context, kind subject.RefKind, each func(provider.Reference) error) error {
	ix, ok := indexes[kind]
	if !ok {
		return fmt.Errorf("graph: references of kind %s are not captured", kind)
	}
	first := request{method: http.MethodGet, path: ix.path, family: ix.family, full: ix.typed}
	return r.s.pages(ctx, first, func(p page) error {
		for _, raw := range p.items {
			o, err := decodeObject(raw)
			if err != nil || text(o, ix.id) == "" {
				return unreadable("Microsoft Graph listed an entry without an id.", err)
			}
			if ix.active && text(o, "lifecycleState") != "active" {
				continue
			}
			ref := provider.Reference{Kind: kind, ID: text(o, ix.id), Name: text(o, "displayName")}
			if ix.typed {
				ref.Type = strings.TrimPrefix(text(o, odataType), "#")
			}
			if err := each(ref); err != nil {
				return err
			}
		}
		return nil
	})
}

type settingDefinition struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Options     []struct {
		ItemID      string `json:"itemId"`
		DisplayName string `json:"displayName"`
	} `json:"options"`
}

// SettingLabels implements provider.Reader: one request per policy, and one
// more for every thousand settings. Ids mean the same in all tenants, so ask
// only for policies that use ids whose labels are not known yet.
func (r *reader) SettingLabels(ctx context.Context, policyID string) (map[string]string, error) {
	labels := map[string]string{}
	first := request{
		method: http.MethodGet, family: intuneReads,
		path: "/deviceManagement/configurationPolicies/" + escape(policyID) + "/settings?$expand=settingDefinitions&$top=1000",
	}
	err := r.s.pages(ctx, first, func(p page) error {
		for _, raw := range p.items {
			var setting struct {
				Definitions []settingDefinition `json:"settingDefinitions"`
			}
			if err := json.Unmarshal(raw, &setting); err != nil {
				return unreadable("Setting definitions cannot be read.", err)
			}
			label(labels, setting.Definitions)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return labels, nil
}

func label(labels map[string]string, definitions []settingDefinition) {
	for _, d := range definitions {
		if d.DisplayName != "" {
			labels[d.ID] = d.DisplayName
		}
		for _, o := range d.Options {
			if o.DisplayName != "" {
				labels[o.ItemID] = o.DisplayName
			}
		}
	}
}
