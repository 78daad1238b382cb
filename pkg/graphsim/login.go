package graphsim

import (
	"fmt"
	"net/http"
	"strings"
)

// Secret is the client secret every application has.
const Secret = "simulated-secret"

// loginError is an answer of the token endpoint.
func loginError(status int, kind string, number int, text string) reply {
	return reply{status: status, body: Object{
		"error":             kind,
		"error_description": fmt.Sprintf("AADSTS%d: %s", number, text),
		"error_codes":       []int{number},
		"suberror":          "",
	}}
}

// serveLogin answers discovery and token requests below /<tenant>/.
func (s *Server) serveLogin(w http.ResponseWriter, r *http.Request) {
	directory, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	c, fail := s.accept(w, r)
	c.version, c.path = "", strings.TrimPrefix(r.URL.Path, "/")
	c.token = token{Tenant: strings.ToLower(directory)}
	if fail != nil {
		out := s.refusal(c, fail)
		s.note(c, out)
		s.send(w, r, c, out)
		return
	}
	plan := s.faults.plan(c)
	var out reply
	if plan.before != nil {
		out = s.refusal(c, plan.before)
	} else if out = s.login(r, c, directory, rest); plan.after != nil {
		out = s.refusal(c, plan.after)
	}
	out.effect = plan.effect
	if s.tenant(directory) == nil {
		c.token.Tenant = ""
	}
	s.note(c, out)
	s.send(w, r, c, out)
}

func (s *Server) login(r *http.Request, c *call, directory, rest string) reply {
	t := s.tenant(directory)
	known := map[string]bool{
		"v2.0/.well-known/openid-configuration": true, ".well-known/openid-configuration": true,
		"oauth2/v2.0/token": true, "oauth2/token": true, "discovery/v2.0/keys": true, "discovery/keys": true,
	}
	switch {
	case directory == "common" && rest == "discovery/instance":
		return s.instances(c, r)
	case !known[rest]:
		return reply{status: http.StatusNotFound, body: Object{"error": Object{"code": "NotFound", "message": "No such route."}}}
	case t == nil:
		return loginError(http.StatusBadRequest, "invalid_request", 90002, "Tenant '"+directory+"' not found. Check to make sure you have the correct tenant ID.")
	case strings.HasSuffix(rest, "openid-configuration"):
		return reply{status: ok, body: discovery(c.origin, t.directory)}
	case strings.HasSuffix(rest, "keys"):
		return reply{status: ok, body: Object{"keys": []any{}}}
	case c.method != http.MethodPost:
		return loginError(http.StatusBadRequest, "invalid_request", 900561, "The endpoint only accepts POST requests.")
	default:
		return s.grant(r, c, t)
	}
}

func (s *Server) instances(c *call, r *http.Request) reply {
	directory := strings.Trim(strings.SplitN(strings.TrimPrefix(r.URL.Query().Get("authorization_endpoint"), c.origin), "/oauth2", 2)[0], "/")
	return reply{status: ok, body: Object{
		"tenant_discovery_endpoint": c.origin + "/" + directory + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1", "metadata": []any{},
	}}
}

func discovery(origin, directory string) Object {
	base := origin + "/" + directory
	return Object{
		"issuer":                                base + "/v2.0",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"response_types_supported":              []string{"code", "id_token"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		"tenant_region_scope":                   "EU",
		"cloud_instance_name":                   strings.TrimPrefix(strings.TrimPrefix(origin, "https://"), "http://"),
	}
}

// resourceOf is the resource of the .default scope among those asked for, or
// "".
func resourceOf(scopes string) string {
	for _, s := range strings.Fields(scopes) {
		if resource, isDefault := strings.CutSuffix(s, "/.default"); isDefault {
			return resource
		}
	}
	return ""
}

// grant answers a client credentials request.
func (s *Server) grant(r *http.Request, c *call, t *tenant) reply {
	form := parseForm(c.body)
	client, secret := form.Get("client_id"), form.Get("client_secret")
	if user, pass, found := r.BasicAuth(); found {
		client, secret = user, pass
	}
	switch {
	case form.Get("grant_type") != "client_credentials":
		return loginError(http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
	case client == "":
		return loginError(http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the following parameter: 'client_id'.")
	case resourceOf(form.Get("scope")) == "":
		return loginError(http.StatusBadRequest, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
	case form.Get("client_assertion") != "":
		if !readsAsJWT(form.Get("client_assertion"), s.clock()) {
			return loginError(http.StatusUnauthorized, "invalid_client", 50027, "JWT token is invalid or malformed.")
		}
	case secret != Secret:
		return loginError(http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	principal, err := t.principal(client, s.clock())
	if err != nil {
		s.log.ErrorContext(r.Context(), "service principal not kept", "error", err)
	}
	if principal == nil {
		return loginError(http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier '"+client+"' was not found in the directory.")
	}
	raw, err := s.issue(t, client, resourceOf(form.Get("scope")), c.origin, t.grantedRoles(principal))
	if err != nil {
		return reply{status: http.StatusInternalServerError, body: Object{"error": "server_error"}}
	}
	return reply{
		status: ok, objectID: str(principal, "id"), header: http.Header{"Cache-Control": {"no-store"}},
		body: Object{"token_type": "Bearer", "expires_in": tokenLife, "ext_expires_in": tokenLife, "access_token": raw},
	}
}
