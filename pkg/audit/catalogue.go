package audit

import (
	"fmt"
	"slices"
	"strings"
)

// The actions of people, accounts and the registry.
const (
	SignedIn                Action = "session.signed_in"
	SignInFailed            Action = "session.sign_in_failed"
	SignedOut               Action = "session.signed_out"
	UserCreated             Action = "user.created"
	UserPasswordSet         Action = "user.password_set"
	TokenCreated            Action = "token.created"
	TokenRevoked            Action = "token.revoked"
	WorkspaceCreated        Action = "workspace.created"
	WorkspaceUpdated        Action = "workspace.updated"
	MemberAdded             Action = "workspace.member.added"
	MemberRoleChanged       Action = "workspace.member.role_changed"
	MemberRemoved           Action = "workspace.member.removed"
	TenantCreated           Action = "tenant.created"
	TenantUpdated           Action = "tenant.updated"
	TenantArchived          Action = "tenant.archived"
	TenantMemberAdded       Action = "tenant.member.added"
	TenantMemberRoleChanged Action = "tenant.member.role_changed"
	TenantMemberRemoved     Action = "tenant.member.removed"
	ConnectionStored        Action = "connection.stored"
	ConnectionVerified      Action = "connection.verified"
	CredentialOpenFailed    Action = "connection.credential_open_failed"
	AccessDenied            Action = "authz.denied"
)

// The actions of queued work.
const (
	OperationCancelRequested Action = "operation.cancel_requested"
	ControlPaused            Action = "control.paused"
	ControlResumed           Action = "control.resumed"
	PreflightGenerated       Action = "promotion.preflight.generated"
	PromotionDuplicateFound  Action = "promotion.duplicate_found"
)

// Entry is one action and the sentence that tells a reader what it means.
type Entry struct {
	Action   Action
	Sentence string
}

// runTypes are the operation types, each with its words; every one has a
// queued and a completed action.
var runTypes = []struct{ name, words string }{
	{"connection.verify", "a check of a provider connection"},
	{"inventory.sync", "an inventory sync"},
	{"promotion.execute", "a promotion"},
	{"report.permission_posture", "a permission posture report"},
	{"report.entra_admin_roles", "an Entra admin roles report"},
	{"baseline.compare", "a baseline comparison"},
	{"evidence.collect", "an evidence collection"},
	{"review.compose", "the composition of a review"},
	{"review_pack.generate", "the generation of a review pack"},
}

// Queued is the action that records the start of a run of the type.
func Queued(operationType string) Action { return Action(operationType + ".queued") }

// Completed is the action that records the end of a run of the type.
func Completed(operationType string) Action { return Action(operationType + ".completed") }

var catalogue = append([]Entry{
	{SignedIn, "Someone signed in."},
	{SignInFailed, "A sign-in was refused; for an unknown account it names nobody."},
	{SignedOut, "Someone signed out."},
	{UserCreated, "An account was created."},
	{UserPasswordSet, "An account's password was set."},
	{TokenCreated, "An API token was issued."},
	{TokenRevoked, "An API token was revoked."},
	{WorkspaceCreated, "A workspace was created."},
	{WorkspaceUpdated, "A workspace was changed."},
	{MemberAdded, "Someone became a member of the workspace."},
	{MemberRoleChanged, "A member's role in the workspace was changed."},
	{MemberRemoved, "Someone ceased to be a member of the workspace."},
	{TenantCreated, "A tenant was registered."},
	{TenantUpdated, "A tenant was changed."},
	{TenantArchived, "A tenant was archived."},
	{TenantMemberAdded, "A member was entitled to a tenant."},
	{TenantMemberRoleChanged, "A member's role in a tenant was changed."},
	{TenantMemberRemoved, "A member's entitlement to a tenant was taken away."},
	{ConnectionStored, "A provider connection and its credential were stored."},
	{ConnectionVerified, "A check of a provider connection changed what is known of it."},
	{CredentialOpenFailed, "A stored credential could not be opened: it belongs to another place, or was changed."},
	{AccessDenied, "Someone in scope asked for what their role does not grant."},
	{OperationCancelRequested, "Someone asked a run to stop."},
	{ControlPaused, "An operation type was paused."},
	{ControlResumed, "An operation type was resumed."},
	{PreflightGenerated, "A promotion preflight was generated."},
	{PromotionDuplicateFound, "After a promotion, two equal objects were found in the target."},
}, runEntries()...)

func runEntries() []Entry {
	entries := make([]Entry, 0, 2*len(runTypes))
	for _, t := range runTypes {
		entries = append(entries,
			Entry{Queued(t.name), "Someone queued " + t.words + "."},
			Entry{Completed(t.name), "The run of " + t.words + " reached its end."})
	}
	return entries
}

// Catalogue lists every action in the order of the documentation.
func Catalogue() []Entry { return slices.Clone(catalogue) }

// Find returns the entry of an action.
func Find(a Action) (Entry, bool) {
	i := slices.IndexFunc(catalogue, func(e Entry) bool { return e.Action == a })
	if i < 0 {
		return Entry{}, false
	}
	return catalogue[i], true
}

// Markdown prints the catalogue as a documentation page.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Audit actions\n\n| action | what happened |\n|---|---|\n")
	for _, e := range catalogue {
		fmt.Fprintf(&b, "| `%s` | %s |\n", e.Action, e.Sentence)
	}
	return b.String()
}
