package inventory

import (
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Ids of this room, UUIDv7.
type (
	// SubjectID identifies a governed subject of one tenant.
	SubjectID string
	// VersionID identifies a policy version.
	VersionID string
)

// Entry is what the inventory knows about one live subject, without its content.
type Entry struct {
	ID          SubjectID
	Type        subject.TypeKey
	ObjectID    string // the provider's id
	Name        string
	ODataType   string
	Keys        Keys
	VersionID   VersionID
	Hash        fingerprint.Digest // of the version, by the tenant's own ids
	Content     fingerprint.Digest // portable: names in place of ids
	Assigned    fingerprint.Digest // portable assignments
	Assignments AssignmentFacts
	Traits      subject.Traits
	References  int // how many ids of other objects content and assignments hold
	LastReadAt  time.Time
}

// Keys are an entry's subject keys, one per match rule.
type Keys struct {
	Exact       subject.Key
	WithoutVers subject.Key
}

// For returns the key of a rule.
func (k Keys) For(rule subject.MatchRule) subject.Key {
	if rule == subject.IgnoreVersionSuffix {
		return k.WithoutVers
	}
	return k.Exact
}

// AssignmentFacts is what rules ask of a set of assignments.
type AssignmentFacts struct {
	Read       bool `json:"read"`
	Count      int  `json:"count"`
	Exclusions int  `json:"exclusions,omitempty"`
	AllDevices bool `json:"all_devices,omitempty"`
	AllUsers   bool `json:"all_users,omitempty"`
	Collection bool `json:"collection,omitempty"`
	Filters    int  `json:"filters,omitempty"`
	// FilterOnExclusion: Graph refuses an assignment filter on an exclusion.
	FilterOnExclusion bool `json:"filter_on_exclusion,omitempty"`
}

// Capture is the last attempt to read one policy type or reference kind.
type Capture struct {
	What       string // policy type key, or "ref:" and the reference kind
	StartedAt  time.Time
	Complete   bool // read to the last page, every object understood
	ReasonCode string
	Message    string
	Objects    int
	Problems   int // objects that could not be understood
}

// CaptureOf names the capture of a reference kind.
func CaptureOf(kind subject.RefKind) string { return "ref:" + string(kind) }

// IndexedReference is one entry of a tenant's reference index; for kinds that
// are subjects it is the subject itself.
type IndexedReference struct {
	Kind subject.RefKind
	ID   string
	Name string
}

// Facts are tenant-wide circumstances read with the inventory.
type Facts struct {
	SecurityDefaultsOn bool
	ApprovalTypes      []string
	ApprovalKnown      bool
	Granted            []string // Graph application roles, sorted
	ReadAt             time.Time
}

// View is everything comparison and preflight may know about one tenant: one
// consistent reading of the database.
type View struct {
	Tenant     tenancy.Tenant
	Connection tenancy.Connection
	Entries    []Entry
	Captures   map[string]Capture
	Facts      *Facts // nil when never read
	LastSync   *LastSync
}

// LastSync is when the newest completed sync ended, and how.
type LastSync struct {
	At      time.Time
	Outcome string
}

// Evaluated reports whether the type's newest listing was complete.
func (v *View) Evaluated(t subject.TypeKey) bool { return v.Captures[string(t)].Complete }

// Version is one immutable policy version.
type Version struct {
	ID          VersionID
	SubjectID   SubjectID
	TenantID    tenancy.TenantID
	Type        subject.TypeKey
	ObjectID    string
	Name        string
	Hash        fingerprint.Digest
	Raw         []byte // as the provider returned it, complete
	Normalised  []byte // content with a slot number per reference
	Assignments []byte // assignments with a slot number per reference
	Slots       []Slot // content's references, then the assignments'
	CapturedAt  time.Time
	RunID       string // the run that captured it
}

// Slot is one reference of a version.
type Slot struct {
	Part string          `json:"part"` // content or assignments
	Kind subject.RefKind `json:"kind"`
	ID   string          `json:"id"`
	Name string          `json:"name,omitempty"` // when it was captured; empty when unknown
}

// The parts of a version that hold references.
const (
	PartContent     = "content"
	PartAssignments = "assignments"
)
