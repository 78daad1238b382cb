package audit

import (
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Action names what happened; the catalogue lists every one with a sentence.
type Action string

// Event is one record. ID, At and Seq are set by the store.
type Event struct {
	ID          string
	Seq         int64 // ascending in the order of recording; lists are newest first by it
	At          time.Time
	Workspace   tenancy.WorkspaceID // empty for acts outside a workspace (sign-in)
	Tenant      tenancy.TenantID    // empty when not about one tenant
	Action      Action
	ActorID     tenancy.UserID // empty for the system
	ActorName   string
	ActorVia    string // session, token or system
	OperationID string // the run it belongs to, if any
	TargetKind  string // e.g. tenant, member, operation
	TargetID    string
	RequestID   string
	Details     map[string]any // safe values only
}
