package compare

// States lists every compare state in the order of the documentation.
func States() []State {
	return []State{Aligned, Different, MissingInTarget, OnlyInTarget, Ambiguous, NotEvaluated}
}

// MatchKinds lists every way a subject can have been matched.
func MatchKinds() []MatchKind {
	return []MatchKind{MatchExact, MatchNormalised, MatchNone, MatchAmbiguous}
}

// AssignmentsRules lists the assignment rules, the default first.
func AssignmentsRules() []AssignmentsRule {
	return []AssignmentsRule{IncludeAssignments, ExcludeAssignments}
}

// ChangeKinds lists every kind of change.
func ChangeKinds() []ChangeKind { return []ChangeKind{Added, Removed, Changed} }

// Causes lists everything that can give an item its state.
func Causes() []Cause {
	return []Cause{
		CauseContent, CauseAssignments, CauseName, CauseSourceUnread, CauseTargetUnread,
		CauseSecret, CauseSourceAssignments, CauseTargetAssignments,
	}
}
