package inventory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// SubjectFilter narrows a listing of subjects; zero fields do not.
type SubjectFilter struct {
	Type   subject.TypeKey
	Query  string // part of the name, whatever its case
	Limit  int    // 0 means 50, at most 200
	Cursor string
}

// Listed is one subject as the inventory pages show it.
type Listed struct {
	Entry
	FirstSeenAt time.Time
	DeletedAt   *time.Time // when a complete listing no longer had it
}

// BrowseStore is the persistence the inventory pages ask for. Every method is
// bounded to the scope's workspace and to the tenant, and answers fault.Missing
// outside them.
type BrowseStore interface {
	// Subjects lists live subjects by type, name and id.
	Subjects(ctx context.Context, s access.Scope, t tenancy.TenantID, f SubjectFilter) (items []Listed, next string, err error)
	// Subject returns one subject, a deleted one too.
	Subject(ctx context.Context, s access.Scope, t tenancy.TenantID, id SubjectID) (Listed, error)
	// Versions lists a subject's versions, newest first, without content.
	Versions(ctx context.Context, s access.Scope, t tenancy.TenantID, id SubjectID, limit int, cursor string) (items []Version, next string, err error)
	// LoadVersion returns one version with its raw content.
	LoadVersion(ctx context.Context, s access.Scope, t tenancy.TenantID, id VersionID) (*Version, error)
	// LoadStanding reads the tenant and its connection only.
	LoadStanding(ctx context.Context, s access.Scope, t tenancy.TenantID) (*View, error)
}

// Starter starts runs.
type Starter interface {
	Start(ctx context.Context, q operation.StartRequest) (operation.StartResult, error)
}

// Browser is the read verbs of the inventory pages, and the start of a sync.
type Browser struct {
	Store      BrowseStore
	Operations Starter
}

// Subjects lists a tenant's live subjects.
func (b *Browser) Subjects(ctx context.Context, s access.Scope, t tenancy.TenantID, f SubjectFilter) ([]Listed, string, error) {
	f.Query = subject.NormaliseName(f.Query)
	return b.Store.Subjects(ctx, s, t, f)
}

// Subject returns one subject, also after it was deleted in the tenant.
func (b *Browser) Subject(ctx context.Context, s access.Scope, t tenancy.TenantID, id SubjectID) (Listed, error) {
	return b.Store.Subject(ctx, s, t, id)
}

// Versions lists a subject's versions, newest first.
func (b *Browser) Versions(ctx context.Context, s access.Scope, t tenancy.TenantID, id SubjectID, limit int, cursor string) ([]Version, string, error) {
	if _, err := b.Store.Subject(ctx, s, t, id); err != nil {
		return nil, "", err
	}
	return b.Store.Versions(ctx, s, t, id, limit, cursor)
}

// Version returns one version with its raw content, which takes the capability
// tenant.raw.view.
func (b *Browser) Version(ctx context.Context, s access.Scope, t tenancy.TenantID, id VersionID) (*Version, error) {
	if !s.Sees(t) {
		return nil, fault.Missing()
	}
	if !s.Can(access.TenantRawView, t) {
		return nil, fault.Denied(string(access.TenantRawView))
	}
	return b.Store.LoadVersion(ctx, s, t, id)
}

// StartSync queues a sync of the types, or of every type. While a sync of the
// same types is active it is returned; one of other types is scope_busy.
func (b *Browser) StartSync(ctx context.Context, s access.Scope, t tenancy.TenantID, types []subject.TypeKey) (operation.StartResult, error) {
	for _, typ := range types {
		if subject.Lookup(typ) == nil {
			return operation.StartResult{}, fault.InvalidInput("The request names a policy type that does not exist.").At("body.policy_types", "unknown policy type")
		}
	}
	standing, err := b.Store.LoadStanding(ctx, s, t)
	if err != nil {
		return operation.StartResult{}, fmt.Errorf("load the tenant: %w", err)
	}
	if standing.Tenant.ArchivedAt != nil {
		return operation.StartResult{}, operation.BlockedBy(operation.ReasonTenantArchived)
	}
	items := SyncItems(types)
	key := syncKey(items)
	return b.Operations.Start(ctx, operation.StartRequest{
		Scope: s, Type: operation.InventorySync, TenantID: t, DedupeKey: key, Items: items,
		Details: map[string]any{"policy_types": key},
	})
}

// allTypes is the key of a sync of everything.
const allTypes = "all"

// syncKey is equal for syncs of the same types, however they were listed.
func syncKey(items []operation.PlannedItem) string {
	if len(items) == len(subject.Types()) {
		return allTypes
	}
	keys := make([]string, len(items))
	for i, item := range items {
		keys[i] = item.PolicyType
	}
	slices.Sort(keys)
	return strings.Join(keys, ",")
}
