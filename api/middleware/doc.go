// Package middleware is what every request passes before and after its handler.
//
// The order is that of api.New: request id, access log, security headers,
// recovery, cross-origin check, authentication, rate limit. Authentication only
// finds out who asks; what they may do is decided by the registration of each
// operation. body.go holds what a JSON body must be before anything reads it.
// Nothing here logs addresses with values, headers, bodies or names.
package middleware
