package api

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

//go:embed docs
var docsFiles embed.FS

var docsPages = &staticFiles{FS: docsFiles}

// publicRoutes are the routes outside the description; all of them are open to
// anybody and show nothing of anybody's data.
func (a *API) publicRoutes() map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{
		"/healthz":        func(c echo.Context) error { return c.JSON(http.StatusOK, health{Status: "ok"}) },
		"/readyz":         a.ready,
		"/openapi.json":   documentRoute("application/json", a.Document),
		"/openapi.yaml":   documentRoute("application/yaml", a.DocumentYAML),
		"/docs":           docsFile("index.html"),
		"/docs/docs.js":   docsFile("docs.js"),
		"/docs/docs.css":  docsFile("docs.css"),
		"/problems/:code": func(c echo.Context) error { return problem.ServePage(c.Response(), c.Request(), c.Param("code")) },
	}
}

// routes adds what is not part of the description.
func (a *API) routes() {
	for address, handler := range a.publicRoutes() {
		a.echo.GET(address, handler)
	}
}

// health is the answer of the probes.
type health struct {
	Status string            `json:"status"` // ok or unavailable
	Checks map[string]string `json:"checks,omitempty"`
}

// ready asks every part, each for two seconds at most, and says which are away;
// the reasons are logged, not shown.
func (a *API) ready(c echo.Context) error {
	h, status := health{Status: "ok", Checks: map[string]string{}}, http.StatusOK
	for _, check := range a.deps.Checks {
		ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
		err := check.Ask(ctx)
		cancel()
		h.Checks[check.Name] = "ok"
		if err != nil {
			a.log.WarnContext(ctx, "not ready", "check", check.Name, "cause", err)
			h.Status, h.Checks[check.Name], status = "unavailable", "unavailable", http.StatusServiceUnavailable
		}
	}
	return c.JSON(status, h)
}

// documentRoute prints the document once, at the first request.
func documentRoute(media string, document func() ([]byte, error)) echo.HandlerFunc {
	printed := sync.OnceValues(document)
	return func(c echo.Context) error {
		doc, err := printed()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, media, doc)
	}
}

func docsFile(name string) echo.HandlerFunc {
	return func(c echo.Context) error { return docsPages.serve(c, "docs/"+name) }
}

// page serves the application where no route is: a file when there is one, else
// its start page, so that deep links work. Addresses of the API are never pages.
// It returns the error to answer with instead, nil when it has answered.
func (a *API) page(c echo.Context, err error) error {
	r := c.Request()
	if a.pages == nil || c.Path() != "" || r.Method != http.MethodGet || reserved(r.URL.Path) {
		return err
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if info, err := fs.Stat(a.pages, name); err == nil && !info.IsDir() {
		if strings.HasPrefix(name, "assets/") {
			c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		return a.pages.serve(c, name)
	}
	if path.Ext(name) != "" {
		return fault.Missing()
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return a.pages.serve(c, "index.html")
}

func reserved(address string) bool {
	for _, prefix := range []string{"/api", "/problems", "/docs", "/healthz", "/readyz", "/openapi", "/metrics", "/auth/oidc"} {
		if strings.HasPrefix(address, prefix) {
			return true
		}
	}
	return false
}

// onlyBelow applies a middleware to the addresses below prefix.
func onlyBelow(prefix string, m echo.MiddlewareFunc) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		applied := m(next)
		return func(c echo.Context) error {
			if strings.HasPrefix(c.Request().URL.Path, prefix) {
				return applied(c)
			}
			return next(c)
		}
	}
}
