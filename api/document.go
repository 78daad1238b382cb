package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/api/problem"
)

// The tags, one per area of the product.
const (
	TagSession      = "Session"
	TagMe           = "Me"
	TagWorkspaces   = "Workspaces"
	TagMembers      = "Members"
	TagTenants      = "Tenants"
	TagConnection   = "Connection"
	TagInventory    = "Inventory"
	TagCompare      = "Compare"
	TagPromotion    = "Promotion"
	TagOperations   = "Operations"
	TagControls     = "Operational controls"
	TagAudit        = "Audit"
	eventsExtension = "x-events"
)

var tags = []*huma.Tag{
	{Name: TagSession, Description: "Signing in and out in a browser."},
	{Name: TagMe, Description: "Who the caller is: capabilities, API tokens and notifications."},
	{Name: TagWorkspaces, Description: "Workspaces: one team and everything it looks after."},
	{Name: TagMembers, Description: "Who belongs to a workspace or a tenant, and in which role."},
	{Name: TagTenants, Description: "The Microsoft Entra directories a workspace looks after."},
	{Name: TagConnection, Description: "How a tenant is reached, and whether writing to it is switched on."},
	{Name: TagInventory, Description: "What a tenant was seen to have: policies and their versions."},
	{Name: TagCompare, Description: "Comparing a source tenant with a target tenant."},
	{Name: TagPromotion, Description: "Promoting policies from a source tenant to a target tenant."},
	{Name: TagOperations, Description: "Queued work: what runs, what it waits for and what came of it."},
	{Name: TagControls, Description: "Pausing a kind of work in a workspace."},
	{Name: TagAudit, Description: "What was done, by whom and when."},
}

const intro = "TenantAtlas promotes Microsoft 365 and Intune policies from one tenant to another, provably.\n\n" +
	"Requests and answers are JSON. Times are RFC 3339 in UTC, ids are UUIDs. Lists are paged: send next_cursor as cursor. " +
	"Unknown properties and parameters are refused, answers may gain properties. Every refusal is a problem (RFC 9457) with a " +
	"stable code. Changes send the ETag of what they are based on as If-Match, and starting or creating something can be made " +
	"safe to repeat with an Idempotency-Key."

// configuration is the framework's, without anything it would serve by itself.
func configuration(version string) huma.Config {
	if version == "" {
		version = "0.0.0"
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "TenantAtlas API", Version: version, Description: intro,
				Contact: &huma.Contact{Name: "TenantAtlas"},
			},
			Servers: []*huma.Server{{URL: BasePath, Description: "This server."}},
			Tags:    tags,
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry(refPrefix, schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"bearer": {
						Type: "http", Scheme: "bearer", BearerFormat: middleware.TokenPrefix + "…",
						Description: "An API token, created at /me/tokens or on the command line. It acts as its owner.",
					},
					"session": {
						Type: "apiKey", In: "cookie", Name: middleware.SecureCookie,
						Description: "The session of a signed-in browser; named ta_session on loopback without https.",
					},
				},
			},
			Security: []map[string][]string{{"bearer": {}}, {"session": {}}},
		},
		Formats: map[string]huma.Format{
			"application/json": huma.DefaultJSONFormat,
			// Problems are found by their suffix.
			"json": huma.DefaultJSONFormat,
		},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
}

// Document is the description as OpenAPI 3.1 JSON; the same bytes every time.
func (a *API) Document() ([]byte, error) {
	doc, err := json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("print the API description: %w", err)
	}
	return append(doc, '\n'), nil
}

// DocumentYAML is the description as OpenAPI 3.1 YAML; the same bytes every time.
func (a *API) DocumentYAML() ([]byte, error) {
	doc, err := a.huma.OpenAPI().YAML()
	if err != nil {
		return nil, fmt.Errorf("print the API description: %w", err)
	}
	return doc, nil
}

// describeStream documents what a stream carries: the media type has no schema
// language of its own, so each event's data is named in an extension.
func (a *API) describeStream(op Operation, events map[string]any) {
	r := a.huma.OpenAPI().Components.Schemas
	data := map[string]*huma.Schema{"ping": {Type: huma.TypeObject, Description: "Nothing; it keeps the connection open."}}
	for name, v := range events {
		data[name] = r.Schema(reflect.TypeOf(v), true, name)
	}
	spec := operationOf(a.huma.OpenAPI().Paths[op.Path], op.Method)
	spec.Responses["200"] = &huma.Response{
		Description: "A stream of events; the id of each is the Last-Event-ID to resume after.",
		Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema:  &huma.Schema{Type: huma.TypeString, Description: "Server-Sent Events, UTF-8."},
			Example: "event: ping\ndata: {}\n\n",
		}},
		Extensions: map[string]any{eventsExtension: data},
	}
}

var _ huma.StatusError = (*problem.Problem)(nil)

var _ http.Handler = (*API)(nil)
