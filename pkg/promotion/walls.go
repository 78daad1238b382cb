package promotion

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// walls knows what the provider will not take, before anything is sent.
type walls struct {
	facts       *Facts
	sel         compare.Selection
	targetNames map[nameKey][]*inventory.Entry
}

type nameKey struct {
	typ  subject.TypeKey
	name string
}

func newWalls(f *Facts, s compare.Selection) *walls {
	w := &walls{facts: f, sel: s, targetNames: make(map[nameKey][]*inventory.Entry, len(f.Target.Entries))}
	for n := range f.Target.Entries {
		e := &f.Target.Entries[n]
		k := nameKey{e.Type, subject.NormaliseName(e.Name)}
		w.targetNames[k] = append(w.targetNames[k], e)
	}
	return w
}

// rule looks at one item and adds its reasons.
type rule func(w *walls, i *Item, t *subject.Type) []ReasonCode

// unjudged are the rules for subjects whose difference is not certain; written
// are those for subjects that would be written.
var (
	unjudged = []rule{ambiguity, unreadSides, unknownEquality}
	written  = []rule{
		closedType, readOnly, secrets, tenantBound, exportable, staleness, unreadAssignments, permission, approval,
		template, immutable, nameConflict, nameRules, assignmentKinds, autopilotAllDevices, conditionalAccess, removedAssignments,
	}
)

func (w *walls) judge(i *Item) {
	var rules []rule
	switch i.State {
	case compare.Aligned:
		return
	case compare.Ambiguous, compare.NotEvaluated:
		rules = unjudged
	case compare.Different, compare.MissingInTarget, compare.OnlyInTarget:
		rules = written
	}
	t := subject.Lookup(i.Type)
	if t == nil { // stored by a version of the product that knew the type
		i.Reasons = append(i.Reasons, Reason{Code: TypeUnsupported})
		return
	}
	for _, r := range rules {
		for _, code := range r(w, i, t) {
			i.Reasons = append(i.Reasons, Reason{Code: code})
		}
	}
}

func when(cond bool, code ReasonCode) []ReasonCode {
	if cond {
		return []ReasonCode{code}
	}
	return nil
}

func ambiguity(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	return when(i.State == compare.Ambiguous, TargetAmbiguous)
}

func unreadSides(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	return append(when(i.Has(compare.CauseSourceUnread), SourceIncomplete), when(i.Has(compare.CauseTargetUnread), TargetUnreadable)...)
}

func unknownEquality(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	codes := when(i.Has(compare.CauseSecret), SecretNotExportable)
	codes = append(codes, when(i.Has(compare.CauseSourceAssignments), SourceIncomplete)...)
	return append(codes, when(i.Has(compare.CauseTargetAssignments), TargetUnreadable)...)
}

func closedType(_ *walls, _ *Item, t *subject.Type) []ReasonCode {
	if t.Portable {
		return nil
	}
	return []ReasonCode{ReasonCode(t.WhyNotCode)}
}

// readOnly: built-in objects cannot be created or changed; a default object
// exists in every tenant and can be changed, not created.
func readOnly(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	s := i.Source[0].Traits
	fixed := s.ReadOnly || (i.Action == Create && s.Default)
	if len(i.Target) > 0 {
		fixed = fixed || i.Target[0].Traits.ReadOnly
	}
	return when(fixed, ReadOnlyObject)
}

func secrets(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	targetSecret := len(i.Target) > 0 && i.Target[0].Traits.Secret
	return when(i.WriteContent && (i.Source[0].Traits.Secret || targetSecret), SecretNotExportable)
}

func tenantBound(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	targetBound := len(i.Target) > 0 && i.Target[0].Traits.TenantBound
	return when(i.WriteContent && (i.Source[0].Traits.TenantBound || targetBound), TenantBoundValue)
}

// closedContent are kinds whose content Graph keeps to itself.
var closedContent = []string{"ImportedPFXCertificateProfile", "PFXCertificateProfile", "windowsDomainJoinConfiguration"}

func exportable(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	return when(slices.ContainsFunc(closedContent, func(part string) bool {
		return strings.Contains(i.Source[0].ODataType, part)
	}), ContentNotExportable)
}

func staleness(w *walls, i *Item, _ *subject.Type) []ReasonCode {
	limit := w.facts.Now.Add(-w.facts.MaxAge)
	codes := when(i.Source[0].LastReadAt.Before(limit), SourceStale)
	seen := w.facts.Target.Captures[string(i.Type)].StartedAt
	if len(i.Target) > 0 {
		seen = i.Target[0].LastReadAt
	}
	return append(codes, when(seen.Before(limit), TargetUnreadable)...)
}

func unreadAssignments(w *walls, i *Item, _ *subject.Type) []ReasonCode {
	if w.sel.Assignments == compare.ExcludeAssignments {
		return nil
	}
	codes := when(!i.Source[0].Assignments.Read, SourceIncomplete)
	return append(codes, when(len(i.Target) > 0 && !i.Target[0].Assignments.Read, TargetUnreadable)...)
}

func permission(w *walls, _ *Item, t *subject.Type) []ReasonCode {
	facts := w.facts.Target.Facts
	return when(facts == nil || !mayWrite(facts.Granted, t), PermissionMissing)
}

func approval(w *walls, _ *Item, t *subject.Type) []ReasonCode {
	facts := w.facts.Target.Facts
	if facts == nil {
		return nil
	}
	for _, protected := range facts.ApprovalTypes {
		if slices.Contains(approvalCovers[protected], t.Key) {
			return []ReasonCode{ApprovalRequired}
		}
	}
	return nil
}

// template: the policy's template must be one the target offers. An index that
// could not be read proves nothing, so the policy waits for a sync.
func template(w *walls, i *Item, _ *subject.Type) []ReasonCode {
	id := i.Source[0].Traits.Template
	if id == "" || !i.WriteContent {
		return nil
	}
	if !w.facts.Target.Captures[inventory.CaptureOf(subject.RefTemplate)].Complete {
		return []ReasonCode{TargetUnreadable}
	}
	return when(!w.facts.Names.TargetHas(subject.Reference{Kind: subject.RefTemplate, ID: id}), TemplateInactive)
}

func immutable(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	return when(i.Action == Update && i.Source[0].Traits.Fixed != i.Target[0].Traits.Fixed, ImmutableChange)
}

// nameConflict: the same name under another discriminator is not the same
// subject, and creating a second one beside it would confuse everybody.
func nameConflict(w *walls, i *Item, _ *subject.Type) []ReasonCode {
	if i.Action != Create && !i.Has(compare.CauseName) {
		return nil
	}
	k := nameKey{i.Type, subject.NormaliseName(i.Source[0].Name)}
	for _, e := range w.targetNames[k] {
		if e.Keys.For(w.sel.MatchRule) != i.Key {
			return []ReasonCode{NameConflict}
		}
	}
	return nil
}

// nameRule is what a type's names must obey.
type nameRule struct {
	longest   int // characters
	forbidden string
}

var nameLimits = map[subject.TypeKey]nameRule{
	"notification_message_templates":        {longest: 50},
	"windows_autopilot_deployment_profiles": {longest: 200, forbidden: "!#%^*)(-+;'><"},
}

func nameRules(_ *walls, i *Item, _ *subject.Type) []ReasonCode {
	limit, ok := nameLimits[i.Type]
	name := i.Source[0].Name
	return when(ok && (utf8.RuneCountInString(name) > limit.longest || strings.ContainsAny(name, limit.forbidden)), NameInvalid)
}

func assignmentKinds(_ *walls, i *Item, t *subject.Type) []ReasonCode {
	if !i.WriteAssignments {
		return nil
	}
	a := i.Source[0].Assignments
	appProtection := strings.HasSuffix(t.Collection, "ManagedAppProtections")
	statusPage := strings.HasSuffix(i.Source[0].ODataType, "windows10EnrollmentCompletionPageConfiguration")
	refused := a.Collection || a.FilterOnExclusion ||
		(appProtection && (a.AllDevices || a.AllUsers)) ||
		(statusPage && a.Filters > 0)
	return when(refused, AssignmentKindUnsupported)
}

func autopilotAllDevices(w *walls, i *Item, t *subject.Type) []ReasonCode {
	if t.Key != "windows_autopilot_deployment_profiles" || !i.WriteAssignments || !i.Source[0].Assignments.AllDevices {
		return nil
	}
	for n := range w.facts.Target.Entries {
		e := &w.facts.Target.Entries[n]
		if e.Type == t.Key && e.Assignments.AllDevices && e.Keys.For(w.sel.MatchRule) != i.Key {
			return []ReasonCode{AutopilotAllDevicesConflict}
		}
	}
	return nil
}

func conditionalAccess(w *walls, i *Item, t *subject.Type) []ReasonCode {
	if t.Key != "conditional_access_policies" {
		return nil
	}
	facts := w.facts.Target.Facts
	codes := when(i.Source[0].Traits.Lockout, LockoutRisk)
	return append(codes, when(facts != nil && facts.SecurityDefaultsOn && i.Source[0].Traits.Enforcing, SecurityDefaultsOn)...)
}

// removedAssignments: nobody loses all assignments, or an exclusion, because a
// policy was promoted.
func removedAssignments(w *walls, i *Item, _ *subject.Type) []ReasonCode {
	if !i.WriteAssignments || i.Action != Update {
		return nil
	}
	s, t := i.Source[0], i.Target[0]
	if t.Assignments.Count > 0 && s.Assignments.Count == 0 {
		return []ReasonCode{AssignmentsWouldBeRemoved}
	}
	if t.Assignments.Exclusions == 0 {
		return nil
	}
	kept := w.excludedInTarget(s)
	detail := w.facts.Details[t.VersionID]
	for _, id := range detail.Exclusions {
		if !slices.Contains(kept, id) {
			return []ReasonCode{AssignmentsWouldBeRemoved}
		}
	}
	return nil
}

// excludedInTarget are the target's ids of the groups the source excludes.
func (w *walls) excludedInTarget(s *inventory.Entry) []string {
	detail := w.facts.Details[s.VersionID]
	if detail == nil {
		return nil
	}
	var ids []string
	for _, id := range detail.Exclusions {
		if name, ok := w.facts.Names.SourceName(subject.Reference{Kind: subject.RefGroup, ID: id}); ok {
			ids = append(ids, w.facts.Names.TargetIDs(subject.RefGroup, name)...)
		}
	}
	return ids
}
