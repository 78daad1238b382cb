package promotion_test

import (
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

const (
	catalogType = subject.TypeKey("configuration_policies")
	scriptType  = subject.TypeKey("device_management_scripts")
	accessType  = subject.TypeKey("conditional_access_policies")
	autopilot   = subject.TypeKey("windows_autopilot_deployment_profiles")
	reusable    = subject.TypeKey("reusable_policy_settings")
)

// situation is one way to a reason: it puts a policy "P" into the source.
type situation struct {
	code     promotion.ReasonCode
	sentence string
	arrange  func(w *world)
}

func alone(typ subject.TypeKey, change ...func(*inventory.Entry)) func(*world) {
	return func(w *world) { w.source.Entries = append(w.source.Entries, policy(typ, "P", "1", change...)) }
}

func different(typ subject.TypeKey, source, target func(*inventory.Entry)) func(*world) {
	return func(w *world) {
		w.source.Entries = append(w.source.Entries, policy(typ, "P", "1", source))
		w.target.Entries = append(w.target.Entries, policy(typ, "P", "2", target))
	}
}

func as(*inventory.Entry) {}

// unresolved is a policy that refers to something by a kind; change says what
// the tenants know of it.
func unresolved(kind subject.RefKind, change func(w *world)) func(*world) {
	return func(w *world) {
		w.source.Entries = append(w.source.Entries, policy(catalogType, "P", "1", w.refers(kind, "id")))
		if change != nil {
			change(w)
		}
	}
}

func knownTwice(kind subject.RefKind) func(*world) {
	return func(w *world) {
		w.names.source[subject.Reference{Kind: kind, ID: "id"}] = "N"
		w.names.target[subject.Reference{Kind: kind, ID: "N"}] = []string{"1", "2"}
	}
}

var situations = []situation{
	{promotion.EndpointRetired, "the type is closed", alone("intents")},
	{promotion.TypeUnsupported, "the type is one the product no longer knows", func(w *world) {
		w.source.Captures["gone"], w.target.Captures["gone"] = inventory.Capture{Complete: true}, inventory.Capture{Complete: true}
		alone("gone")(w)
	}},
	{promotion.ReadOnlyObject, "the object is built in", alone("role_scope_tags", func(e *inventory.Entry) { e.Traits.ReadOnly = true })},
	{promotion.ReadOnlyObject, "a default object would have to be created", alone("device_enrollment_configurations", func(e *inventory.Entry) { e.Traits.Default = true })},
	{promotion.SecretNotExportable, "it holds a secret and would be written", alone(catalogType, func(e *inventory.Entry) { e.Traits.Secret = true })},
	{promotion.SecretNotExportable, "the two sides are equal but for a secret", func(w *world) {
		secret := policy(catalogType, "P", "1", func(e *inventory.Entry) { e.Traits.Secret = true })
		w.source.Entries, w.target.Entries = append(w.source.Entries, secret), append(w.target.Entries, secret)
	}},
	{promotion.TenantBoundValue, "it holds a value of its own tenant", alone(catalogType, func(e *inventory.Entry) { e.Traits.TenantBound = true })},
	{promotion.ContentNotExportable, "it is an imported certificate", alone("device_configurations", func(e *inventory.Entry) { e.ODataType = "microsoft.graph.windows81ImportedPFXCertificateProfile" })},
	{promotion.PermissionMissing, "the target has not granted the permission", func(w *world) { w.target.Facts.Granted = nil; alone(catalogType)(w) }},
	{promotion.PermissionMissing, "nothing is known of the target's grants", func(w *world) { w.target.Facts = nil; alone(catalogType)(w) }},
	{promotion.ApprovalRequired, "the target protects scripts", func(w *world) { w.target.Facts.ApprovalTypes = []string{"script"}; alone(scriptType)(w) }},
	{promotion.TemplateInactive, "the target does not offer the template", alone(catalogType, func(e *inventory.Entry) { e.Traits.Template = "t" })},
	{promotion.ImmutableChange, "a property that cannot change would change", different("assignment_filters",
		func(e *inventory.Entry) { e.Traits.Fixed = "a" }, func(e *inventory.Entry) { e.Traits.Fixed = "b" })},
	{promotion.NameConflict, "the target has that name for another platform", func(w *world) {
		alone(catalogType)(w)
		w.target.Entries = append(w.target.Entries, policy(catalogType, "P", "1", func(e *inventory.Entry) { e.Keys.Exact, e.Keys.WithoutVers = "other", "other" }))
	}},
	{promotion.NameInvalid, "the name is too long for the target", func(w *world) {
		w.source.Entries = append(w.source.Entries, policy("notification_message_templates", "P"+strings.Repeat("x", 50), "1"))
	}},
	{promotion.NameInvalid, "the name holds characters the target refuses", func(w *world) { w.source.Entries = append(w.source.Entries, policy(autopilot, "P#1", "1")) }},
	{promotion.AssignmentKindUnsupported, "it is assigned to a collection", alone(catalogType, func(e *inventory.Entry) { e.Assignments.Count, e.Assignments.Collection = 1, true })},
	{promotion.AssignmentKindUnsupported, "a filter stands on an exclusion", alone(catalogType, func(e *inventory.Entry) { e.Assignments.Count, e.Assignments.FilterOnExclusion = 1, true })},
	{promotion.AssignmentKindUnsupported, "an app protection policy is assigned to all users", alone("ios_managed_app_protections", func(e *inventory.Entry) { e.Assignments.Count, e.Assignments.AllUsers = 1, true })},
	{promotion.AutopilotAllDevicesConflict, "another profile of the target has all devices", func(w *world) {
		everywhere := func(e *inventory.Entry) { e.Assignments.Count, e.Assignments.AllDevices = 1, true }
		alone(autopilot, everywhere)(w)
		w.target.Entries = append(w.target.Entries, policy(autopilot, "Q", "1", everywhere))
	}},
	{promotion.LockoutRisk, "it is switched on for everybody", alone(accessType, func(e *inventory.Entry) { e.Traits.Lockout = true })},
	{promotion.SecurityDefaultsOn, "the target uses security defaults", func(w *world) {
		w.target.Facts.SecurityDefaultsOn = true
		alone(accessType, func(e *inventory.Entry) { e.Traits.Enforcing = true })(w)
	}},
	{promotion.SourceStale, "the source was read too long ago", alone(catalogType, func(e *inventory.Entry) { e.LastReadAt = noon.Add(-25 * time.Hour) })},
	{promotion.SourceIncomplete, "the source's type was not read", func(w *world) { delete(w.source.Captures, string(catalogType)); alone(catalogType)(w) }},
	{promotion.SourceIncomplete, "the source's assignments were not read", alone(catalogType, func(e *inventory.Entry) { e.Assignments.Read = false })},
	{promotion.TargetUnreadable, "the target's type was not read", func(w *world) { delete(w.target.Captures, string(catalogType)); alone(catalogType)(w) }},
	{promotion.TargetUnreadable, "the target was read too long ago", func(w *world) {
		w.target.Captures[string(catalogType)] = inventory.Capture{Complete: true, StartedAt: noon.Add(-25 * time.Hour)}
		alone(catalogType)(w)
	}},
	{promotion.TargetUnreadable, "the target's groups were not read", unresolved(subject.RefGroup, func(w *world) {
		w.names.source[subject.Reference{Kind: subject.RefGroup, ID: "id"}] = "N"
		delete(w.target.Captures, inventory.CaptureOf(subject.RefGroup))
	})},
	{promotion.TargetUnreadable, "the target's templates were not read", func(w *world) {
		delete(w.target.Captures, inventory.CaptureOf(subject.RefTemplate))
		alone(catalogType, func(e *inventory.Entry) { e.Traits.Template = "t" })(w)
	}},
	{promotion.DependencyBlocked, "it refers to a policy that is blocked", func(w *world) {
		w.source.Entries = append(w.source.Entries,
			policy(catalogType, "P", "1", w.refers(subject.RefReusableSetting, "object of R")),
			policy(reusable, "R", "1", func(e *inventory.Entry) { e.Traits.Secret = true }))
	}},
	{promotion.TargetAmbiguous, "the source has two of that name", func(w *world) { alone(catalogType)(w); alone(catalogType)(w) }},
	{promotion.AssignmentsWouldBeRemoved, "the target would lose all assignments", different(catalogType, as,
		func(e *inventory.Entry) { e.Assigned, e.Assignments.Count = "x", 1 })},
	{promotion.AssignmentsWouldBeRemoved, "the target would lose an exclusion", func(w *world) {
		different(catalogType, func(e *inventory.Entry) { e.Assigned, e.Assignments.Count = "y", 1 },
			func(e *inventory.Entry) { e.Assigned, e.Assignments.Count, e.Assignments.Exclusions = "x", 2, 1 })(w)
		w.details[w.target.Entries[0].VersionID] = &promotion.Detail{Exclusions: []string{"g"}}
	}},
	{promotion.GroupNotFound, "the target has no such group", unresolved(subject.RefGroup, func(w *world) { w.names.source[subject.Reference{Kind: subject.RefGroup, ID: "id"}] = "N" })},
	{promotion.GroupNotFound, "not even the source knows the group", unresolved(subject.RefGroup, nil)},
	{promotion.GroupAmbiguous, "the target has two such groups", unresolved(subject.RefGroup, knownTwice(subject.RefGroup))},
	{promotion.UserNotFound, "it names a single user", unresolved(subject.RefUser, nil)},
	{promotion.FilterNotFound, "it uses an unknown filter", unresolved(subject.RefFilter, nil)},
	{promotion.ScopeTagNotFound, "it uses an unknown scope tag", unresolved(subject.RefScopeTag, nil)},
	{promotion.NotificationTemplateNotFound, "it uses an unknown notification template", unresolved(subject.RefNotificationTemplate, nil)},
	{promotion.ComplianceScriptNotFound, "it uses an unknown compliance script", unresolved(subject.RefComplianceScript, nil)},
	{promotion.ReusableSettingNotFound, "it uses an unknown reusable setting", unresolved(subject.RefReusableSetting, nil)},
	{promotion.ReusableSettingNotFound, "the target has the reusable setting twice", func(w *world) {
		w.source.Entries = append(w.source.Entries, policy(catalogType, "P", "1", w.refers(subject.RefReusableSetting, "object of R")), policy(reusable, "R", "1"))
		w.target.Entries = append(w.target.Entries, policy(reusable, "R", "1"), policy(reusable, "R", "2"))
	}},
	{promotion.AppNotFound, "the target has no such app", unresolved(subject.RefApp, nil)},
	{promotion.AppNotFound, "the target has no such application", unresolved(subject.RefApplication, nil)},
	{promotion.AppAmbiguous, "the target has two such apps", unresolved(subject.RefApp, knownTwice(subject.RefApp))},
	{promotion.NamedLocationNotFound, "it uses an unknown location", unresolved(subject.RefNamedLocation, nil)},
	{promotion.TermsOfUseNotFound, "it requires unknown terms of use", unresolved(subject.RefTermsOfUse, nil)},
	{promotion.AuthStrengthNotFound, "the target has the strength twice", unresolved(subject.RefAuthStrength, knownTwice(subject.RefAuthStrength))},
	{promotion.CertificateAmbiguous, "it uses an unknown certificate profile", unresolved(subject.RefCertificateProfile, nil)},
}

var _ = Describe("A reason", func() {
	bucketOf := map[promotion.ReasonCode]promotion.Bucket{}
	for _, r := range promotion.Reasons {
		bucketOf[r.Code] = r.Bucket
	}

	for _, s := range situations {
		It(string(s.code)+" is given when "+s.sentence, func() {
			w := newWorld()
			s.arrange(w)
			found := item(w.judge(), w.source.Entries[0].Name)
			Expect(found).NotTo(BeNil())
			Expect(codes(found)).To(ConsistOf(s.code))
			Expect(found.Bucket).To(Equal(bucketOf[s.code]))
			Expect(found.Action).To(Equal(promotion.None))
		})
	}

	It("of the catalogue is reachable, has a sentence and stands there once", func() {
		reached := map[promotion.ReasonCode]bool{}
		for _, s := range situations {
			reached[s.code] = true
		}
		seen := map[promotion.ReasonCode]bool{}
		for _, r := range promotion.Reasons {
			Expect(reached).To(HaveKey(r.Code))
			Expect(seen).NotTo(HaveKey(r.Code))
			Expect(r.Message).To(MatchRegexp(`^[A-Z].+\.$`))
			Expect(promotion.Reason{Code: r.Code}.Message()).To(Equal(r.Message))
			Expect(r.Bucket).To(BeElementOf(promotion.Blocked, promotion.ManualMappingRequired))
			seen[r.Code] = true
		}
	})

	It("of every closed type is in the catalogue", func() {
		for _, t := range subject.Types() {
			if !t.Portable {
				Expect(bucketOf).To(HaveKey(promotion.ReasonCode(t.WhyNotCode)))
				Expect(t.WhyNot).NotTo(BeEmpty())
			}
		}
	})

	It("that blocks outweighs one that asks for a mapping, and both are shown", func() {
		w := newWorld()
		w.source.Entries = append(w.source.Entries, policy(catalogType, "P", "1", w.refers(subject.RefGroup, "id"), func(e *inventory.Entry) { e.Traits.Secret = true }))
		found := item(w.judge(), "P")
		Expect(codes(found)).To(Equal([]promotion.ReasonCode{promotion.SecretNotExportable, promotion.GroupNotFound}))
		Expect(found.Bucket).To(Equal(promotion.Blocked))
	})

	It("keeps no exclusion of a group that the source excludes by another id", func() {
		w := newWorld()
		different(catalogType, func(e *inventory.Entry) { e.Assigned, e.Assignments.Count, e.Assignments.Exclusions = "y", 2, 1 },
			func(e *inventory.Entry) { e.Assigned, e.Assignments.Count, e.Assignments.Exclusions = "x", 2, 1 })(w)
		w.details[w.target.Entries[0].VersionID] = &promotion.Detail{Exclusions: []string{"theirs"}}
		w.details[w.source.Entries[0].VersionID] = &promotion.Detail{Exclusions: []string{"ours"}}
		Expect(codes(item(w.judge(), "P"))).To(ConsistOf(promotion.AssignmentsWouldBeRemoved))
		w.names.source[subject.Reference{Kind: subject.RefGroup, ID: "ours"}] = "N"
		w.names.target[subject.Reference{Kind: subject.RefGroup, ID: "N"}] = []string{"theirs"}
		Expect(item(w.judge(), "P").Bucket).To(Equal(promotion.Ready))
	})
})
