package api

import (
	"strconv"
	"strings"
)

// IfMatch is the input of a change that must say which revision it is based on;
// embed it, and hand Expected to the room: 428 and 412 are its last questions.
type IfMatch struct {
	Match string `header:"If-Match" maxLength:"64" doc:"The ETag of the revision that this change is based on." example:"\"7\""`
}

type conditional interface{ conditional() }

func (IfMatch) conditional() {}

// Expected is the revision the client has seen, nil when it named none. A tag
// that is none of ours is a revision that nothing has.
func (m IfMatch) Expected() *int64 {
	if m.Match == "" {
		return nil
	}
	n, err := strconv.ParseInt(strings.Trim(m.Match, `"`), 10, 64)
	if err != nil || ETag(n) != m.Match {
		n = -1
	}
	return &n
}

// ETag is a revision as the strong entity tag of the contract: "7".
func ETag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }
