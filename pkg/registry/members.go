package registry

import (
	"context"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Members lists the workspace's members by email.
func (r *Registry) Members(ctx context.Context, s access.Scope, limit int, cursor string) ([]tenancy.Member, string, error) {
	items, next, err := r.store.Members(ctx, s, limit, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("list members: %w", err)
	}
	return items, next, nil
}

// AddMember gives the account of the email a role in the workspace; an account
// is created when there is none, and the answer does not tell which. Somebody who
// is a member already is a conflict.
func (r *Registry) AddMember(ctx context.Context, s access.Scope, email string, role tenancy.WorkspaceRole) (tenancy.Member, error) {
	var m tenancy.Member
	err := r.changeMembers(ctx, s, func(ctx context.Context, s access.Scope) error {
		email, err := identity.NormaliseEmail(email)
		if err != nil {
			return err
		}
		if err := mayGrant(s, role, ""); err != nil {
			return err
		}
		user, err := r.account(ctx, s, email)
		if err != nil {
			return err
		}
		if err := r.store.AddMember(ctx, s, user.ID, role, r.now()); err != nil {
			return exists(err, conflict("This person is a member already. Change the role instead."))
		}
		if m, err = r.store.Member(ctx, s, user.ID); err != nil {
			return fmt.Errorf("load the member: %w", err)
		}
		return r.record(ctx, s, memberEvent(audit.MemberAdded, user.ID, map[string]any{"role": role}))
	})
	return m, err
}

func (r *Registry) account(ctx context.Context, s access.Scope, email string) (tenancy.User, error) {
	user, created, err := r.store.EnsureUser(ctx, tenancy.User{
		Email: email, DisplayName: identity.DefaultName(email), CreatedAt: r.now(),
	})
	if err != nil {
		return user, fmt.Errorf("store the account: %w", err)
	}
	if !created {
		return user, nil
	}
	// Outside the workspace: whether an account is fresh is not the workspace's to know.
	a := s.Actor()
	e := audit.Event{Action: audit.UserCreated, TargetKind: "user", TargetID: string(user.ID)}
	if err := r.audit.Record(ctx, e.By(a.UserID, a.DisplayName, string(a.Via))); err != nil {
		return user, fmt.Errorf("record the account: %w", err)
	}
	return user, nil
}

// ChangeMemberRole gives a member another role.
func (r *Registry) ChangeMemberRole(ctx context.Context, s access.Scope, user tenancy.UserID, expected *int64, role tenancy.WorkspaceRole) (tenancy.Member, error) {
	var m tenancy.Member
	err := r.changeMembers(ctx, s, func(ctx context.Context, s access.Scope) error {
		before, err := r.store.Member(ctx, s, user)
		if err != nil {
			return fmt.Errorf("load the member: %w", err)
		}
		if err := mayGrant(s, role, before.Role); err != nil {
			return err
		}
		if err := tenancy.CheckRevision(expected, before.Revision); err != nil {
			return err
		}
		if err := r.setRole(ctx, s, before, role); err != nil {
			return err
		}
		m, err = r.store.Member(ctx, s, user)
		return err
	})
	return m, err
}

// RemoveMember ends a membership and every tenant membership under it.
func (r *Registry) RemoveMember(ctx context.Context, s access.Scope, user tenancy.UserID, expected *int64) error {
	return r.changeMembers(ctx, s, func(ctx context.Context, s access.Scope) error {
		m, err := r.store.Member(ctx, s, user)
		if err != nil {
			return fmt.Errorf("load the member: %w", err)
		}
		if err := mayGrant(s, m.Role, m.Role); err != nil {
			return err
		}
		if err := tenancy.CheckRevision(expected, m.Revision); err != nil {
			return err
		}
		if err := r.keepAnOwner(ctx, s, m, ""); err != nil {
			return err
		}
		if err := r.store.RemoveMember(ctx, s, user); err != nil {
			return fmt.Errorf("remove the member: %w", err)
		}
		return r.record(ctx, s, memberEvent(audit.MemberRemoved, user, map[string]any{"role": m.Role}))
	})
}

// changeMembers runs fn in one transaction, after all other changes of the
// workspace's members, with the rights the actor has at that moment: of two
// owners who remove each other, the second finds that it is none any more.
func (r *Registry) changeMembers(ctx context.Context, s access.Scope, fn func(ctx context.Context, s access.Scope) error) error {
	return r.store.InTx(ctx, func(ctx context.Context) error {
		if err := r.store.LockWorkspace(ctx, s); err != nil {
			return fmt.Errorf("lock the members: %w", err)
		}
		now, err := r.gate.Again(ctx, s, "", access.WorkspaceMembersManage)
		if err != nil {
			return err
		}
		return fn(ctx, now)
	})
}

func (r *Registry) setRole(ctx context.Context, s access.Scope, m tenancy.Member, role tenancy.WorkspaceRole) error {
	if err := r.keepAnOwner(ctx, s, m, role); err != nil {
		return err
	}
	if err := r.store.SetMemberRole(ctx, s, m.User.ID, role); err != nil {
		return fmt.Errorf("store the role: %w", err)
	}
	return r.record(ctx, s, memberEvent(audit.MemberRoleChanged, m.User.ID, map[string]any{"from": m.Role, "to": role}))
}

// keepAnOwner refuses to take the role from the last owner. The members must be locked.
func (r *Registry) keepAnOwner(ctx context.Context, s access.Scope, m tenancy.Member, role tenancy.WorkspaceRole) error {
	if m.Role != tenancy.Owner || role == tenancy.Owner {
		return nil
	}
	n, err := r.store.CountOwners(ctx, s)
	if err != nil {
		return fmt.Errorf("count the owners: %w", err)
	}
	if n <= 1 {
		return conflict("A workspace keeps its last owner. Make somebody else an owner first.")
	}
	return nil
}

// mayGrant refuses a role that does not exist, and, to anybody but an owner, a
// change that gives or takes the role owner.
func mayGrant(s access.Scope, to, from tenancy.WorkspaceRole) error {
	if !to.Known() {
		return fault.InvalidInput("There is no such role.").At("body.role", "is not a role")
	}
	if (to == tenancy.Owner || from == tenancy.Owner) && !s.Can(access.WorkspaceManage, "") {
		return fault.Denied(string(access.WorkspaceManage))
	}
	return nil
}

func memberEvent(a audit.Action, user tenancy.UserID, details map[string]any) audit.Event {
	return audit.Event{Action: a, TargetKind: "member", TargetID: string(user), Details: details}
}

func conflict(message string) *fault.Error {
	return fault.New(fault.Conflict, fault.CodeConflict, message)
}
