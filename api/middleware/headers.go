package middleware

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// The content policies: answers of the API load nothing, pages load only what
// the server itself has. Their styles are made at run time through the CSSOM, in
// style elements without content: the hash of nothing lets those in, and no text.
const (
	policyAPI  = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	policyPage = "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

// SecurityHeaders sets what a browser must know about every answer. apiPrefix
// is where answers are data and never stored; secure adds HSTS.
func SecurityHeaders(apiPrefix string, secure bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("X-Frame-Options", "DENY")
			h.Set("Referrer-Policy", "no-referrer")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			if secure {
				h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
			}
			policy := policyPage
			if strings.HasPrefix(c.Request().URL.Path, apiPrefix) {
				policy = policyAPI
				h.Set("Cache-Control", "no-store")
			}
			h.Set("Content-Security-Policy", policy)
			return next(c)
		}
	}
}

// SameOrigin refuses changes that a page of another origin asks for. Requests
// with an Authorization header are spared: a browser never adds one by itself.
func SameOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.Header.Get(echo.HeaderAuthorization) == "" && protection.Check(r) != nil {
				return fault.New(fault.Forbidden, fault.CodeForbidden, "Changes are only accepted from the product's own pages.")
			}
			return next(c)
		}
	}
}
