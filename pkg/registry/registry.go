package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Parts is what a Registry is made of; all are required.
type Parts struct {
	Store Store
	Audit audit.Recorder
	Gate  *access.Gate
	Now   func() time.Time
}

// Registry is the room's door. It is safe for concurrent use.
type Registry struct {
	store Store
	audit audit.Recorder
	gate  *access.Gate
	now   func() time.Time
}

// New makes the registry, or says that a part is missing.
func New(p Parts) (*Registry, error) {
	if p.Store == nil || p.Audit == nil || p.Gate == nil || p.Now == nil {
		return nil, errors.New("registry: a part is missing")
	}
	return &Registry{store: p.Store, audit: p.Audit, gate: p.Gate, now: p.Now}, nil
}

// Store is what this room keeps. Every method works in the transaction that ctx
// carries, or on its own; "Missing" is fault.Missing, for what does not exist and
// for what the scope does not reach. The Change methods lock the row, run the
// function on it, and write the row with the next revision; the function's error
// is returned as it is and nothing is written.
type Store interface {
	// InTx runs fn in one transaction or joins the one of ctx.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error

	WorkspacesOf(ctx context.Context, user tenancy.UserID, limit int, cursor string) ([]tenancy.Workspace, string, error)
	CreateWorkspace(ctx context.Context, w tenancy.Workspace) (tenancy.Workspace, error)
	Workspace(ctx context.Context, s access.Scope) (tenancy.Workspace, error)
	// WorkspaceByName returns the oldest of the name, Missing when there is none;
	// for the command line only. It locks names until the transaction ends.
	WorkspaceByName(ctx context.Context, name string) (tenancy.Workspace, error)
	ChangeWorkspace(ctx context.Context, s access.Scope, fn func(*tenancy.Workspace) error) (tenancy.Workspace, error)
	// LockWorkspace makes changes of members wait for one another.
	LockWorkspace(ctx context.Context, s access.Scope) error

	// EnsureUser returns the account of the email, creating it when there is none.
	EnsureUser(ctx context.Context, u tenancy.User) (user tenancy.User, created bool, err error)
	Members(ctx context.Context, s access.Scope, limit int, cursor string) ([]tenancy.Member, string, error)
	Member(ctx context.Context, s access.Scope, user tenancy.UserID) (tenancy.Member, error)
	// AddMember returns ErrExists for somebody who is a member already.
	AddMember(ctx context.Context, s access.Scope, user tenancy.UserID, role tenancy.WorkspaceRole, at time.Time) error
	SetMemberRole(ctx context.Context, s access.Scope, user tenancy.UserID, role tenancy.WorkspaceRole) error
	// RemoveMember removes the member's tenant memberships too.
	RemoveMember(ctx context.Context, s access.Scope, user tenancy.UserID) error
	CountOwners(ctx context.Context, s access.Scope) (int, error)

	Tenants(ctx context.Context, s access.Scope, limit int, cursor string) ([]tenancy.Tenant, string, error)
	Tenant(ctx context.Context, s access.Scope, t tenancy.TenantID) (tenancy.Tenant, error)
	// CreateTenant returns ErrExists when the workspace has the directory.
	CreateTenant(ctx context.Context, s access.Scope, t tenancy.Tenant) (tenancy.Tenant, error)
	ChangeTenant(ctx context.Context, s access.Scope, t tenancy.TenantID, fn func(*tenancy.Tenant) error) (tenancy.Tenant, error)
	// LockTenant makes changes of the tenant and its connection wait for one another.
	LockTenant(ctx context.Context, s access.Scope, t tenancy.TenantID) error

	TenantMembers(ctx context.Context, s access.Scope, t tenancy.TenantID, limit int, cursor string) ([]tenancy.TenantMember, string, error)
	TenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID) (tenancy.TenantMember, error)
	// PutTenantMember entitles a member of the workspace, or changes the role.
	PutTenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID, role tenancy.TenantRole, at time.Time) (tenancy.TenantMember, error)
	RemoveTenantMember(ctx context.Context, s access.Scope, t tenancy.TenantID, user tenancy.UserID) error

	// Connection returns Missing when the tenant has none. With lock it is held
	// until the transaction ends.
	Connection(ctx context.Context, s access.Scope, t tenancy.TenantID, lock bool) (tenancy.Connection, error)
	// PutConnection seals the credential and stores both with the connection's
	// revision, in place of what was there. The tenant must be locked.
	PutConnection(ctx context.Context, s access.Scope, c tenancy.Connection, secret Credential, at time.Time) error
	// SetVerification stores the status fields of c and nothing else.
	SetVerification(ctx context.Context, s access.Scope, c tenancy.Connection) error
	// OpenCredential unseals; ErrCredentialSealed when it cannot be opened.
	OpenCredential(ctx context.Context, s access.Scope, t tenancy.TenantID) (Credential, error)
}

// The store's answers that a verb turns into its own fault.
var (
	// ErrExists says that a unique row is already there.
	ErrExists = errors.New("registry: it exists already")
	// ErrCredentialSealed says that a stored credential does not open: it was
	// sealed for another place, changed, or sealed with another master key.
	ErrCredentialSealed = errors.New("registry: the stored credential does not open")
)

// cleanName trims a display name and refuses an empty, long or unprintable one.
func cleanName(name, location string) (string, error) {
	name = strings.TrimSpace(name)
	n := utf8.RuneCountInString(name)
	if n == 0 || n > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, isControl) {
		return "", fault.InvalidInput("A name has 1 to 200 printable characters.").
			At(location, "must have 1 to 200 printable characters")
	}
	return name, nil
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }

// record appends an event about something in the scope's workspace.
func (r *Registry) record(ctx context.Context, s access.Scope, e audit.Event) error {
	a := s.Actor()
	e.Workspace = s.Workspace()
	if err := r.audit.Record(ctx, e.By(a.UserID, a.DisplayName, string(a.Via))); err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}
