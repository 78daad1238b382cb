package inventory

import (
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Captured is one object read from a tenant, ready to be stored.
type Captured struct {
	Entry   Entry
	Version Version
}

// CaptureObject turns a provider object into its entry and version. It is pure: name
// gives what a referenced object is called in this tenant.
func CaptureObject(t *subject.Type, o provider.Object, directory tenancy.DirectoryID, name subject.NameOf) (*Captured, error) {
	s, err := subject.Parse(t, o.Raw, string(directory))
	if err != nil {
		return nil, fmt.Errorf("%s object: %w", t.Key, err)
	}
	c := &Captured{}
	c.Entry = entryOf(t, o, s, name)
	c.Version = versionOf(o, s, name)
	c.Version.Type, c.Version.Hash = t.Key, c.Entry.Hash
	return c, nil
}

func entryOf(t *subject.Type, o provider.Object, s *subject.Subject, name subject.NameOf) Entry {
	return Entry{
		Type: t.Key, ObjectID: o.ID, Name: s.Identity.Name, ODataType: s.ODataType,
		Keys:        Keys{Exact: s.Identity.Key(subject.ExactName), WithoutVers: s.Identity.Key(subject.IgnoreVersionSuffix)},
		Hash:        s.Hash(),
		Content:     fingerprint.Of(subject.Portable(s.Content, name)),
		Assigned:    fingerprint.Of(subject.Portable(s.Assignments, name)),
		Assignments: factsOf(s.Assignments, o.AssignmentsRead || t.Assigning == subject.AssignNone),
		Traits:      s.Traits,
		References:  len(s.References()),
		LastReadAt:  o.ReadAt.UTC().Truncate(time.Microsecond),
	}
}

func versionOf(o provider.Object, s *subject.Subject, name subject.NameOf) Version {
	content, contentSlots := subject.Stored(s.Content)
	assignments, assignmentSlots := subject.Stored(s.Assignments)
	return Version{
		ObjectID: o.ID, Name: s.Identity.Name, Raw: o.Raw, Normalised: content, Assignments: assignments,
		Slots:      append(slotsOf(PartContent, contentSlots, name), slotsOf(PartAssignments, assignmentSlots, name)...),
		CapturedAt: o.ReadAt.UTC().Truncate(time.Microsecond),
	}
}

func slotsOf(part string, refs []subject.Reference, name subject.NameOf) []Slot {
	slots := make([]Slot, len(refs))
	for i, r := range refs {
		n, _ := name(r)
		slots[i] = Slot{Part: part, Kind: r.Kind, ID: r.ID, Name: n}
	}
	return slots
}

func factsOf(set subject.Set, read bool) AssignmentFacts {
	f := AssignmentFacts{Read: read, Count: len(set)}
	for _, a := range subject.AssignmentTargets(set) {
		switch a.To {
		case "group_excluded":
			f.Exclusions++
			f.FilterOnExclusion = f.FilterOnExclusion || a.Filtered
		case "all_devices":
			f.AllDevices = true
		case "all_users":
			f.AllUsers = true
		case "collection":
			f.Collection = true
		}
		if a.Filtered {
			f.Filters++
		}
	}
	return f
}

// References splits a version's slots by part.
func (v *Version) References(part string) []subject.Reference {
	var refs []subject.Reference
	for _, s := range v.Slots {
		if s.Part == part {
			refs = append(refs, subject.Reference{Kind: s.Kind, ID: s.ID})
		}
	}
	return refs
}

// Trees reads a version's content and assignments back.
func (v *Version) Trees() (content, assignments subject.Node, err error) {
	if content, err = subject.Load(v.Normalised, v.References(PartContent)); err != nil {
		return nil, nil, err
	}
	if assignments, err = subject.Load(v.Assignments, v.References(PartAssignments)); err != nil {
		return nil, nil, err
	}
	return content, assignments, nil
}

// ExcludedGroups lists the ids of the groups the version's assignments exclude.
func (v *Version) ExcludedGroups() ([]string, error) {
	n, err := subject.Load(v.Assignments, v.References(PartAssignments))
	if err != nil {
		return nil, err
	}
	set, _ := n.(subject.Set)
	return subject.ExcludedGroups(set), nil
}
