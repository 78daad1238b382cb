package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// SubjectView is one governed subject of a tenant.
type SubjectView struct {
	ID          string                 `json:"id" format:"uuid" doc:"Id of the subject." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e30"`
	SubjectKey  string                 `json:"subject_key" doc:"What compare and promotion call it, by exact name." example:"configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"`
	PolicyType  policyType             `json:"policy_type" doc:"Its policy type." example:"configuration_policies"`
	DisplayName string                 `json:"display_name" doc:"Its name in the tenant." example:"Windows baseline"`
	ObjectID    string                 `json:"object_id" doc:"Its id in Microsoft Graph." example:"5b1c7a0e-3f0e-4f5b-9d57-0b8a5f6a1e44"`
	ODataType   *string                `json:"odata_type" doc:"Its concrete Graph type, or null." example:"microsoft.graph.windows10GeneralConfiguration"`
	VersionID   string                 `json:"version_id" format:"uuid" doc:"Its newest version." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31"`
	ContentHash string                 `json:"content_hash" doc:"Digest of the newest version." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	Assignments SubjectAssignmentsView `json:"assignments" doc:"Whom it is assigned to, in numbers."`
	FirstSeenAt time.Time              `json:"first_seen_at" doc:"When it was first read." example:"2026-11-24T09:00:00Z"`
	LastReadAt  time.Time              `json:"last_read_at" doc:"When it was last read." example:"2026-11-24T09:00:00Z"`
	DeletedAt   *time.Time             `json:"deleted_at" doc:"When the tenant was seen without it, or null." example:"2026-12-01T09:00:00Z"`
}

// SubjectAssignmentsView counts a subject's assignments.
type SubjectAssignmentsView struct {
	Read       bool `json:"read" doc:"Whether they could be read." example:"true"`
	Total      int  `json:"total" doc:"How many there are." example:"2"`
	Exclusions int  `json:"exclusions" doc:"How many of them exclude a group." example:"1"`
}

// VersionView is one immutable version of a subject, without its content.
type VersionView struct {
	ID          string     `json:"id" format:"uuid" doc:"Id of the version." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31"`
	SubjectID   string     `json:"subject_id" format:"uuid" doc:"The subject it is of." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e30"`
	PolicyType  policyType `json:"policy_type" doc:"Its policy type." example:"configuration_policies"`
	DisplayName string     `json:"display_name" doc:"The name at that time." example:"Windows baseline"`
	ContentHash string     `json:"content_hash" doc:"Digest of content, references and assignments." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	CapturedAt  time.Time  `json:"captured_at" doc:"When it was read." example:"2026-11-24T09:00:00Z"`
	OperationID string     `json:"operation_id" format:"uuid" doc:"The operation that read it." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
}

type listSubjectsInput struct {
	InTenant
	Page
	PolicyType policyType `query:"policy_type" doc:"Only subjects of this type." example:"configuration_policies"`
	Query      string     `query:"q" maxLength:"200" doc:"Only subjects whose name holds this, whatever its case." example:"baseline"`
}

// InSubject is the input of everything about one subject; embed it.
type InSubject struct {
	InTenant
	SubjectID inventory.SubjectID `path:"subject_id" format:"uuid" doc:"Id of the subject." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e30"`
}

type listVersionsInput struct {
	InSubject
	Page
}

type subjectOutput struct {
	Body SubjectView
}

func registerInventory(a *API) {
	const tenant = "/workspaces/{workspace_id}/tenants/{tenant_id}"
	view := Authz{Reach: ReachTenant, Capabilities: []access.Capability{access.TenantView}, ReadOnly: true}
	Register(a, Operation{
		Method: http.MethodGet, Path: tenant + "/subjects", ID: "list-subjects", Tag: TagInventory,
		Summary:     "List subjects",
		Description: "What the tenant has, as of the last time it was read, by type and name. Deleted subjects are left out.",
		Authz:       view,
	}, a.listSubjects)
	Register(a, Operation{
		Method: http.MethodGet, Path: tenant + "/subjects/{subject_id}", ID: "get-subject", Tag: TagInventory,
		Summary:     "Get a subject",
		Description: "One subject of the tenant, also after it was deleted there.",
		Authz:       view,
	}, a.getSubject)
	Register(a, Operation{
		Method: http.MethodGet, Path: tenant + "/subjects/{subject_id}/versions", ID: "list-subject-versions", Tag: TagInventory,
		Summary:     "List versions",
		Description: "The versions of a subject, newest first. A version never changes; a read that finds nothing new makes none.",
		Authz:       view,
	}, a.listVersions)
	registerVersion(a, tenant)
	registerSync(a, tenant)
}

func (a *API) listSubjects(ctx context.Context, in *listSubjectsInput) (*Paged[SubjectView], error) {
	items, next, err := a.deps.Inventory.Subjects(ctx, Scope(ctx), in.TenantID, inventory.SubjectFilter{
		Type: subject.TypeKey(in.PolicyType), Query: in.Query, Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, viewSubject), nil
}

func (a *API) getSubject(ctx context.Context, in *InSubject) (*subjectOutput, error) {
	l, err := a.deps.Inventory.Subject(ctx, Scope(ctx), in.TenantID, in.SubjectID)
	if err != nil {
		return nil, err
	}
	return &subjectOutput{viewSubject(l)}, nil
}

func (a *API) listVersions(ctx context.Context, in *listVersionsInput) (*Paged[VersionView], error) {
	items, next, err := a.deps.Inventory.Versions(ctx, Scope(ctx), in.TenantID, in.SubjectID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, viewVersion), nil
}

func viewSubject(l inventory.Listed) SubjectView {
	return SubjectView{
		ID: string(l.ID), SubjectKey: string(l.Keys.Exact), PolicyType: policyType(l.Type), DisplayName: l.Name,
		ObjectID: l.ObjectID, ODataType: OrNil(l.ODataType), VersionID: string(l.VersionID), ContentHash: string(l.Hash),
		Assignments: SubjectAssignmentsView{
			Read: l.Assignments.Read, Total: l.Assignments.Count, Exclusions: l.Assignments.Exclusions,
		},
		FirstSeenAt: UTC(l.FirstSeenAt), LastReadAt: UTC(l.LastReadAt), DeletedAt: UTCOrNil(l.DeletedAt),
	}
}

func viewVersion(v inventory.Version) VersionView {
	return VersionView{
		ID: string(v.ID), SubjectID: string(v.SubjectID), PolicyType: policyType(v.Type), DisplayName: v.Name,
		ContentHash: string(v.Hash), CapturedAt: UTC(v.CapturedAt), OperationID: v.RunID,
	}
}
