package api

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// Operation declares one operation of the description.
type Operation struct {
	Method      string
	Path        string // below the base path, ids in braces: /workspaces/{workspace_id}
	ID          string // kebab-case, unique: list-workspaces
	Summary     string // a few words
	Description string // plain sentences for customers
	Tag         string // one of the tags of document.go
	Authz       Authz
	Status      int      // of success; 0 means 200, or 204 without a body
	AlsoStatus  []int    // further statuses with the same body as success
	Codes       []string // problem codes beyond those that follow from the declaration
	Stream      bool     // the answer may outlive the request timeout
	Limit       string   // a limit of its own: "export"; empty means the general one
	SecretOnce  bool     // success shows a secret: a replay is secret_already_shown instead
}

// Register adds an operation. The handler gets the input decoded and valid, and
// a context from which Actor and Scope can be had; it returns faults. It panics
// on an incomplete declaration.
func Register[I, O any](a *API, op Operation, handler func(context.Context, *I) (*O, error)) {
	op.Authz.mustBeComplete(op)
	spec := a.describe(op, reflect.TypeFor[I]())
	huma.Register(a.huma, spec, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			a.recordDenial(ctx, op, err)
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
	a.complete(op, reflect.TypeFor[I]())
}

// describe turns the declaration into the framework's, with the guards in front.
func (a *API) describe(op Operation, input reflect.Type) huma.Operation {
	spec := huma.Operation{
		Method: op.Method, Path: op.Path, OperationID: op.ID, Summary: op.Summary,
		Description: op.Description, Tags: []string{op.Tag}, DefaultStatus: op.Status,
		MaxBodyBytes:    -1, // bodies are read and bounded by the guard
		BodyReadTimeout: -1,
		Extensions:      map[string]any{"x-authz": op.Authz.extension()},
		Responses:       map[string]*huma.Response{},
		Errors:          op.statuses(input),
		Middlewares:     huma.Middlewares{a.guard(op, input)},
	}
	if op.Authz.Reach == ReachPublic {
		spec.Security = []map[string][]string{}
	}
	if op.Authz.Idempotent {
		spec.Parameters = append(spec.Parameters, idempotencyParam())
	}
	if _, has := input.FieldByName("Body"); !has && op.Method == http.MethodPost {
		spec.RequestBody = noFields(a.huma.OpenAPI().Components.Schemas)
	}
	return spec
}

// noFields is the body of a POST without fields: none, or an empty object.
func noFields(r huma.Registry) *huma.RequestBody {
	return &huma.RequestBody{
		Description: "No fields; send no body or an empty object.",
		Content: map[string]*huma.MediaType{
			"application/json": {Schema: r.Schema(reflect.TypeFor[NoFields](), true, "")},
		},
	}
}

// NoFields is the empty object that a POST without fields accepts.
type NoFields struct{}

// codes lists every problem code the operation can answer with.
func (op Operation) codes(input reflect.Type) []string {
	codes := append([]string{"invalid_input", "rate_limited", "internal", "unavailable"}, op.Codes...)
	if op.Authz.Reach != ReachPublic {
		codes = append(codes, "unauthenticated", "not_found")
	}
	if op.Authz.Reach == ReachWorkspace || op.Authz.Reach == ReachTenant {
		codes = append(codes, "forbidden")
	}
	if op.Method != http.MethodGet {
		codes = append(codes, "forbidden", "body_too_large", "unsupported_media_type")
	}
	if input.Implements(reflect.TypeFor[conditional]()) {
		codes = append(codes, "precondition_required", "precondition_failed")
	}
	if op.Authz.Idempotent {
		codes = append(codes, "idempotency_key_reused", "idempotency_in_progress")
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// statuses are the refusals of an operation, derived from its codes.
func (op Operation) statuses(input reflect.Type) []int {
	var statuses []int
	for _, code := range op.codes(input) {
		e, ok := problem.Lookup(code)
		if !ok {
			panic("api: operation " + op.ID + " names the unknown problem code " + code)
		}
		statuses = append(statuses, e.Status)
	}
	if op.Method != http.MethodGet {
		statuses = append(statuses, http.StatusBadRequest)
	}
	slices.Sort(statuses)
	return slices.Compact(statuses)
}

// complete adds what the framework cannot derive: shared refusals, the codes
// they may carry, and the further statuses of success.
func (a *API) complete(op Operation, input reflect.Type) {
	spec := operationOf(a.huma.OpenAPI().Paths[op.Path], op.Method)
	delete(spec.Responses, "default")
	for _, status := range spec.Errors {
		spec.Responses[strconv.Itoa(status)] = a.sharedRefusal(status)
	}
	spec.Extensions["x-problem-codes"] = op.codes(input)
	status := op.Status
	if status == 0 {
		status = http.StatusOK
	}
	for _, also := range op.AlsoStatus {
		spec.Responses[strconv.Itoa(also)] = sameAnswer(spec.Responses[strconv.Itoa(status)], also)
	}
	for _, param := range spec.Parameters {
		// Answered with 428 by the room, so the framework must not insist.
		if param.Name == "If-Match" && op.Method != http.MethodPut {
			param.Required = true
		}
	}
	a.operations = append(a.operations, op)
}

// sharedRefusal is the one description of a refusal with the status.
func (a *API) sharedRefusal(status int) *huma.Response {
	name := "Problem" + strconv.Itoa(status)
	components := a.huma.OpenAPI().Components
	if components.Responses == nil {
		components.Responses = map[string]*huma.Response{}
	}
	if components.Responses[name] == nil {
		components.Responses[name] = describeRefusal(status)
	}
	return &huma.Response{Ref: "#/components/responses/" + name}
}

func sameAnswer(r *huma.Response, status int) *huma.Response {
	c := *r
	c.Description = http.StatusText(status)
	return &c
}

// describeRefusal names the codes that come with a status and shows one of them.
func describeRefusal(status int) *huma.Response {
	media := &huma.MediaType{
		Schema: &huma.Schema{Ref: refPrefix + "Problem"}, Examples: map[string]*huma.Example{},
	}
	var named []string
	for _, e := range problem.Catalogue() {
		if e.Status != status && (status != http.StatusBadRequest || e.Code != fault.CodeInvalidInput) {
			continue
		}
		named = append(named, "`"+e.Code+"`")
		media.Examples[e.Code] = &huma.Example{Summary: e.Title, Value: exampleOf(e, status)}
	}
	return &huma.Response{
		Description: http.StatusText(status) + ": " + strings.Join(named, ", ") + ".",
		Content:     map[string]*huma.MediaType{problem.ContentType: media},
		Headers:     refusalHeaders(status),
	}
}

// refusalHeaders are what a refusal says besides its body.
func refusalHeaders(status int) map[string]*huma.Param {
	header := func(text, example string) *huma.Param {
		return &huma.Param{Description: text, Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
	}
	headers := map[string]*huma.Param{"X-Request-Id": header("The request_id of the problem.", exampleID)}
	switch status {
	case http.StatusUnauthorized:
		headers["WWW-Authenticate"] = header("How to authenticate.", "Bearer")
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		headers["Retry-After"] = header("Seconds to wait before repeating the request.", "5")
	}
	if status == http.StatusTooManyRequests {
		headers["X-RateLimit-Limit"] = header("Requests per minute.", "1200")
		headers["X-RateLimit-Remaining"] = header("Requests left at present.", "0")
		headers["X-RateLimit-Reset"] = header("Seconds until all are available again.", "60")
	}
	return headers
}

func exampleOf(e problem.Entry, status int) map[string]any {
	return map[string]any{
		"type": e.Type(), "title": e.Title, "status": status, "detail": e.Example, "code": e.Code,
		"request_id": exampleID, "errors": []any{},
	}
}

// exampleID is the id that stands in examples.
const exampleID = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"

func operationOf(item *huma.PathItem, method string) *huma.Operation {
	return map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
		http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
	}[method]
}
