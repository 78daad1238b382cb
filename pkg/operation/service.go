package operation

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
)

// Config is what a Service is made of. Hook may be nil. Now must keep its
// monotonic reading: leases are watched on it.
type Config struct {
	Store Store
	Audit audit.Recorder
	Now   func() time.Time
	NewID func() string // UUIDv7
	Hook  Hook
}

// Service is the verbs on runs that people and other rooms use: start, cancel,
// look, pause. It is safe for concurrent use.
type Service struct {
	store Store
	audit audit.Recorder
	now   func() time.Time
	newID func() string
	hook  Hook
}

// NewService wires the verbs.
func NewService(c Config) *Service {
	return &Service{store: c.Store, audit: c.Audit, now: c.Now, newID: c.NewID, hook: c.Hook}
}

// record completes an event with its actor and appends it.
func (s *Service) record(ctx context.Context, by access.Actor, e audit.Event) error {
	if err := s.audit.Record(ctx, e.By(by.UserID, by.DisplayName, string(by.Via))); err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}

// runEvent is an event about a run, carrying what the start wanted carried.
func runEvent(r Run, action audit.Action) audit.Event {
	details := make(map[string]any, len(r.AuditDetails)+2)
	for k, v := range r.AuditDetails {
		details[k] = v
	}
	if r.SourceTenantID != "" {
		details["source_tenant_id"], details["target_tenant_id"] = string(r.SourceTenantID), string(r.TargetTenantID)
	}
	return audit.Event{
		Workspace: r.WorkspaceID, Tenant: r.TenantID, Action: action,
		OperationID: string(r.ID), TargetKind: "operation", TargetID: string(r.ID), Details: details,
	}
}
