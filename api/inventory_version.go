package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
)

// VersionDetailView is one version with everything that was read.
type VersionDetailView struct {
	VersionView
	References []VersionReferenceView `json:"references" doc:"The other objects it names by id."`
	Raw        json.RawMessage        `json:"raw" doc:"The object as Microsoft Graph returned it."`
}

// VersionReferenceView is one object that a version names by id.
type VersionReferenceView struct {
	Part string        `json:"part" enum:"content,assignments" doc:"Where it is named." example:"assignments"`
	Kind referenceKind `json:"kind" doc:"What kind of object it is." example:"group"`
	ID   string        `json:"id" doc:"Its id in the tenant." example:"1f0b6a2c-3f0e-4f5b-9d57-0b8a5f6a1e44"`
	Name *string       `json:"name" doc:"Its name when the version was read; null when it was not known." example:"All devices"`
}

type versionInput struct {
	InTenant
	VersionID inventory.VersionID `path:"version_id" format:"uuid" doc:"Id of the version." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31"`
}

type versionOutput struct {
	Body VersionDetailView
}

func registerVersion(a *API, tenant string) {
	Register(a, Operation{
		Method: http.MethodGet, Path: tenant + "/versions/{version_id}", ID: "get-version", Tag: TagInventory,
		Summary:     "Get a version",
		Description: "One version with its raw content.",
		Authz: Authz{
			Reach: ReachTenant, Capabilities: []access.Capability{access.TenantView, access.TenantRawView}, ReadOnly: true,
		},
	}, a.getVersion)
}

func (a *API) getVersion(ctx context.Context, in *versionInput) (*versionOutput, error) {
	v, err := a.deps.Inventory.Version(ctx, Scope(ctx), in.TenantID, in.VersionID)
	if err != nil {
		return nil, err
	}
	return &versionOutput{VersionDetailView{
		VersionView: viewVersion(*v), References: viewReferences(v.Slots), Raw: json.RawMessage(v.Raw),
	}}, nil
}

func viewReferences(slots []inventory.Slot) []VersionReferenceView {
	views := make([]VersionReferenceView, len(slots))
	for i, s := range slots {
		views[i] = VersionReferenceView{Part: s.Part, Kind: referenceKind(s.Kind), ID: s.ID, Name: OrNil(s.Name)}
	}
	return views
}
