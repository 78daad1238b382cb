package inventory_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

const (
	staff   = "11111111-1111-4111-8111-111111111111"
	kiosks  = "22222222-2222-4222-8222-222222222222"
	laptops = "33333333-3333-4333-8333-333333333333"
)

var _ = Describe("Capturing an object", func() {
	raw := `{"id":"1","name":"Disk encryption","platforms":"windows10","technologies":"mdm","settings":[],
		"assignments":[
			{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"` + staff + `"}},
			{"target":{"@odata.type":"#microsoft.graph.exclusionGroupAssignmentTarget","groupId":"` + kiosks + `",
				"deviceAndAppManagementAssignmentFilterId":"` + laptops + `","deviceAndAppManagementAssignmentFilterType":"include"}},
			{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}},
			{"source":"policySets","target":{"@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget"}}]}`
	names := inventory.NewNames([]inventory.IndexedReference{
		{Kind: subject.RefGroup, ID: staff, Name: "All staff"}, {Kind: subject.RefGroup, ID: kiosks, Name: " Kiosk  devices "},
	})
	at := time.Date(2026, 11, 24, 9, 0, 0, 123456789, time.FixedZone("odd", 3600))

	capture := func(text string, read bool, names inventory.Names) *inventory.Captured {
		GinkgoHelper()
		o := provider.Object{ID: "1", Raw: []byte(text), AssignmentsRead: read, ReadAt: at}
		c, err := inventory.CaptureObject(subject.Lookup("configuration_policies"), o, "dir", names.NameOf)
		Expect(err).NotTo(HaveOccurred())
		return c
	}

	It("keeps the facts that rules ask of assignments; those of a policy set are not the policy's", func() {
		Expect(capture(raw, true, names).Entry.Assignments).To(Equal(inventory.AssignmentFacts{
			Read: true, Count: 3, Exclusions: 1, AllDevices: true, Filters: 1, FilterOnExclusion: true,
		}))
		Expect(capture(raw, false, names).Entry.Assignments.Read).To(BeFalse())
	})

	It("numbers a slot for every reference, with the name it had", func() {
		v := capture(raw, true, names).Version
		Expect(v.Slots).To(ConsistOf(
			inventory.Slot{Part: inventory.PartAssignments, Kind: subject.RefGroup, ID: staff, Name: "All staff"},
			inventory.Slot{Part: inventory.PartAssignments, Kind: subject.RefGroup, ID: kiosks, Name: " Kiosk  devices "},
			inventory.Slot{Part: inventory.PartAssignments, Kind: subject.RefFilter, ID: laptops},
		))
		Expect(v.ExcludedGroups()).To(Equal([]string{kiosks}))
		_, assignments, err := v.Trees()
		Expect(err).NotTo(HaveOccurred())
		Expect(assignments).To(HaveLen(3))
	})

	It("has one hash for one tenant's content, and one portable digest under other ids", func() {
		elsewhere := inventory.NewNames([]inventory.IndexedReference{
			{Kind: subject.RefGroup, ID: kiosks, Name: "All staff"}, {Kind: subject.RefGroup, ID: staff, Name: "Kiosk devices"},
		})
		swapped := map[string]string{staff: kiosks, kiosks: staff}
		other := ""
		for i := 0; i < len(raw); {
			if id, ok := swapped[raw[i:min(i+36, len(raw))]]; ok {
				other, i = other+id, i+36
				continue
			}
			other, i = other+raw[i:i+1], i+1
		}
		here, there := capture(raw, true, names), capture(other, true, elsewhere)
		Expect(here.Entry.Hash).NotTo(Equal(there.Entry.Hash))
		Expect(here.Entry.Assigned).To(Equal(there.Entry.Assigned))
		Expect(here.Entry.Content).To(Equal(there.Entry.Content))
		Expect(capture(other, true, names).Entry.Assigned).NotTo(Equal(here.Entry.Assigned))
	})

	It("keeps times as exact as the database, in UTC", func() {
		Expect(capture(raw, true, names).Entry.LastReadAt).To(Equal(time.Date(2026, 11, 24, 8, 0, 0, 123456000, time.UTC)))
	})

	It("refuses what it cannot understand, and says of which type", func() {
		_, err := inventory.CaptureObject(subject.Lookup("configuration_policies"), provider.Object{ID: "1", Raw: []byte(`{"name":7}`)}, "dir", names.NameOf)
		Expect(err).To(MatchError(ContainSubstring("configuration_policies")))
	})
})

var _ = Describe("A tenant's names", func() {
	names := inventory.NewNames([]inventory.IndexedReference{
		{Kind: subject.RefGroup, ID: "A1", Name: "Pilot"}, {Kind: subject.RefGroup, ID: "b2", Name: "Pilot "}, {Kind: subject.RefFilter, ID: "A1", Name: "Pilot"},
	})

	It("find ids by kind and normalised name, and names by id whatever its case", func() {
		Expect(names.IDs(subject.RefGroup, " Pilot")).To(ConsistOf("A1", "b2"))
		Expect(names.IDs(subject.RefFilter, "Pilot")).To(ConsistOf("A1"))
		Expect(names.IDs(subject.RefGroup, "pilot")).To(BeEmpty(), "case counts in names")
		Expect(names.Has(subject.Reference{Kind: subject.RefGroup, ID: "a1"})).To(BeTrue())
		Expect(names.Has(subject.Reference{Kind: subject.RefScopeTag, ID: "A1"})).To(BeFalse())
	})
})
