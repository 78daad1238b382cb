package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// BasePath is where the operators' plane stands.
const BasePath = "/api/v1"

// API is the HTTP server of the product. It is an http.Handler.
type API struct {
	deps       Deps
	log        *slog.Logger
	echo       *echo.Echo
	huma       huma.API
	handler    http.Handler
	cursors    Cursors
	pages      *staticFiles                   // the built application; nil: none
	limiters   map[string]*middleware.Limiter // by Operation.Limit
	operations []Operation
}

var configureFramework = sync.OnceFunc(func() {
	huma.NewErrorWithContext = problem.FromFramework
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return problem.FromFramework(nil, status, msg, errs...)
	}
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
})

// New puts the server together. It panics on an incomplete declaration, which
// is a mistake in the program.
func New(d Deps) *API {
	configureFramework()
	d = d.withDefaults()
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	a := &API{
		deps: d, log: d.Log, echo: e, cursors: NewCursors(d.Secret),
		huma:     humaecho.NewWithGroup(e, e.Group(BasePath), configuration(d.Version)),
		limiters: map[string]*middleware.Limiter{"export": middleware.NewLimiter(d.Limits.Export)},
	}
	if d.SPA != nil {
		a.pages = &staticFiles{FS: d.SPA}
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { a.answer(c, a.page(c, routing(err))) }
	a.use()
	for _, register := range resources {
		register(a)
	}
	a.seal()
	a.routes()
	a.handler = middleware.HeadAsGet(e)
	return a
}

// use stacks the middleware, outermost first.
func (a *API) use() {
	observers := []middleware.Observer{middleware.AccessLog(a.log)}
	if a.deps.Metrics != nil {
		observers = append(observers, a.deps.Metrics.observe)
	}
	a.echo.Use(
		middleware.RequestID,
		middleware.Observe(observers...),
		middleware.SecurityHeaders("/api/", a.deps.secure()),
		middleware.Recover(a.log),
		middleware.SameOrigin(),
		onlyBelow("/api/", middleware.Authenticate(authenticator{a.deps.Identity}, a.deps.cookieName())),
		onlyBelow("/api/", middleware.RateLimit(a.deps.Limits)),
	)
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// Operations lists what was registered, for checks over the whole surface.
func (a *API) Operations() []Operation { return a.operations }

// Routes lists every route of the server, those outside the description too.
func (a *API) Routes() []*echo.Route { return a.echo.Routes() }

// routing turns the router's own refusals into faults.
func routing(err error) error {
	he, ok := errors.AsType[*echo.HTTPError](err)
	if !ok {
		return err
	}
	switch he.Code {
	case http.StatusNotFound:
		return fault.Missing()
	case http.StatusMethodNotAllowed:
		return problem.NotAllowed()
	case http.StatusRequestEntityTooLarge:
		return problem.TooLarge()
	case http.StatusUnsupportedMediaType:
		return problem.WrongMedia()
	}
	return err
}

// problem is what an error is answered with; the cause of a 5xx is logged here.
func (a *API) problem(ctx context.Context, err error) *problem.Problem {
	p := problem.Of(ctx, err)
	p.Report(ctx, a.log)
	return p
}

// answer writes an error, if it is one, as a problem. An answer that has begun
// cannot be changed any more; its error is logged all the same.
func (a *API) answer(c echo.Context, err error) {
	if err == nil {
		return
	}
	r := c.Request()
	p := a.problem(r.Context(), err)
	if c.Response().Committed {
		return
	}
	if err := p.Write(c.Response(), r); err != nil {
		a.log.DebugContext(r.Context(), "answer not sent", "request_id", p.RequestID, "cause", err)
	}
}
