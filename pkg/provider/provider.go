// Package provider is the port to a tenant: reading, applying and reading back,
// and the classes of failure. The reading side has no way to write. The one
// adapter is pkg/provider/graph.
package provider

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Target says which directory to talk to and how; it is read from the run's own
// tenant row, never from a task's payload.
type Target struct {
	Directory  tenancy.DirectoryID
	Cloud      tenancy.Cloud
	ClientID   string
	Credential Credential
}

// Credential proves the connection to the directory. It prints as "[redacted]".
type Credential struct {
	Kind           tenancy.CredentialKind
	Secret         string
	CertificatePEM string
	PrivateKeyPEM  string
}

// Object is one provider object, complete: children that Graph serves apart
// (settings, assignments, scheduled actions, messages, definition values, target
// apps) stand inlined under the property names of a full export. Links to
// certificate profiles stand as {"id": …} under their property.
type Object struct {
	ID  string
	Raw json.RawMessage
	// AssignmentsRead is false when the assignments could not be read; the
	// object then has no "assignments" property.
	AssignmentsRead bool
	ReadAt          time.Time // when the request that returned it was sent
}

// Reference is one entry of the reference index.
type Reference struct {
	Kind subject.RefKind
	ID   string
	Name string
	// Type is the concrete type of a mobile app, e.g. microsoft.graph.iosStoreApp:
	// apps of several platforms share names. Empty for other kinds.
	Type string
}

// Grants is what the directory allows our enterprise application.
type Grants struct {
	Granted []string // Graph application roles, sorted
	Roles   []string // the token's roles claim, sorted
}

// Facts are tenant-wide circumstances that decide about writes.
type Facts struct {
	SecurityDefaultsOn bool
	ApprovalTypes      []string // policyType values of active Multi Admin Approval policies
	ApprovalKnown      bool     // false when the policies could not be read
}

// Reader reads one tenant. It has no method that writes.
type Reader interface {
	// Grants gets a token and reads what was granted.
	Grants(ctx context.Context) (Grants, error)
	// Facts reads tenant-wide circumstances.
	Facts(ctx context.Context) (Facts, error)
	// List calls each for every object of the type, complete, to the last page.
	// An object that cannot be read complete is reported through each with a
	// non-nil error, its id and what was listed of it, and the listing goes on. List returns an error when the
	// listing itself is incomplete: what was not seen is then unknown, not absent.
	List(ctx context.Context, t *subject.Type, each func(Object, error) error) error
	// Get reads one object, complete. A missing one is ErrGone.
	Get(ctx context.Context, t *subject.Type, id string) (Object, error)
	// FindByName returns every object of the type with exactly this name, read
	// to the last page.
	FindByName(ctx context.Context, t *subject.Type, name string) ([]Object, error)
	// References calls each for every entry of a kind that is not a policy type.
	References(ctx context.Context, kind subject.RefKind, each func(Reference) error) error
	// SettingLabels returns display names of setting definitions, and of their
	// options, by id; ids the tenant does not know are left out.
	SettingLabels(ctx context.Context, policyID string) (map[string]string, error)
}

// StepKind says what a mutating request does; it decides whether it may be repeated.
type StepKind string

// The step kinds.
const (
	StepCreate  StepKind = "create"  // POST that makes an object: sent once, reconciled by reading
	StepReplace StepKind = "replace" // full state: may be repeated
	StepAppend  StepKind = "append"  // POST or DELETE of one child: read before repeating
)

// Step is one mutating request. "{id}" in Path stands for the object's id.
type Step struct {
	Kind   StepKind
	Label  string // e.g. "create", "assign", for the journal and Monitoring
	Method string
	Path   string
	Body   json.RawMessage
}

// Desired is what an object shall be in the target, already target-safe: every
// reference id is the target's.
type Desired struct {
	Type             *subject.Type
	Content          json.RawMessage // complete object without ids and server state
	WriteContent     bool
	Assignments      []json.RawMessage // elements {target: {...}, …}
	WriteAssignments bool
}

// Sent is the answer to a step.
type Sent struct {
	Status   int
	ObjectID string // of the object made by a create
	At       time.Time
}

// Writer is the write side of one tenant. Only the write seam of pkg/promotion
// holds one.
type Writer interface {
	Reader
	// Steps computes the ordered mutating requests that turn current (nil: no
	// object) into desired. It is pure, asks only for what differs and may so be
	// empty; called again after any of its steps it gives the rest.
	Steps(d Desired, current *Object) ([]Step, error)
	// Send sends one step exactly once. An error with Ambiguous set means that
	// the request may have taken effect; any other error means that it has not.
	// It waits for rate limits only shortly and then returns Throttled with
	// RetryAfter; Throttled, and Unavailable that is not ambiguous, may be sent
	// again after a while.
	Send(ctx context.Context, s Step, id, requestID string) (Sent, error)
}

// Provider opens readers and writers. All of them may be used concurrently; what
// one reader may receive in total is bounded, so open one per run.
type Provider interface {
	Reader(ctx context.Context, t Target) (Reader, error)
	Writer(ctx context.Context, t Target) (Writer, error)
}
