package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// runColumns are the columns of runRow, in a query that names the table r.
const runColumns = `r.id, r.workspace_id, r.type, r.status, r.outcome, r.tenant_id, r.source_tenant_id, r.target_tenant_id,
	r.target_directory_id, r.subject_id, r.initiator_id, r.initiator_name, r.dedupe_key, r.items, r.context, r.audit_details,
	r.summary_counts, r.begun, r.waiting_on, r.reason_code, r.message, r.cancel_requested_at, r.lease_owner, r.lease_epoch,
	r.lease_expires_at, r.dispatch_seq, r.takeovers, r.retries, r.deadline_at, r.change_seq, r.created_at, r.started_at, r.completed_at`

type runRow struct {
	ID                string
	WorkspaceID       string
	Type              string
	Status            string
	Outcome           string
	TenantID          string
	SourceTenantID    *string
	TargetTenantID    *string
	TargetDirectoryID *string
	SubjectID         *string
	InitiatorID       *string
	InitiatorName     string
	DedupeKey         string
	Items             []byte
	Context           []byte
	AuditDetails      []byte
	SummaryCounts     []byte
	Begun             []byte
	WaitingOn         []byte
	ReasonCode        *string
	Message           *string
	CancelRequestedAt *time.Time
	LeaseOwner        *string
	LeaseEpoch        int64
	LeaseExpiresAt    *time.Time
	DispatchSeq       int64
	Takeovers         int
	Retries           int
	DeadlineAt        time.Time
	ChangeSeq         int64
	CreatedAt         time.Time
	StartedAt         *time.Time
	CompletedAt       *time.Time
	SecondsLeft       float64 // until the deadline; TakeLease alone selects it
}

func (w runRow) run() (operation.Run, error) {
	r := operation.Run{
		ID: operation.RunID(w.ID), WorkspaceID: tenancy.WorkspaceID(w.WorkspaceID), Type: operation.Type(w.Type),
		Status: operation.Status(w.Status), Outcome: operation.Outcome(w.Outcome), TenantID: tenancy.TenantID(w.TenantID),
		SourceTenantID: tenancy.TenantID(orEmpty(w.SourceTenantID)), TargetTenantID: tenancy.TenantID(orEmpty(w.TargetTenantID)),
		TargetDirectoryID: tenancy.DirectoryID(orEmpty(w.TargetDirectoryID)), SubjectID: orEmpty(w.SubjectID),
		InitiatorID: tenancy.UserID(orEmpty(w.InitiatorID)), InitiatorName: w.InitiatorName, DedupeKey: w.DedupeKey,
		Context: w.Context, ReasonCode: orEmpty(w.ReasonCode), Message: orEmpty(w.Message),
		CancelRequestedAt: utc(w.CancelRequestedAt), LeaseOwner: orEmpty(w.LeaseOwner), LeaseEpoch: w.LeaseEpoch,
		LeaseExpiresAt: utc(w.LeaseExpiresAt), DispatchSeq: w.DispatchSeq, Takeovers: w.Takeovers, Retries: w.Retries,
		DeadlineAt: w.DeadlineAt.UTC(), ChangeSeq: w.ChangeSeq, CreatedAt: w.CreatedAt.UTC(),
		StartedAt: utc(w.StartedAt), CompletedAt: utc(w.CompletedAt),
	}
	return r, w.decode(&r)
}

// decode reads the JSON columns into r.
func (w runRow) decode(r *operation.Run) error {
	var begun map[string]time.Time
	var waiting *waitingRow
	for _, c := range []struct {
		name string
		raw  []byte
		into any
	}{
		{"items", w.Items, &r.Items},
		{"audit_details", w.AuditDetails, &r.AuditDetails},
		{"summary_counts", w.SummaryCounts, &r.Counts},
		{"begun", w.Begun, &begun},
		{"waiting_on", w.WaitingOn, &waiting},
	} {
		if len(c.raw) == 0 {
			continue
		}
		if err := json.Unmarshal(c.raw, c.into); err != nil {
			return fmt.Errorf("read column %s of run %s: %w", c.name, w.ID, err)
		}
	}
	if waiting != nil {
		r.WaitingOn = &operation.Waiting{Kind: waiting.Kind, Label: waiting.Label, Since: waiting.Since}
	}
	r.Begun = make(map[int]time.Time, len(begun))
	for k, at := range begun {
		ordinal, err := strconv.Atoi(k)
		if err != nil {
			return fmt.Errorf("read column begun of run %s: %w", w.ID, err)
		}
		r.Begun[ordinal] = at.UTC()
	}
	return nil
}

// waitingRow is how waiting_on is kept.
type waitingRow struct {
	Kind  operation.WaitKind `json:"kind"`
	Label string             `json:"label"`
	Since time.Time          `json:"since"`
}

// waitingJSON is the column value for w: NULL when it waits for nothing.
func waitingJSON(w *operation.Waiting) (any, error) {
	if w == nil {
		return nil, nil
	}
	return jsonText(waitingRow{w.Kind, w.Label, w.Since.UTC()})
}

// jsonText encodes a value for a jsonb parameter.
func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode for the database: %w", err)
	}
	return string(b), nil
}

func runsOf(rows []runRow) ([]operation.Run, error) {
	runs := make([]operation.Run, 0, len(rows))
	for _, w := range rows {
		r, err := w.run()
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// orEmpty reads a nullable text column.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// orNull writes an optional id or text: empty becomes NULL.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// utc drops the connection's zone of a nullable time.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}
