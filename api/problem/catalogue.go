package problem

import (
	"net/http"
	"slices"
	"strings"
)

// Entry is one published problem code. A code keeps its meaning for ever.
type Entry struct {
	Code    string
	Status  int    // the HTTP status it is always answered with
	Title   string // short, the same for every occurrence
	Meaning string // one sentence for customers
	Next    string // what to do about it
	Example string // a detail sentence as it may be seen
}

// Slug is the code as it stands in the problem's type address.
func (e Entry) Slug() string { return strings.ReplaceAll(e.Code, "_", "-") }

// Type is the address of the problem type, relative to the server.
func (e Entry) Type() string { return "/problems/" + e.Slug() }

// The codes only the edge itself answers with; the rest are declared by the
// rooms that raise them.
const (
	codeMethodNotAllowed = "method_not_allowed"
	codeUnsupportedMedia = "unsupported_media_type"
	codeBodyTooLarge     = "body_too_large"
	codeRateLimited      = "rate_limited"
	codeSecretShown      = "secret_already_shown"
)

var catalogue = []Entry{
	{
		"unauthenticated", http.StatusUnauthorized, "Sign-in required",
		"The request carries no valid session or API token.",
		"Sign in again, or send a valid token as Authorization: Bearer.",
		"Sign in, or send a valid API token.",
	},
	{
		"not_found", http.StatusNotFound, "Not found",
		"There is nothing at this address, or you have no access to it; the two look the same on purpose.",
		"Check the address, or ask a workspace owner for access.",
		"There is nothing here, or you have no access to it.",
	},
	{
		"forbidden", http.StatusForbidden, "Not allowed",
		"You can see this, but your role does not grant the capability the request needs.",
		"Ask a workspace owner for a role with the capability that the detail names.",
		"This needs the capability tenant.sync, which your role does not grant.",
	},
	{
		"invalid_input", http.StatusUnprocessableEntity, "Invalid input",
		"The request cannot be understood as it stands; it is answered with 400 when the body is not JSON at all.",
		"Correct the fields that errors names and send the request again.",
		"Correct the marked fields and send the request again.",
	},
	{
		codeMethodNotAllowed, http.StatusMethodNotAllowed, "Method not allowed",
		"The address exists, but not with this method.",
		"Use one of the methods in the Allow header.",
		"This address does not answer to this method.",
	},
	{
		codeUnsupportedMedia, http.StatusUnsupportedMediaType, "Unsupported media type",
		"The body is not sent as application/json.",
		"Send JSON with Content-Type: application/json.",
		"Send the body as application/json.",
	},
	{
		codeBodyTooLarge, http.StatusRequestEntityTooLarge, "Body too large",
		"The body is larger than 1 MiB.",
		"Send less at once.",
		"A request body may hold at most 1 MiB.",
	},
	{
		codeRateLimited, http.StatusTooManyRequests, "Too many requests",
		"More requests arrived than the limit allows.",
		"Wait for the seconds in Retry-After and repeat the request.",
		"Too many requests. Wait a moment and try again.",
	},
	{
		"precondition_required", http.StatusPreconditionRequired, "Revision required",
		"The change does not say which revision it is based on.",
		"Read the resource and send its ETag as If-Match.",
		"Send the ETag of what you read as If-Match.",
	},
	{
		"precondition_failed", http.StatusPreconditionFailed, "Changed meanwhile",
		"The resource has changed since the revision in If-Match.",
		"Read it again and repeat what you meant.",
		"This has changed since you read it. Read it again and repeat what you meant.",
	},
	{
		"conflict", http.StatusConflict, "Conflict",
		"The request contradicts the present state.",
		"Read the present state; the detail says what stands in the way.",
		"The last owner of a workspace stays.",
	},
	{
		"idempotency_key_reused", http.StatusUnprocessableEntity, "Idempotency key reused",
		"The same Idempotency-Key was sent before with another body.",
		"Use a fresh key for a new request.",
		"This Idempotency-Key belongs to another request.",
	},
	{
		"idempotency_in_progress", http.StatusConflict, "Request still in progress",
		"The request with this Idempotency-Key has not been answered yet.",
		"Repeat the request with the same key shortly.",
		"The first request with this Idempotency-Key is still being worked on.",
	},
	{
		codeSecretShown, http.StatusConflict, "Secret already shown",
		"The token was created by the first request with this key, and its secret is shown only once.",
		"Delete the token if the secret is lost and create another.",
		"This token was created before; its secret is shown only once.",
	},
	{
		"cursor_stale", http.StatusConflict, "Pages have moved",
		"What the pages were cut from has changed since the first page.",
		"Start again without a cursor.",
		"The inventory has changed. Start again from the first page.",
	},
	{
		"directory_already_registered", http.StatusConflict, "Directory already registered",
		"This workspace already has a tenant for the directory.",
		"Use the tenant that is there.",
		"This directory is already registered in the workspace.",
	},
	{
		"same_tenant", http.StatusUnprocessableEntity, "Source and target are the same",
		"Source and target are the same directory.",
		"Choose two different tenants.",
		"Choose a target other than the source.",
	},
	{
		"scope_busy", http.StatusConflict, "Target is busy",
		"Another operation is active where this one would work.",
		"Wait for it to finish; operation names it when you may see it.",
		"Another operation is active on this tenant. Wait for it to finish.",
	},
	{
		"operation_blocked", http.StatusConflict, "Operation blocked",
		"The operation may not start now; reason_code says why.",
		"Remove the reason, then start it again.",
		"Writing to this tenant is switched off in its connection.",
	},
	{
		"preflight_stale", http.StatusConflict, "Preflight out of date",
		"What you confirmed is no longer what would happen; changes says what moved.",
		"Run the preflight again, review it and confirm anew.",
		"The target has changed since the preflight. Run it again.",
	},
	{
		"confirmation_mismatch", http.StatusUnprocessableEntity, "Confirmation does not match",
		"The confirmed tenants or counts are not those of the preflight.",
		"Compare with counts and confirm what the preflight shows.",
		"The confirmed counts are not those of the preflight.",
	},
	{
		"confirmation_required", http.StatusUnprocessableEntity, "Confirmation required",
		"The step changes something and was not confirmed.",
		"Send confirm with the value true.",
		"Confirm this step to start it.",
	},
	{
		"no_ready_subjects", http.StatusUnprocessableEntity, "Nothing is ready",
		"The selection contains no subject that is ready to be promoted.",
		"Resolve what the preflight lists as blocked or to be mapped, or change the selection.",
		"Nothing in this selection is ready to be promoted.",
	},
	{
		"operation_completed", http.StatusConflict, "Operation already completed",
		"The operation has ended and cannot be cancelled.",
		"Read its outcome.",
		"This operation has already ended.",
	},
	{
		"composition_not_current", http.StatusConflict, "Review is out of date",
		"The review was composed from evidence that is no longer current.",
		"Refresh the review, then repeat the request.",
		"Refresh the review first; its evidence has changed.",
	},
	{
		"publication_blocked", http.StatusConflict, "Publication blocked",
		"Requirements for publishing are not met; blockers lists them.",
		"Resolve the blockers, then publish.",
		"Two requirements are not met.",
	},
	{
		"readiness_changed", http.StatusConflict, "Readiness has changed",
		"The readiness you saw is not the present one.",
		"Read the review again and decide on its present readiness.",
		"The readiness of this review has changed since you read it.",
	},
	{
		"step_not_current", http.StatusConflict, "Another step comes first",
		"The step is not the one the case stands at.",
		"Continue with the case's current step.",
		"Another step of this case comes first.",
	},
	{
		"step_not_startable", http.StatusUnprocessableEntity, "Step cannot be started",
		"The step is not one that can be started here.",
		"Follow the explanation of the step.",
		"This step is done outside the product.",
	},
	{
		"unavailable", http.StatusServiceUnavailable, "Not available right now",
		"A part the service needs does not answer.",
		"Repeat the request after the seconds in Retry-After; repeating is safe.",
		"A part of the service is not available. Try again shortly.",
	},
	{
		"internal", http.StatusInternalServerError, "Something went wrong on our side",
		"The request failed for a reason that is ours.",
		"Try again; if it persists, tell support the request id.",
		"Something went wrong on our side. Support can find it by the request id.",
	},
}

var byCode = func() map[string]Entry {
	m := make(map[string]Entry, len(catalogue))
	for _, e := range catalogue {
		m[e.Code] = e
	}
	return m
}()

// Catalogue lists every published code in the order of the documentation.
func Catalogue() []Entry { return slices.Clone(catalogue) }

// Lookup finds a published code.
func Lookup(code string) (Entry, bool) {
	e, ok := byCode[code]
	return e, ok
}

// Codes lists every published code, sorted; it is the enum of the description.
func Codes() []string {
	codes := make([]string, len(catalogue))
	for i, e := range catalogue {
		codes[i] = e.Code
	}
	slices.Sort(codes)
	return codes
}
