package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Workspaces lists what the actor is a member of, in the order of creation; those
// where the actor is a customer are left out.
func (r *Registry) Workspaces(ctx context.Context, a access.Actor, limit int, cursor string) ([]tenancy.Workspace, string, error) {
	items, next, err := r.store.WorkspacesOf(ctx, a.UserID, limit, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("list workspaces: %w", err)
	}
	return items, next, nil
}

// CreateWorkspace makes a workspace and the actor its owner. It needs an actor
// who is a person.
func (r *Registry) CreateWorkspace(ctx context.Context, a access.Actor, displayName string) (tenancy.Workspace, error) {
	var w tenancy.Workspace
	name, err := cleanName(displayName, "body.display_name")
	if err != nil {
		return w, err
	}
	if a.UserID == "" {
		return w, fault.Missing()
	}
	err = r.store.InTx(ctx, func(ctx context.Context) error {
		if w, err = r.newWorkspace(ctx, a, name); err != nil {
			return err
		}
		return r.admit(ctx, w, a.UserID, tenancy.Owner, a)
	})
	return w, err
}

func (r *Registry) newWorkspace(ctx context.Context, a access.Actor, name string) (tenancy.Workspace, error) {
	w, err := r.store.CreateWorkspace(ctx, tenancy.Workspace{DisplayName: name, CreatedAt: r.now()})
	if err != nil {
		return w, fmt.Errorf("store the workspace: %w", err)
	}
	e := audit.Event{Action: audit.WorkspaceCreated, TargetKind: "workspace", TargetID: string(w.ID), Workspace: w.ID}
	if err := r.audit.Record(ctx, e.By(a.UserID, a.DisplayName, string(a.Via))); err != nil {
		return w, fmt.Errorf("record the workspace: %w", err)
	}
	return w, nil
}

// admit adds a member without asking for rights: the first owner, and whom the
// command line names.
func (r *Registry) admit(ctx context.Context, w tenancy.Workspace, user tenancy.UserID, role tenancy.WorkspaceRole, by access.Actor) error {
	s := access.System(w.ID)
	if err := r.store.AddMember(ctx, s, user, role, r.now()); err != nil {
		return fmt.Errorf("store the member: %w", err)
	}
	e := audit.Event{
		Action: audit.MemberAdded, Workspace: w.ID, TargetKind: "member", TargetID: string(user),
		Details: map[string]any{"role": role},
	}
	if err := r.audit.Record(ctx, e.By(by.UserID, by.DisplayName, string(by.Via))); err != nil {
		return fmt.Errorf("record the member: %w", err)
	}
	return nil
}

// Admit is the command line's verb: it finds the workspace by its name, creating
// it when missing, and gives the account the role there, whatever it was before.
// The last owner stays here too.
func (r *Registry) Admit(ctx context.Context, workspaceName string, user tenancy.UserID, role tenancy.WorkspaceRole) (tenancy.Workspace, error) {
	var w tenancy.Workspace
	name, err := cleanName(workspaceName, "workspace")
	if err != nil {
		return w, err
	}
	if !role.Known() {
		return w, fault.InvalidInput("There is no such role.")
	}
	err = r.store.InTx(ctx, func(ctx context.Context) error {
		by := access.System("").Actor()
		w, err = r.store.WorkspaceByName(ctx, name)
		if fault.HasCode(err, fault.CodeNotFound) {
			w, err = r.newWorkspace(ctx, by, name)
		}
		if err != nil {
			return fmt.Errorf("find the workspace: %w", err)
		}
		s := access.System(w.ID)
		if err := r.store.LockWorkspace(ctx, s); err != nil {
			return fmt.Errorf("lock the members: %w", err)
		}
		m, err := r.store.Member(ctx, s, user)
		switch {
		case fault.HasCode(err, fault.CodeNotFound):
			return r.admit(ctx, w, user, role, by)
		case err != nil:
			return fmt.Errorf("load the member: %w", err)
		case m.Role == role:
			return nil
		}
		return r.setRole(ctx, s, m, role)
	})
	return w, err
}

// Workspace returns the scope's workspace.
func (r *Registry) Workspace(ctx context.Context, s access.Scope) (tenancy.Workspace, error) {
	w, err := r.store.Workspace(ctx, s)
	if err != nil {
		return w, fmt.Errorf("load the workspace: %w", err)
	}
	return w, nil
}

// RenameWorkspace changes the display name; it needs workspace.manage.
func (r *Registry) RenameWorkspace(ctx context.Context, s access.Scope, expected *int64, displayName string) (tenancy.Workspace, error) {
	var w tenancy.Workspace
	err := r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.gate.Again(ctx, s, "", access.WorkspaceManage); err != nil {
			return err
		}
		name, err := cleanName(displayName, "body.display_name")
		if err != nil {
			return err
		}
		w, err = r.store.ChangeWorkspace(ctx, s, func(w *tenancy.Workspace) error {
			w.DisplayName = name
			return tenancy.CheckRevision(expected, w.Revision)
		})
		if err != nil {
			return fmt.Errorf("change the workspace: %w", err)
		}
		return r.record(ctx, s, audit.Event{Action: audit.WorkspaceUpdated, TargetKind: "workspace", TargetID: string(w.ID)})
	})
	return w, err
}

// exists turns ErrExists into a fault.
func exists(err error, f *fault.Error) error {
	if errors.Is(err, ErrExists) {
		return f
	}
	return err
}
