package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// requestTimeout ends a request that is no stream; bodyTimeout a slow body.
const (
	requestTimeout = 30 * time.Second
	bodyTimeout    = 10 * time.Second
)

type (
	scopeKey struct{}
	placeKey struct{}
)

// place is where a request comes from and what its path names.
type place struct {
	address   string
	workspace tenancy.WorkspaceID
	tenant    tenancy.TenantID
}

func placeOf(ctx context.Context) place {
	p, _ := ctx.Value(placeKey{}).(place)
	return p
}

// Actor is who called. Operations with ReachPublic have none; there it answers
// the zero Actor.
func Actor(ctx context.Context) access.Actor {
	actor, err := middleware.Actor(ctx)
	if err != nil {
		return access.Actor{}
	}
	return actor
}

// Scope is what the gate has admitted the caller to. It is valid in operations
// with ReachWorkspace and ReachTenant, and the zero Scope elsewhere.
func Scope(ctx context.Context) access.Scope {
	s, _ := ctx.Value(scopeKey{}).(access.Scope)
	return s
}

// guard answers everything that comes before the body's meaning: who, where,
// how much, what kind of body, and whether the request was answered before.
func (a *API) guard(op Operation, input reflect.Type) func(huma.Context, func(huma.Context)) {
	field, hasBody := input.FieldByName("Body")
	needsBody := hasBody && field.Type.Kind() != reflect.Pointer
	return func(hc huma.Context, next func(huma.Context)) {
		c := humaecho.Unwrap(hc)
		// What follows the handler must not see its deadline as the request's end.
		defer c.SetRequest(c.Request())
		ctx := context.WithValue(c.Request().Context(), placeKey{}, place{
			c.RealIP(), tenancy.WorkspaceID(c.Param("workspace_id")), tenancy.TenantID(c.Param("tenant_id")),
		})
		if !op.Stream {
			limited, cancel := context.WithTimeout(ctx, requestTimeout)
			defer cancel()
			ctx = limited
		}
		ctx, err := a.admit(ctx, c, op)
		var body []byte
		if err == nil {
			c.SetRequest(c.Request().WithContext(ctx))
			body, err = readBody(c, op, needsBody)
		}
		if err != nil {
			a.recordDenial(ctx, op, err)
			a.answer(c, err)
			return
		}
		// The API speaks JSON whatever Accept says; the framework must not negotiate.
		c.Request().Header.Del("Accept")
		a.once(c, op, body, func() { next(hc) })
	}
}

// recordDenial records that somebody in scope tried to change what their role
// does not let them. A record that cannot be written does not change the answer.
func (a *API) recordDenial(ctx context.Context, op Operation, err error) {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Forbidden || op.Authz.ReadOnly {
		return
	}
	actor := Actor(ctx)
	e := audit.Event{
		Action: audit.AccessDenied, Workspace: placeOf(ctx).workspace, Tenant: placeOf(ctx).tenant,
		TargetKind: "api_operation", TargetID: op.ID,
	}
	if err := a.deps.Audit.Record(ctx, e.By(actor.UserID, actor.DisplayName, string(actor.Via))); err != nil {
		a.log.ErrorContext(ctx, "denial not recorded", "request_id", audit.RequestOf(ctx), "cause", err)
	}
}

// admit finds out who calls, checks the path, asks the gate and the limits.
func (a *API) admit(ctx context.Context, c echo.Context, op Operation) (context.Context, error) {
	actor, err := middleware.Actor(ctx)
	if err != nil && op.Authz.Reach != ReachPublic {
		return ctx, err
	}
	if err := middleware.CheckPath(c.Request().URL); err != nil {
		return ctx, err
	}
	if err := checkIDs(c); err != nil {
		return ctx, err
	}
	ctx, err = a.enter(ctx, op, actor)
	if err != nil {
		return ctx, err
	}
	if limiter := a.limiters[op.Limit]; limiter != nil {
		key := string(actor.UserID)
		if key == "" {
			key = c.RealIP()
		}
		return ctx, limiter.Take(key, time.Now()).Refusal(c.Request())
	}
	return ctx, nil
}

func (a *API) enter(ctx context.Context, op Operation, actor access.Actor) (context.Context, error) {
	p := placeOf(ctx)
	var scope access.Scope
	var err error
	switch {
	case op.Authz.Reach == ReachPublic:
		return ctx, nil
	case op.Authz.Reach == ReachSelf:
		return ctx, a.deps.notOnlyCustomer(ctx, actor, op.Authz.Audience)
	case op.Authz.Audience == AudienceCustomers:
		scope, err = a.deps.Gate.Customer(ctx, actor, p.workspace)
	case op.Authz.Reach == ReachTenant:
		scope, err = a.deps.Gate.Tenant(ctx, actor, p.workspace, p.tenant, op.Authz.enforced()...)
	default:
		scope, err = a.deps.Gate.Workspace(ctx, actor, p.workspace, op.Authz.enforced()...)
	}
	return context.WithValue(ctx, scopeKey{}, scope), err
}

var canonicalID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// checkIDs answers a path id that is no id like one that names nothing.
func checkIDs(c echo.Context) error {
	for _, name := range c.ParamNames() {
		if isID(name) && !canonicalID.MatchString(c.Param(name)) {
			return fault.Missing()
		}
	}
	return nil
}

func isID(name string) bool { return len(name) > 3 && name[len(name)-3:] == "_id" }

// readBody reads and checks the query and the body, and leaves the body for the
// framework to decode.
func readBody(c echo.Context, op Operation, needsBody bool) ([]byte, error) {
	r := c.Request()
	if err := middleware.CheckQuery(r.URL); err != nil {
		return nil, err
	}
	if op.Method == http.MethodGet {
		return nil, nil
	}
	control := http.NewResponseController(c.Response())
	// A connection without deadlines (a test's recorder) is read without one.
	if control.SetReadDeadline(time.Now().Add(bodyTimeout)) == nil {
		defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	}
	body, err := middleware.ReadJSON(r)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 && needsBody {
		return nil, problem.Field("body", "expected a JSON object")
	}
	return body, nil
}
