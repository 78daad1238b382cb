package api

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
)

// Reach is what an operation's path is about, and so who is admitted at all.
type Reach string

// The reaches.
const (
	ReachPublic    Reach = "public"    // anybody, signed in or not
	ReachSelf      Reach = "self"      // anybody signed in, about themselves
	ReachWorkspace Reach = "workspace" // members of the workspace in the path
	ReachTenant    Reach = "tenant"    // members entitled to the tenant in the path
)

// Audience is which plane an operation belongs to.
type Audience string

// The audiences.
const (
	AudienceOperators Audience = "operators" // the default: a customer gets 404
	AudienceCustomers Audience = "customers" // the customer plane
)

// Authz declares who may use an operation and what is recorded about it.
// Exactly one of Audit, ReadOnly and Unrecorded is set.
type Authz struct {
	Reach Reach
	// Capabilities are all needed. With ReachWorkspace the tenant capabilities
	// among them are those the handler demands of tenants named in the body or
	// owning what the path names (see Gate.Require); all others are enforced
	// before the handler.
	Capabilities []access.Capability
	// Audit is the action that a success records.
	Audit audit.Action
	// ReadOnly says that nothing changes and nothing is recorded.
	ReadOnly bool
	// Unrecorded says why a change leaves no record.
	Unrecorded string
	// Idempotent makes the operation honour the Idempotency-Key header: set it
	// on every POST that creates or starts something.
	Idempotent bool
	// Audience is AudienceOperators when empty.
	Audience Audience
}

// mustBeComplete panics when the declaration is not one: an operation without a
// decision about its callers must not exist.
func (z Authz) mustBeComplete(op Operation) {
	trouble := ""
	switch {
	case z.Reach == "":
		trouble = "has no reach"
	case count(z.ReadOnly, z.Audit != "", z.Unrecorded != "") != 1:
		trouble = "must be read-only, name its audit action, or say why nothing is recorded"
	case z.Reach == ReachPublic && len(z.Capabilities) > 0:
		trouble = "is public and cannot need a capability"
	case (z.Reach == ReachWorkspace || z.Reach == ReachTenant) && len(z.Capabilities) == 0:
		trouble = "needs a capability"
	case (z.Reach == ReachWorkspace || z.Reach == ReachTenant) && !strings.Contains(op.Path, "{workspace_id}"):
		trouble = "has no workspace in its path"
	case (z.Reach == ReachTenant) != strings.Contains(op.Path, "{tenant_id}"):
		trouble = "must have a tenant in its path exactly when its reach is a tenant"
	case z.Idempotent && op.Method != http.MethodPost:
		trouble = "cannot be idempotent by key unless it is a POST"
	}
	if trouble != "" {
		panic(fmt.Sprintf("api: operation %s %s %s", op.Method, op.Path, trouble))
	}
}

func count(facts ...bool) int {
	n := 0
	for _, fact := range facts {
		if fact {
			n++
		}
	}
	return n
}

// enforced are the capabilities the gate demands before the handler runs.
func (z Authz) enforced() []access.Capability {
	if z.Reach == ReachTenant {
		return z.Capabilities
	}
	var caps []access.Capability
	for _, c := range z.Capabilities {
		if strings.HasPrefix(string(c), "workspace.") {
			caps = append(caps, c)
		}
	}
	return caps
}

// extension is how the declaration stands in the description.
func (z Authz) extension() map[string]any {
	caps := make([]string, len(z.Capabilities))
	for i, c := range z.Capabilities {
		caps[i] = string(c)
	}
	audience := z.Audience
	if audience == "" {
		audience = AudienceOperators
	}
	ext := map[string]any{
		"scope": string(z.Reach), "capability": caps, "audience": string(audience), "idempotent": z.Idempotent,
	}
	switch {
	case z.ReadOnly:
		ext["exempt"] = "read-only"
	case z.Unrecorded != "":
		ext["exempt"] = z.Unrecorded
	default:
		ext["audit_action"] = string(z.Audit)
	}
	return ext
}
