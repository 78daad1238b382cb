package inventory

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Known is what the store already holds of one subject, to decide what a read
// changes.
type Known struct {
	ID         SubjectID
	Hash       fingerprint.Digest
	LastReadAt time.Time
	Deleted    bool
}

// Projection is what comparison sees of a subject; it is renewed when names of
// referenced things change, without a new version.
type Projection struct {
	ID       SubjectID
	Content  fingerprint.Digest
	Assigned fingerprint.Digest
}

// SyncStore is the persistence a sync asks for. Every method works inside the
// transaction that ctx carries, in the scope's workspace.
type SyncStore interface {
	// KnownSubjects returns all subjects of a type, deleted ones too, by object id.
	KnownSubjects(ctx context.Context, s access.Scope, t tenancy.TenantID, typ subject.TypeKey) (map[string]Known, error)
	// SaveCaptured stores subjects whose hash is new: subject row and version.
	SaveCaptured(ctx context.Context, s access.Scope, t tenancy.TenantID, runID string, batch []*Captured) error
	// TouchSubjects moves last_read_at of unchanged subjects and revives deleted ones.
	TouchSubjects(ctx context.Context, s access.Scope, t tenancy.TenantID, ids []SubjectID, readAt time.Time) error
	// MarkDeleted marks the type's live subjects that were last read before the
	// listing began, and returns how many.
	MarkDeleted(ctx context.Context, s access.Scope, t tenancy.TenantID, typ subject.TypeKey, before time.Time) (int, error)
	// SaveCapture records the attempt to read a type or kind; an older attempt
	// never replaces a newer one.
	SaveCapture(ctx context.Context, s access.Scope, t tenancy.TenantID, runID string, c Capture) error
	// ReplaceReferences makes the index of one kind equal to refs.
	ReplaceReferences(ctx context.Context, s access.Scope, t tenancy.TenantID, kind subject.RefKind, refs []IndexedReference) error
	// NamesOf loads everything that names a reference: the index and the
	// subjects of referable types.
	NamesOf(ctx context.Context, s access.Scope, t tenancy.TenantID) ([]IndexedReference, error)
	// ReferringVersions calls each with every live subject that holds references
	// and its newest version.
	ReferringVersions(ctx context.Context, s access.Scope, t tenancy.TenantID, each func(Projection, *Version) error) error
	// SaveProjections writes renewed projections.
	SaveProjections(ctx context.Context, s access.Scope, t tenancy.TenantID, list []Projection) error
	// SaveFacts stores tenant-wide circumstances.
	SaveFacts(ctx context.Context, s access.Scope, t tenancy.TenantID, f Facts) error
	// SaveLabels adds display names that are not known yet.
	SaveLabels(ctx context.Context, labels map[string]string) error
	// UnknownLabels returns those of the setting definition ids without a label.
	UnknownLabels(ctx context.Context, ids []string) ([]string, error)
}
