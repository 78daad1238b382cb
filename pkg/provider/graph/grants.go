package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// graphAppID is Microsoft Graph itself, the same in every directory.
const graphAppID = "00000003-0000-0000-c000-000000000000"

type servicePrincipal struct {
	ID       string `json:"id"`
	AppID    string `json:"appId"`
	AppRoles []struct {
		ID    string `json:"id"`
		Value string `json:"value"`
	} `json:"appRoles"`
}

type roleGrant struct {
	AppRoleID  string `json:"appRoleId"`
	ResourceID string `json:"resourceId"`
}

// Grants implements provider.Reader. When the directory does not let us see our
// own enterprise application, Granted is what the token says.
func (r *reader) Grants(ctx context.Context) (provider.Grants, error) {
	p, err := r.s.source.get(ctx, "")
	if err != nil {
		return provider.Grants{}, err
	}
	g := provider.Grants{Roles: slices.Clone(p.roles)}
	if g.Granted, err = r.granted(ctx); err == nil {
		return g, nil
	}
	if e, ok := errors.AsType[*provider.Error](err); ok && (e.Class == provider.Denied || e.Class == provider.Gone) {
		g.Granted = slices.Clone(p.roles)
		return g, nil
	}
	return g, err
}

func (r *reader) granted(ctx context.Context) ([]string, error) {
	own, err := listOf[servicePrincipal](ctx, r.s, "/servicePrincipals"+query("$filter", "appId eq "+quote(r.s.target.ClientID), "$select", "id,appId"))
	if err != nil {
		return nil, err
	}
	if len(own) != 1 {
		return nil, &provider.Error{Class: provider.Gone, Code: "application_missing", Message: "The application is not present in this directory."}
	}
	grants, err := listOf[roleGrant](ctx, r.s, "/servicePrincipals/"+escape(own[0].ID)+"/appRoleAssignments"+query("$top", "999"))
	if err != nil {
		return nil, err
	}
	names := map[string]map[string]string{}
	granted := []string{}
	for _, g := range grants {
		if _, ok := names[g.ResourceID]; !ok {
			if names[g.ResourceID], err = r.roleNames(ctx, g.ResourceID); err != nil {
				return nil, err
			}
		}
		if name := names[g.ResourceID][g.AppRoleID]; name != "" {
			granted = append(granted, name)
		}
	}
	slices.Sort(granted)
	return slices.Compact(granted), nil
}

// roleNames are the application roles of a resource by id; empty for resources
// other than Microsoft Graph.
func (r *reader) roleNames(ctx context.Context, resource string) (map[string]string, error) {
	a, err := r.s.get(ctx, "/servicePrincipals/"+escape(resource)+query("$select", "id,appId,appRoles"), directoryReads, false)
	if err != nil {
		return nil, err
	}
	var sp servicePrincipal
	if err := json.Unmarshal(a.body, &sp); err != nil {
		return nil, unreadable("An enterprise application cannot be read.", err)
	}
	names := map[string]string{}
	if sp.AppID != graphAppID {
		return names, nil
	}
	for _, role := range sp.AppRoles {
		names[role.ID] = role.Value
	}
	return names, nil
}

// Facts implements provider.Reader. Approval policies that cannot be read are
// unknown; security defaults that cannot be read are an error, with the rest of
// the facts filled in.
func (r *reader) Facts(ctx context.Context) (provider.Facts, error) {
	var f provider.Facts
	policies, err := listFrom[struct {
		PolicyType string `json:"policyType"`
	}](ctx, r.s, "/deviceManagement/operationApprovalPolicies", intuneReads)
	switch {
	case err == nil:
		f.ApprovalKnown = true
		for _, p := range policies {
			f.ApprovalTypes = append(f.ApprovalTypes, p.PolicyType)
		}
		slices.Sort(f.ApprovalTypes)
		f.ApprovalTypes = slices.Compact(f.ApprovalTypes)
	case ctx.Err() != nil || provider.ClassOf(err) == provider.NoToken:
		return f, err
	}
	a, err := r.s.get(ctx, "/policies/identitySecurityDefaultsEnforcementPolicy", directoryReads, false)
	if err != nil {
		return f, err
	}
	var defaults struct {
		IsEnabled bool `json:"isEnabled"`
	}
	if err := json.Unmarshal(a.body, &defaults); err != nil {
		return f, unreadable("The security defaults cannot be read.", err)
	}
	f.SecurityDefaultsOn = defaults.IsEnabled
	return f, nil
}

func listOf[T any](ctx context.Context, s *session, path string) ([]T, error) {
	return listFrom[T](ctx, s, path, directoryReads)
}

// listFrom reads a whole list into values of T.
func listFrom[T any](ctx context.Context, s *session, path string, f family) ([]T, error) {
	var out []T
	err := s.pages(ctx, request{method: http.MethodGet, path: path, family: f}, func(p page) error {
		for _, raw := range p.items {
			var v T
			if err := json.Unmarshal(raw, &v); err != nil {
				return unreadable("Microsoft Graph listed something that cannot be read.", err)
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}
