package api

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
)

// Deps is what the edge is given. Registration uses none of it, so that the
// description can be printed from the zero value.
type Deps struct {
	Log       *slog.Logger // nil: slog.Default
	PublicURL string       // origin clients use; https makes cookies secure and adds HSTS
	Version   string       // of the product, shown in the description
	Secret    []byte       // 32 bytes; keys the cursors
	Limits    middleware.Limits
	Metrics   *Metrics         // nil: nothing is measured
	SPA       fs.FS            // the built single-page application; nil: none is served
	Checks    []Check          // what /readyz asks
	Done      <-chan struct{}  // closed when the server begins to drain: streams end
	Now       func() time.Time // nil: time.Now

	Gate        *access.Gate
	Audit       audit.Recorder
	AuditLog    AuditLog
	Identity    *identity.Service
	Registry    *registry.Registry
	Idempotency Idempotency
	Operations  *operation.Service
	Inventory   *inventory.Browser
	Promotion   *promotion.Service
}

// AuditLog reads what has been recorded, newest first.
type AuditLog interface {
	AuditEvents(ctx context.Context, s access.Scope, f audit.Filter) (audit.Page, error)
	// ExportAudit calls each for every event the filter matches, until it errs.
	ExportAudit(ctx context.Context, s access.Scope, f audit.Filter, each func(audit.Event) error) error
}

// Check is one part that must answer before the server is ready.
type Check struct {
	Name string
	Ask  func(context.Context) error
}

// Idempotency keeps the answers to requests with a key.
type Idempotency interface {
	// Reserve takes the key for one attempt, or returns the answer to replay.
	// The faults are identity.KeyReused and identity.InProgress.
	Reserve(ctx context.Context, key identity.RequestKey, bodyDigest string) (identity.Reservation, error)
	// Complete stores the answer of the attempt that holds the reservation.
	Complete(ctx context.Context, r identity.Reservation, a identity.StoredAnswer) error
	// Release gives the key back: the attempt came to nothing.
	Release(ctx context.Context, r identity.Reservation) error
}

func (d Deps) withDefaults() Deps {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	d.Limits = d.Limits.WithDefaults()
	return d
}

func (d Deps) secure() bool { return strings.HasPrefix(d.PublicURL, "https://") }

func (d Deps) cookieName() string {
	if d.secure() {
		return middleware.SecureCookie
	}
	return middleware.PlainCookie
}

// notOnlyCustomer hides the operators' plane from those who are customers and
// nothing else. Whoever has a workspace on it is spared the longer question.
func (d Deps) notOnlyCustomer(ctx context.Context, actor access.Actor, audience Audience) error {
	if audience == AudienceCustomers {
		return nil
	}
	some, _, err := d.Registry.Workspaces(ctx, actor, 1, "")
	if err != nil {
		return fmt.Errorf("read the caller's workspaces: %w", err)
	}
	if len(some) > 0 {
		return nil
	}
	me, err := d.Identity.Me(ctx, actor)
	if err != nil {
		return fmt.Errorf("read the caller's memberships: %w", err)
	}
	if me.CustomerOnly() {
		return fault.Missing()
	}
	return nil
}

// authenticator lets the middleware ask the identity room.
type authenticator struct{ *identity.Service }

// AuthenticateSession implements middleware.Authenticator.
func (a authenticator) AuthenticateSession(ctx context.Context, secret string) (access.Actor, error) {
	return a.Session(ctx, secret)
}

// AuthenticateToken implements middleware.Authenticator.
func (a authenticator) AuthenticateToken(ctx context.Context, secret string) (access.Actor, error) {
	return a.Token(ctx, secret)
}

// NewServer is an HTTP server for the handler with the limits every listener of
// the product has. It has no overall timeouts, since streams are long: requests
// and bodies have their own.
func NewServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
}
