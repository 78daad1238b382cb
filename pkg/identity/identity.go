package identity

import (
	"context"
	"errors"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Settings bound what people and tokens may do. Zero fields take the default.
type Settings struct {
	SessionIdle         time.Duration // default 30 min
	SessionLife         time.Duration // default 12 h
	TokenLife           time.Duration // default and longest: 90 days
	FailuresPerAccount  int           // refused sign-ins a minute per account; default 5, negative: no limit
	FailuresPerAddress  int           // refused sign-ins a minute per client address; default 10, negative: no limit
	ConcurrentPasswords int           // password checks at once; default 4 (each takes 19 MiB)
}

func (s Settings) withDefaults() Settings {
	setDefault(&s.SessionIdle, 30*time.Minute)
	setDefault(&s.SessionLife, 12*time.Hour)
	setDefault(&s.TokenLife, 90*24*time.Hour)
	setDefault(&s.FailuresPerAccount, 5)
	setDefault(&s.FailuresPerAddress, 10)
	setDefault(&s.ConcurrentPasswords, 4)
	return s
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Parts is what a Service is made of. All but Settings are required.
type Parts struct {
	Store    Store
	Audit    audit.Recorder
	Gate     *access.Gate
	Now      func() time.Time
	Pepper   []byte // 32 bytes from the master key; keys the token digests
	Settings Settings
}

// Service is the room's door. It is safe for concurrent use.
type Service struct {
	store    Store
	audit    audit.Recorder
	gate     *access.Gate
	now      func() time.Time
	pepper   []byte
	settings Settings
	failures *failures
	hashing  chan struct{} // a slot per concurrent password check
}

// New makes the service, or says which part is missing.
func New(p Parts) (*Service, error) {
	if p.Store == nil || p.Audit == nil || p.Gate == nil || p.Now == nil || len(p.Pepper) < 32 {
		return nil, errors.New("identity: a part is missing")
	}
	set := p.Settings.withDefaults()
	return &Service{
		store: p.Store, audit: p.Audit, gate: p.Gate, now: p.Now, pepper: p.Pepper, settings: set,
		failures: newFailures(), hashing: make(chan struct{}, set.ConcurrentPasswords),
	}, nil
}

// Store is what this room keeps. Every method works in the transaction that ctx
// carries, or on its own. "Missing" means fault.Missing.
type Store interface {
	// InTx runs fn in one transaction or joins the one of ctx.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error

	// EnsureUser returns the account with u's email, creating it when there is
	// none; created says which. Concurrent calls agree on one account.
	EnsureUser(ctx context.Context, u tenancy.User) (user tenancy.User, created bool, err error)
	// UserByEmail and UserByID return Missing when there is no such account.
	UserByEmail(ctx context.Context, email string) (tenancy.User, error)
	UserByID(ctx context.Context, id tenancy.UserID) (tenancy.User, error)
	// PasswordHash returns "" for an account without a password.
	PasswordHash(ctx context.Context, id tenancy.UserID) (string, error)
	SetPasswordHash(ctx context.Context, id tenancy.UserID, hash string, at time.Time) error

	CreateSession(ctx context.Context, s SessionRecord) error
	// SessionByDigest returns the session and its user, Missing when there is none.
	SessionByDigest(ctx context.Context, digest []byte) (SessionRecord, tenancy.User, error)
	TouchSession(ctx context.Context, digest []byte, at time.Time) error
	// DeleteSession reports whether there was one.
	DeleteSession(ctx context.Context, digest []byte) (bool, error)
	DeleteSessionsOf(ctx context.Context, id tenancy.UserID) error
	// DeleteDeadSessions removes what was last seen or created before the times.
	DeleteDeadSessions(ctx context.Context, seenBefore, createdBefore time.Time) error

	// CreateToken returns the id it gave the token.
	CreateToken(ctx context.Context, t TokenRecord) (string, error)
	// TokenByLookup returns Missing when no token has the lookup id.
	TokenByLookup(ctx context.Context, lookup string) (TokenRecord, tenancy.User, error)
	TouchToken(ctx context.Context, id string, at time.Time) error
	// TokensOf lists a user's tokens, newest first, revoked ones left out.
	TokensOf(ctx context.Context, id tenancy.UserID, limit int, cursor string) ([]Token, string, error)
	// RevokeToken returns Missing unless the user has this token, unrevoked.
	RevokeToken(ctx context.Context, id tenancy.UserID, token string, at time.Time) error

	// OnlyCustomer reports whether every membership of the user is a customer's,
	// and there is one.
	OnlyCustomer(ctx context.Context, id tenancy.UserID) (bool, error)
	// WorkspacesOf lists the workspaces the user is a member of, by name.
	WorkspacesOf(ctx context.Context, id tenancy.UserID) ([]tenancy.Workspace, error)
	// TenantNames returns the display names of tenants of one workspace.
	TenantNames(ctx context.Context, s access.Scope) (map[tenancy.TenantID]string, error)

	// Notifications lists a user's, newest first, of workspaces they still belong to.
	Notifications(ctx context.Context, id tenancy.UserID, limit int, cursor string) ([]Notification, string, error)
	// MarkRead marks the user's own unread ones, all of them when ids is empty.
	MarkRead(ctx context.Context, id tenancy.UserID, ids []string, at time.Time) (int, error)
}
