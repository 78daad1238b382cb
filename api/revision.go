package api

import (
	"strconv"
	"strings"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// IfMatch is the input of a change that must say which revision it is based on;
// embed it. Ask for the revision after everything else has been decided: 428
// and 412 come last.
type IfMatch struct {
	Match string `header:"If-Match" maxLength:"64" doc:"The ETag of the revision that this change is based on." example:"\"7\""`
}

type conditional interface{ conditional() }

func (IfMatch) conditional() {}

// Revision is the revision the client has seen: fault precondition_required
// when it named none, precondition_failed when it named none of ours.
func (m IfMatch) Revision() (int64, error) {
	if m.Match == "" {
		return 0, problem.RevisionRequired()
	}
	return m.parse()
}

// Optional is Revision for a PUT that may be the first: 0 when none was named.
func (m IfMatch) Optional() (int64, error) {
	if m.Match == "" {
		return 0, nil
	}
	return m.parse()
}

func (m IfMatch) parse() (int64, error) {
	text, quoted := strings.CutPrefix(m.Match, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	n, err := strconv.ParseInt(text, 10, 64)
	if !quoted || !closed || err != nil || n < 1 || ETag(n) != m.Match {
		return 0, fault.Stale()
	}
	return n, nil
}

// ETag is a revision as the strong entity tag of the contract: "7".
func ETag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }
