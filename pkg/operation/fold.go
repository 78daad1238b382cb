package operation

import (
	"fmt"
	"slices"
)

// Fold derives counts and outcome from the verdicts of a run with total items.
// It is the only place where an outcome is decided. While verdicts are missing
// the outcome is Pending.
func Fold(total int, verdicts []Verdict) (Counts, Outcome) {
	c := tally(total, verdicts)
	if c.Processed < c.Total {
		return c, Pending
	}
	cancelled := slices.ContainsFunc(verdicts, func(v Verdict) bool {
		return v.Status == ItemSkipped && v.ReasonCode == ReasonCancelled
	})
	switch {
	case cancelled:
		return c, Cancelled
	case c.Total > 0 && c.Skipped == c.Total:
		return c, Blocked
	case c.Succeeded == c.Total:
		return c, Succeeded
	case c.Succeeded == 0: // and not all skipped: one failed
		return c, Failed
	}
	return c, PartiallySucceeded
}

// tally counts verdicts into the canonical summary keys.
func tally(total int, verdicts []Verdict) Counts {
	c := Counts{Total: total}
	for _, v := range verdicts {
		c.Processed++
		switch v.Status {
		case ItemSucceeded:
			c.Succeeded++
			c.addEffect(v.Effect)
		case ItemFailed:
			c.Failed++
		default:
			c.Skipped++
		}
	}
	return c
}

func (c *Counts) addEffect(e Effect) {
	switch e {
	case EffectCreated:
		c.Created++
	case EffectUpdated:
		c.Updated++
	default:
		c.Unchanged++
	}
}

// Headline is the reason a completed run shows for itself: what ended the run
// as a whole, else the reason most of its items share (the earliest item wins a
// tie). It is empty when every item succeeded.
func Headline(verdicts []Verdict) (code, message string) {
	sorted := slices.SortedFunc(slices.Values(verdicts), func(a, b Verdict) int { return a.Ordinal - b.Ordinal })
	seen := map[string]int{}
	for _, v := range sorted {
		if v.Status == ItemSucceeded {
			continue
		}
		if endsRun[v.ReasonCode] {
			return v.ReasonCode, v.sentence()
		}
		seen[v.ReasonCode]++
	}
	most := 0
	for _, v := range sorted {
		if n := seen[v.ReasonCode]; v.Status != ItemSucceeded && n > most {
			most, code, message = n, v.ReasonCode, v.sentence()
		}
	}
	return code, message
}

// sentence prefers the catalogue's words for a run over those of one item.
func (v Verdict) sentence() string {
	if s := Sentence(v.ReasonCode); s != "" {
		return s
	}
	return v.Message
}

// Check returns an error unless the verdict is one that may be stored.
func (v Verdict) Check() error {
	switch {
	case v.Ordinal < 1:
		return fmt.Errorf("operation: a verdict needs the ordinal of its item")
	case v.Status == ItemSucceeded && !slices.Contains([]Effect{EffectCreated, EffectUpdated, EffectUnchanged}, v.Effect):
		return fmt.Errorf("operation: item %d succeeded without an effect", v.Ordinal)
	case v.Status == ItemSucceeded:
		return nil
	case v.Status != ItemFailed && v.Status != ItemSkipped:
		return fmt.Errorf("operation: %q is not a verdict", v.Status)
	case v.ReasonCode == "":
		return fmt.Errorf("operation: item %d is %s without a reason", v.Ordinal, v.Status)
	}
	return nil
}
