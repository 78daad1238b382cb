package subject

// TypeKey names a policy type on the wire, lower snake case.
type TypeKey string

// RefKind is the kind of thing a reference points at.
type RefKind string

// The reference kinds. Those up to RefCertificateProfile are subjects
// themselves and resolve against the inventory; the others against the
// reference index that a sync captures.
const (
	RefScopeTag             RefKind = "scope_tag"
	RefFilter               RefKind = "filter"
	RefNamedLocation        RefKind = "named_location"
	RefNotificationTemplate RefKind = "notification_template"
	RefReusableSetting      RefKind = "reusable_setting"
	RefComplianceScript     RefKind = "compliance_script"
	RefCertificateProfile   RefKind = "certificate_profile"

	RefGroup        RefKind = "group"
	RefUser         RefKind = "user" // never captured: only well-known values resolve
	RefApplication  RefKind = "application"
	RefApp          RefKind = "app" // a mobile app
	RefAuthStrength RefKind = "authentication_strength"
	RefTermsOfUse   RefKind = "terms_of_use"
	RefTenant       RefKind = "tenant" // the directory's own id

	// RefTemplate is no reference of a policy's content: the index holds it so
	// that preflight knows which settings-catalog templates the target offers.
	RefTemplate RefKind = "settings_template"
)

// IndexedKinds are the kinds a sync captures into the reference index.
var IndexedKinds = []RefKind{RefGroup, RefApplication, RefApp, RefAuthStrength, RefTermsOfUse, RefTemplate}

// Ref is one place inside an object that holds an id, or a list of ids, of
// another object. Path steps are property names; "[]" means every element.
type Ref struct {
	Path string // e.g. conditions.users.excludeGroups[]
	Kind RefKind
}

// Assigning says how a type carries its assignments.
type Assigning string

// The ways of assigning.
const (
	AssignNone   Assigning = ""       // the type has no assignments
	AssignSet    Assigning = "set"    // one call replaces the whole set
	AssignSingle Assigning = "single" // assignments are posted and deleted one by one
)

// Type is everything the product knows about comparing one policy type. How it
// is read and written over the wire belongs to the provider.
type Type struct {
	Key        TypeKey
	Label      string // plural, as an administrator reads it
	Collection string // the last part of the Graph path, and the folder name of exports
	Path       string // Graph path without version
	Name       string // property that holds the name
	ODataType  string // the one concrete type, without #; empty when the collection holds several
	Assigning  Assigning
	ScopeTags  string // property that holds scope tag ids; empty when the type has none
	Singleton  bool   // exactly one object, named by Label
	Catalog    bool   // settings-catalog shape: settings[].settingInstance

	Discriminators []string            // further properties that are part of the identity
	Volatile       []string            // server-side state, never a difference; dotted paths, [] for elements
	Keyed          map[string][]string // lists of objects that are sets: path → key properties
	Sets           []string            // lists of objects that are sets without a key
	Ordered        []string            // lists of plain values whose order means something
	Base64         []string            // properties that hold encoded text
	References     []Ref
	Secrets        []string // properties that are write-only or masked when read

	RefKind       RefKind // the kind of reference that points at subjects of this type
	Immutable     []string
	Portable      bool   // may be promoted
	WhyNot        string // sentence when it may not
	WhyNotCode    string // reason code when it may not
	ReadOnlyWhen  []Match
	WriteOrder    int // lower is written first; references order within a plan anyway
	DefaultObject *Match
}

// Match recognises an object by the value of one property.
type Match struct {
	Property string
	Value    any
}
