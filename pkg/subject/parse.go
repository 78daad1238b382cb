package subject

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
)

// maxDepth bounds the nesting of an object; Graph's own are below 30.
const maxDepth = 64

// Subject is one provider object as the product understands it.
type Subject struct {
	Identity    Identity
	ODataType   string // concrete type without #, empty when the provider names none
	Content     Node   // without name, assignments and server state
	Assignments Set    // elements: see assignment.go
	Traits      Traits
}

// Traits are facts about an object that decide about promoting it.
type Traits struct {
	Secret      bool `json:"secret,omitempty"`       // holds a value the provider does not return
	TenantBound bool `json:"tenant_bound,omitempty"` // holds a value that only means something in its own tenant
	ReadOnly    bool `json:"read_only,omitempty"`    // built in: cannot be created, changed or deleted
	Default     bool `json:"default,omitempty"`      // exists in every tenant: can be changed, not created
	Enforcing   bool `json:"enforcing,omitempty"`    // Conditional Access that is switched on
	Lockout     bool `json:"lockout,omitempty"`      // switched on for all users without one exclusion
	// Template is the settings-catalog template the policy is made from.
	Template string `json:"template,omitempty"`
	// Fixed digests the values of properties that cannot change once an object
	// exists; empty for types that have none.
	Fixed fingerprint.Digest `json:"fixed,omitempty"`
}

// Parse reads one complete raw object of a type. directory is the tenant's own
// directory id: a value equal to it is a reference to the tenant.
func Parse(t *Type, raw []byte, directory string) (*Subject, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	name, err := t.nameIn(o)
	if err != nil {
		return nil, err
	}
	s := &Subject{
		Identity:  Identity{Type: t.Key, Discriminator: t.discriminator(o), Name: name},
		ODataType: typeName(o),
	}
	s.Traits = t.traits(o)
	s.Assignments = parseAssignments(o)
	eachReference(t, o, func(r Reference) any { return r })
	p := parser{t: t, directory: directory, traits: &s.Traits}
	s.Content = p.content(o)
	if err := s.storable(); err != nil {
		return nil, err
	}
	return s, nil
}

// storable refuses ids that no database keeps: they hold a NUL.
func (s *Subject) storable() error {
	ids := []string{s.ODataType, s.Traits.Template}
	for _, r := range s.References() {
		ids = append(ids, r.ID)
	}
	if slices.ContainsFunc(ids, func(id string) bool { return strings.ContainsRune(id, 0) }) {
		return errors.New("object names another one by an id that holds a NUL")
	}
	return nil
}

func decode(raw []byte) (map[string]any, error) {
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, fmt.Errorf("decode object: %w", err)
	}
	if o == nil {
		return nil, errors.New("decode object: not a JSON object")
	}
	if deeper(o, maxDepth) {
		return nil, fmt.Errorf("decode object: nested deeper than %d", maxDepth)
	}
	return o, nil
}

func deeper(v any, left int) bool {
	if left == 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			if deeper(e, left-1) {
				return true
			}
		}
	case []any:
		for _, e := range v {
			if deeper(e, left-1) {
				return true
			}
		}
	}
	return false
}

func (t *Type) nameIn(o map[string]any) (string, error) {
	if t.Singleton {
		return t.Label, nil
	}
	name, ok := o[t.Name].(string)
	if !ok || NormaliseName(name) == "" || strings.ContainsRune(name, 0) {
		return "", fmt.Errorf("object has no usable %s", t.Name)
	}
	return name, nil
}

// Hash is the identity of one policy version inside its own tenant: content,
// references, name and assignments.
func (s *Subject) Hash() fingerprint.Digest {
	text := appendString(nil, s.Identity.Name)
	text = appendNode(text, s.Content, refByID)
	return fingerprint.Of(appendNode(text, s.Assignments, refByID))
}

// References lists every reference of content and assignments.
func (s *Subject) References() []Reference {
	var all []Reference
	add := func(r Reference) { all = append(all, r) }
	visit(s.Content, add)
	visit(s.Assignments, add)
	return all
}

func (t *Type) traits(o map[string]any) Traits {
	tr := Traits{ReadOnly: anyMatch(t.ReadOnlyWhen, o)}
	if t.DefaultObject != nil {
		tr.Default = t.DefaultObject.matches(o)
	}
	if t.Key == "conditional_access_policies" {
		tr.Enforcing = o["state"] == "enabled"
		tr.Lockout = tr.Enforcing && targetsEverybody(o)
	}
	if t.Catalog {
		tr.Template, _ = at(o, "templateReference.templateId").(string)
	}
	if len(t.Immutable) > 0 {
		h := fingerprint.NewHasher()
		for _, p := range t.Immutable {
			h.Add(p, fmt.Sprint(o[p]))
		}
		tr.Fixed = h.Sum()
	}
	return tr
}

func (m Match) matches(o map[string]any) bool { return o[m.Property] == m.Value }

func anyMatch(ms []Match, o map[string]any) bool {
	for _, m := range ms {
		if m.matches(o) {
			return true
		}
	}
	return false
}

// targetsEverybody reports whether a Conditional Access policy applies to all
// users and excludes nobody: switched on in another tenant it could lock every
// administrator out.
func targetsEverybody(o map[string]any) bool {
	users, _ := at(o, "conditions.users").(map[string]any)
	include, _ := users["includeUsers"].([]any)
	all := false
	for _, u := range include {
		all = all || u == "All"
	}
	if !all {
		return false
	}
	for _, p := range []string{"excludeUsers", "excludeGroups", "excludeRoles"} {
		if list, _ := users[p].([]any); len(list) > 0 {
			return false
		}
	}
	return true
}

// child is the path of a property, named from the object's root.
func child(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func isAnnotation(key string) bool {
	return (strings.Contains(key, "@odata.") && key != "@odata.type") ||
		strings.HasPrefix(key, "@microsoft.") || strings.HasPrefix(key, "#")
}
