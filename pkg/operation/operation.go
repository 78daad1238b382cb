package operation

import (
	"encoding/json"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// RunID identifies an operation run (UUIDv7).
type RunID string

// Type is a kind of queued work; the catalogue lists them all.
type Type string

// The operation types.
const (
	ConnectionVerify        Type = "connection.verify"
	InventorySync           Type = "inventory.sync"
	PromotionExecute        Type = "promotion.execute"
	ReportPermissionPosture Type = "report.permission_posture"
	ReportEntraAdminRoles   Type = "report.entra_admin_roles"
	BaselineCompare         Type = "baseline.compare"
	EvidenceCollect         Type = "evidence.collect"
	ReviewCompose           Type = "review.compose"
	ReviewPackGenerate      Type = "review_pack.generate"
)

// Status is where a run is in its life.
type Status string

// The statuses; see Lifecycle.
const (
	Queued    Status = "queued"
	Running   Status = "running"
	Completed Status = "completed"
)

// Outcome is what came of a run; pending until it is completed.
type Outcome string

// The outcomes.
const (
	Pending            Outcome = "pending"
	Succeeded          Outcome = "succeeded"
	PartiallySucceeded Outcome = "partially_succeeded"
	Failed             Outcome = "failed"
	Blocked            Outcome = "blocked"
	Cancelled          Outcome = "cancelled"
)

// Counts are the canonical summary keys: processed = succeeded + failed +
// skipped, succeeded = created + updated + unchanged, and at the end
// processed = total. The database checks them.
type Counts struct {
	Total     int `json:"total"`
	Processed int `json:"processed"`
	Succeeded int `json:"succeeded"`
	Failed    int `json:"failed"`
	Skipped   int `json:"skipped"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
}

// WaitKind says what a run waits for.
type WaitKind string

// What a run can wait for.
const (
	WaitLease    WaitKind = "lease"
	WaitThrottle WaitKind = "throttle"
	WaitControl  WaitKind = "control"
	WaitRetry    WaitKind = "retry"
)

// Waiting says what a run waits for and since when.
type Waiting struct {
	Kind  WaitKind
	Label string // plain sentence
	Since time.Time
}

// Run is one queued piece of work. Context is written at the start and never
// changed; a run's truth about its items is in its verdicts.
type Run struct {
	ID                RunID
	WorkspaceID       tenancy.WorkspaceID
	Type              Type
	Status            Status
	Outcome           Outcome
	TenantID          tenancy.TenantID    // the tenant whose members may see the run; for promotions the target
	SourceTenantID    tenancy.TenantID    // promotions only
	SourceHidden      bool                // set by Redact: there is a source, and the reader does not see it
	TargetTenantID    tenancy.TenantID    // promotions only
	TargetDirectoryID tenancy.DirectoryID // promotions only; exclusive over all workspaces
	SubjectID         string              // the review, for review runs
	InitiatorID       tenancy.UserID
	InitiatorName     string
	DedupeKey         string // starts with an equal key are the same request
	Items             []PlannedItem
	Context           json.RawMessage // what the type needs, immutable
	AuditDetails      map[string]any  // safe values both audit events of the run carry
	Counts            Counts
	Begun             map[int]time.Time // items in progress, by ordinal
	WaitingOn         *Waiting
	ReasonCode        string
	Message           string
	CancelRequestedAt *time.Time
	LeaseOwner        string
	LeaseEpoch        int64
	LeaseExpiresAt    *time.Time
	DispatchSeq       int64
	Takeovers         int // how often a lease had to be taken from a worker that vanished
	Retries           int // infrastructure faults since the last verdict
	DeadlineAt        time.Time
	ChangeSeq         int64 // commit-ordered; the SSE event id
	CreatedAt         time.Time
	StartedAt         *time.Time
	CompletedAt       *time.Time
}

// PlannedItem is one unit of a run, fixed at the start.
type PlannedItem struct {
	Ordinal    int    `json:"ordinal"` // from 1
	SubjectKey string `json:"subject_key,omitempty"`
	Label      string `json:"label"`
	PolicyType string `json:"policy_type,omitempty"`
	Action     string `json:"action"` // create, update, sync, verify, …
}

// ItemStatus is where one item is.
type ItemStatus string

// The item statuses. Only the last three are stored: an item without a verdict
// is pending, or in progress when the worker has begun it.
const (
	ItemPending    ItemStatus = "pending"
	ItemInProgress ItemStatus = "in_progress"
	ItemSucceeded  ItemStatus = "succeeded"
	ItemFailed     ItemStatus = "failed"
	ItemSkipped    ItemStatus = "skipped"
)

// Effect is what a succeeded item did.
type Effect string

// The effects, one counter each.
const (
	EffectCreated   Effect = "created"
	EffectUpdated   Effect = "updated"
	EffectUnchanged Effect = "unchanged"
)

// Verdict is the final word on one item: request 0 of the journal.
type Verdict struct {
	Ordinal        int
	Status         ItemStatus // succeeded, failed or skipped
	Effect         Effect     // when succeeded
	ReasonCode     string     // when failed or skipped
	Message        string     // plain sentence
	TargetObjectID string
	Attempts       int
	StartedAt      time.Time
	FinishedAt     time.Time
	Epoch          int64 // of the lease under which it was stored; set by the store
}
