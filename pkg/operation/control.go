package operation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// MaxControlReason is the longest reason of a pause, in characters.
const MaxControlReason = 500

// Control pauses one operation type in a workspace, or everywhere. A pause
// refuses starts and lets running work skip what it has not begun.
type Control struct {
	WorkspaceID tenancy.WorkspaceID // empty: every workspace
	Type        Type
	Paused      bool
	Reason      string
	ActorID     tenancy.UserID
	ActorName   string
	ExpiresAt   *time.Time // nil: until somebody resumes
	Revision    int64      // 0: never set
	UpdatedAt   time.Time
}

// Holds reports whether the control pauses its type at the given time.
func (c Control) Holds(now time.Time) bool {
	return c.Paused && (c.ExpiresAt == nil || c.ExpiresAt.After(now))
}

// ControlState is what applies to one type in one workspace.
type ControlState struct {
	Type      Type
	Workspace Control // the workspace's own; revision 0 when never set
	Global    *Control
	Paused    bool
}

// ListControls returns the state of every type, in catalogue order.
func (s *Service) ListControls(ctx context.Context, sc access.Scope) ([]ControlState, error) {
	stored, err := s.store.ControlsOf(ctx, sc.Workspace())
	if err != nil {
		return nil, fmt.Errorf("load controls: %w", err)
	}
	return controlStates(sc.Workspace(), stored, s.now()), nil
}

func controlStates(ws tenancy.WorkspaceID, stored []Control, now time.Time) []ControlState {
	states := make([]ControlState, 0, len(catalogue))
	for _, k := range catalogue {
		st := ControlState{Type: k.Type, Workspace: Control{WorkspaceID: ws, Type: k.Type}}
		for _, c := range stored {
			switch {
			case c.Type != k.Type:
				continue
			case c.WorkspaceID == "":
				st.Global = &c
			default:
				st.Workspace = c
			}
			st.Paused = st.Paused || c.Holds(now)
		}
		states = append(states, st)
	}
	return states
}

// SetControl pauses or resumes a type in the scope's workspace. It needs
// workspace.controls.manage. expected is the revision the caller has seen: none
// is needed for a control that was never set.
func (s *Service) SetControl(ctx context.Context, sc access.Scope, c Control, expected *int64) (Control, error) {
	if !sc.Can(access.WorkspaceControlsManage, "") {
		return Control{}, fault.Denied(string(access.WorkspaceControlsManage))
	}
	c.WorkspaceID = sc.Workspace()
	c, err := c.cleaned(s.now())
	if err != nil {
		return Control{}, err
	}
	current, err := s.revisionOf(ctx, c)
	if err != nil {
		return Control{}, err
	}
	if current > 0 || expected != nil {
		if err := tenancy.CheckRevision(expected, current); err != nil {
			return Control{}, err
		}
	}
	c.Revision = current
	return s.saveControl(ctx, sc.Actor(), c)
}

// revisionOf is the stored revision of the control that c would replace.
func (s *Service) revisionOf(ctx context.Context, c Control) (int64, error) {
	stored, err := s.store.ControlsOf(ctx, c.WorkspaceID)
	if err != nil {
		return 0, fmt.Errorf("load controls: %w", err)
	}
	for _, have := range stored {
		if have.WorkspaceID == c.WorkspaceID && have.Type == c.Type {
			return have.Revision, nil
		}
	}
	return 0, nil
}

// SetGlobalControl pauses or resumes a type everywhere; it is for the command
// line, whose operator the name tells. It does not ask for a revision.
func (s *Service) SetGlobalControl(ctx context.Context, by access.Actor, c Control) (Control, error) {
	c.WorkspaceID = ""
	c, err := c.cleaned(s.now())
	if err != nil {
		return Control{}, err
	}
	if c.Revision, err = s.revisionOf(ctx, c); err != nil {
		return Control{}, err
	}
	return s.saveControl(ctx, by, c)
}

func (s *Service) saveControl(ctx context.Context, by access.Actor, c Control) (Control, error) {
	c.ActorID, c.ActorName = by.UserID, by.DisplayName
	var saved Control
	err := s.store.InTx(ctx, func(ctx context.Context) (err error) {
		if saved, err = s.store.SaveControl(ctx, c); err != nil {
			return fmt.Errorf("save control: %w", err)
		}
		return s.record(ctx, by, controlEvent(saved))
	})
	return saved, err
}

// cleaned trims the reason and refuses what no control may be. A resume keeps no
// expiry.
func (c Control) cleaned(now time.Time) (Control, error) {
	if _, ok := KindOf(c.Type); !ok {
		return c, fault.Missing()
	}
	c.Reason = strings.TrimSpace(c.Reason)
	if !c.Paused {
		c.ExpiresAt = nil
	}
	switch {
	case c.Paused && c.Reason == "":
		return c, fault.InvalidInput("A pause needs a reason.").At("body.reason", "must not be empty")
	case len([]rune(c.Reason)) > MaxControlReason:
		return c, fault.InvalidInput("The reason is too long.").At("body.reason", fmt.Sprintf("at most %d characters", MaxControlReason))
	case c.ExpiresAt != nil && !c.ExpiresAt.After(now):
		return c, fault.InvalidInput("The pause would already have ended.").At("body.expires_at", "must be in the future")
	}
	return c, nil
}

func controlEvent(c Control) audit.Event {
	e := audit.Event{
		Workspace: c.WorkspaceID, Action: audit.ControlResumed, TargetKind: "operational_control", TargetID: string(c.Type),
		Details: map[string]any{"operation_type": string(c.Type), "global": c.WorkspaceID == ""},
	}
	if c.Paused {
		e.Action = audit.ControlPaused
		e.Details["reason"] = c.Reason
		if c.ExpiresAt != nil {
			e.Details["expires_at"] = c.ExpiresAt.UTC().Format(time.RFC3339)
		}
	}
	return e
}

// Paused reports whether starts of the type are refused in the workspace.
func (s *Service) Paused(ctx context.Context, ws tenancy.WorkspaceID, t Type) (bool, error) {
	stored, err := s.store.ControlsOf(ctx, ws)
	if err != nil {
		return false, fmt.Errorf("load controls: %w", err)
	}
	for _, c := range stored {
		if c.Type == t && c.Holds(s.now()) {
			return true, nil
		}
	}
	return false, nil
}
