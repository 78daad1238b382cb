package operation

import (
	"fmt"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Notice tells one person in the product that their run has ended. There is
// none for a queued run.
type Notice struct {
	ID          string
	UserID      tenancy.UserID
	WorkspaceID tenancy.WorkspaceID
	RunID       RunID
	Kind        string // NoticeCompleted
	Title       string
	Body        string
	CreatedAt   time.Time
}

// NoticeCompleted is the one kind of notice this room sends.
const NoticeCompleted = "operation.completed"

var outcomeWords = map[Outcome]string{
	Succeeded: "succeeded", PartiallySucceeded: "partially succeeded", Failed: "failed",
	Blocked: "was blocked", Cancelled: "was cancelled",
}

// noticeOf is the notice for the initiator of a completed run.
func noticeOf(r Run) Notice {
	return Notice{
		UserID: r.InitiatorID, WorkspaceID: r.WorkspaceID, RunID: r.ID, Kind: NoticeCompleted,
		Title: r.Type.Label() + " " + outcomeWords[r.Outcome], Body: summary(r),
	}
}

// summary says in one or two sentences what came of a run.
func summary(r Run) string {
	parts := []string{fmt.Sprintf("%d of %d succeeded", r.Counts.Succeeded, r.Counts.Total)}
	if r.Counts.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", r.Counts.Failed))
	}
	if r.Counts.Skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d skipped", r.Counts.Skipped))
	}
	text := strings.Join(parts, ", ") + "."
	if r.Message != "" {
		text += " " + r.Message
	}
	return text
}
