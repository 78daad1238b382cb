package inventory

import (
	"context"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// Names is a tenant's reference index in memory: what things are called, and
// what carries a name.
type Names struct {
	byID   map[subject.Reference]string
	byName map[subject.Reference][]string // ID holds the normalised name
}

// NewNames indexes references. Ids of kinds that are equal in every tenant are
// compared without regard to case.
func NewNames(refs []IndexedReference) Names {
	n := Names{byID: make(map[subject.Reference]string, len(refs)), byName: make(map[subject.Reference][]string, len(refs))}
	for _, r := range refs {
		n.byID[keyOf(subject.Reference{Kind: r.Kind, ID: r.ID})] = r.Name
		name := subject.Reference{Kind: r.Kind, ID: subject.NormaliseName(r.Name)}
		n.byName[name] = append(n.byName[name], r.ID)
	}
	return n
}

func keyOf(r subject.Reference) subject.Reference {
	return subject.Reference{Kind: r.Kind, ID: strings.ToLower(r.ID)}
}

// NameOf implements subject.NameOf.
func (n Names) NameOf(r subject.Reference) (string, bool) {
	name, ok := n.byID[keyOf(r)]
	return name, ok
}

// Has reports whether the tenant has the thing under that very id.
func (n Names) Has(r subject.Reference) bool {
	_, ok := n.byID[keyOf(r)]
	return ok
}

// IDs lists what carries a name.
func (n Names) IDs(kind subject.RefKind, name string) []string {
	return n.byName[subject.Reference{Kind: kind, ID: subject.NormaliseName(name)}]
}

// project renews the portable digests of subjects that hold references, since
// names of what they refer to may have come or changed in this sync.
func (s *pass) project(ctx context.Context) error {
	if err := s.loadNames(ctx); err != nil {
		return err
	}
	return Project(ctx, s.Store, s.x, s.names)
}

// renewed is the projection of a version under today's names.
func renewed(id SubjectID, v *Version, name subject.NameOf) (Projection, error) {
	content, assignments, err := v.Trees()
	if err != nil {
		return Projection{}, err
	}
	return Projection{
		ID:       id,
		Content:  fingerprint.Of(subject.Portable(content, name)),
		Assigned: fingerprint.Of(subject.Portable(assignments, name)),
	}, nil
}
