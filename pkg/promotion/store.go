package promotion

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Store is the persistence this room asks for. Every method works in the
// transaction that ctx carries; those with a Scope add its workspace to every
// condition and answer fault.Missing outside it.
type Store interface {
	audit.Recorder
	// InSnapshot runs fn in one REPEATABLE READ transaction.
	InSnapshot(ctx context.Context, fn func(ctx context.Context) error) error
	// LostRace reports whether an error means that a concurrent transaction won
	// and the whole verb may be run again.
	LostRace(err error) bool
	// LoadView reads what comparison may know about one tenant.
	LoadView(ctx context.Context, s access.Scope, t tenancy.TenantID) (*inventory.View, error)
	// LoadStanding reads the tenant and its connection only, without inventory.
	LoadStanding(ctx context.Context, s access.Scope, t tenancy.TenantID) (*inventory.View, error)
	// NamesOf reads what names a tenant's things have.
	NamesOf(ctx context.Context, s access.Scope, t tenancy.TenantID) ([]inventory.IndexedReference, error)
	// LoadSlots reads the references and assignments of versions, by id.
	LoadSlots(ctx context.Context, s access.Scope, t tenancy.TenantID, ids []inventory.VersionID) (map[inventory.VersionID]*inventory.Version, error)
	// LoadVersion reads one version with its raw content.
	LoadVersion(ctx context.Context, s access.Scope, t tenancy.TenantID, id inventory.VersionID) (*inventory.Version, error)
	// LabelsFor reads display names of setting definitions and options.
	LabelsFor(ctx context.Context, ids []string) (map[string]string, error)
	// ChangedSince counts subjects with a version or deletion after a moment and
	// names the first few.
	ChangedSince(ctx context.Context, s access.Scope, t tenancy.TenantID, since time.Time, limit int) (int, []inventory.Entry, error)
	// FindPreflight returns the newest recorded preflight with a fingerprint, a
	// source and a target, or nil.
	FindPreflight(ctx context.Context, s access.Scope, f fingerprint.Digest, source, target tenancy.TenantID) (*Generated, error)
}

// Generated is what the audit trail remembers of a preflight.
type Generated struct {
	At          time.Time
	Selection   compare.Selection
	RuleVersion string
	Counts      BucketCounts
}

// BucketCounts are a preflight's counts, as they are recorded and shown.
type BucketCounts struct {
	Ready                 int `json:"ready"`
	Blocked               int `json:"blocked"`
	ManualMappingRequired int `json:"manual_mapping_required"`
	Aligned               int `json:"aligned"`
}

// BucketCounts returns the counts of a preflight.
func (p *Preflight) BucketCounts() BucketCounts {
	return BucketCounts{
		Ready: p.Counts[Ready], Blocked: p.Counts[Blocked],
		ManualMappingRequired: p.Counts[ManualMappingRequired], Aligned: p.Counts[Aligned],
	}
}

// Operations is what this room asks of runs.
type Operations interface {
	// ActiveOn returns the active promotion on a directory, whoever's it is, or nil.
	ActiveOn(ctx context.Context, d tenancy.DirectoryID) (*operation.Run, error)
	// Paused reports whether a control holds the type.
	Paused(ctx context.Context, ws tenancy.WorkspaceID, t operation.Type) (bool, error)
	// CreateRun stores a queued run with outbox row and audit event.
	CreateRun(ctx context.Context, s access.Scope, r operation.Run) (operation.Run, error)
	// Latest returns the newest promotion from source to target, or nil.
	Latest(ctx context.Context, s access.Scope, source, target tenancy.TenantID) (*operation.Run, error)
}

// Gate is what this room asks of access.
type Gate interface {
	// Again mints the scope anew in the transaction of ctx.
	Again(ctx context.Context, s access.Scope, t tenancy.TenantID, caps ...access.Capability) (access.Scope, error)
}
