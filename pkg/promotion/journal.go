package promotion

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// RequestStatus is what is known of one mutating request.
type RequestStatus string

// The request statuses. Intent is committed before the request is sent.
const (
	Intent    RequestStatus = "intent"    // may have been sent
	Settled   RequestStatus = "settled"   // took effect
	Refused   RequestStatus = "refused"   // the target answered no
	Abandoned RequestStatus = "abandoned" // proven not to have taken effect
	Unknown   RequestStatus = "unknown"   // may have taken effect; what counts is the read-back
)

// JournalRequest is one row of the write seam's journal, 1…n of an item. It
// holds ids, hashes and codes, never payloads.
type JournalRequest struct {
	Run      operation.RunID
	Item     int
	Request  int
	Epoch    int64
	Kind     provider.StepKind
	Status   RequestStatus
	Hash     fingerprint.Digest // canonical hash of what was sent
	PreIDs   []string           // objects that bore the name before a create
	SentAt   time.Time
	HTTP     int
	ObjectID string
	Reason   string
}

// Journal keeps the write seam's requests. Every method runs in the fenced
// transaction that ctx carries.
type Journal interface {
	// Requests returns an item's mutating requests in order.
	Requests(ctx context.Context, run operation.RunID, item int) ([]JournalRequest, error)
	// SaveIntent appends a request with status intent, or, for one that still
	// has it, moves the time of sending.
	SaveIntent(ctx context.Context, r JournalRequest) error
	// SettleRequest records what became of a request.
	SettleRequest(ctx context.Context, r JournalRequest) error
}

// ExecuteStore is the persistence that carrying out a promotion asks for.
type ExecuteStore interface {
	Journal
	inventory.SyncStore
	// LoadVersion reads one version with its raw content.
	LoadVersion(ctx context.Context, s access.Scope, t tenancy.TenantID, id inventory.VersionID) (*inventory.Version, error)
}

// OpenedTarget is a target that can be written.
type OpenedTarget struct {
	Writer provider.Writer
	Tenant tenancy.Tenant
}

// TargetOpener opens a target with its own credential, for writing.
type TargetOpener interface {
	OpenWriter(ctx context.Context, s access.Scope, t tenancy.TenantID) (OpenedTarget, error)
	// DirectoryOf is the directory of a tenant; the source is never opened.
	DirectoryOf(ctx context.Context, s access.Scope, t tenancy.TenantID) (tenancy.DirectoryID, error)
}
