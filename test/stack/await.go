package stack

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// runLimit is how long a run may take in a spec, crashes and recoveries included.
const runLimit = 60 * time.Second

// Run is an operation as specs look at it.
type Run struct {
	ID, Type, Status, Outcome string
	ReasonCode                *string `json:"reason_code"`
	Message                   *string
	Counts                    Counts `json:"summary_counts"`
	Waiting                   *struct {
		Kind string
	} `json:"waiting_on"`
}

// Counts are a run's summary counts.
type Counts struct {
	Total, Processed, Succeeded, Failed, Skipped, Created, Updated, Unchanged int
}

// Item is one item of a run.
type Item struct {
	Ordinal  int
	Label    string
	Type     *string `json:"policy_type"`
	Action   string
	Status   string
	Reason   *string `json:"reason_code"`
	ObjectID *string `json:"target_object_id"`
	Attempts int
}

// AwaitRun waits until the run has ended and returns it. Between two looks a
// server may be away.
func (s *Stack) AwaitRun(ctx context.Context, c *Client, workspace, run string) Run {
	GinkgoHelper()
	var r Run
	Eventually(ctx, func(g Gomega) {
		a, err := c.Try("GET", "/workspaces/"+workspace+"/operations/"+run, nil)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(a.Status).To(Equal(200), "%s", a.Raw)
		r = Run{}
		a.Into(&r)
		g.Expect(r.Status).To(Equal("completed"), "%s", a.Raw)
	}).WithTimeout(runLimit).WithPolling(50 * time.Millisecond).Should(Succeed())
	return r
}

// Items are all items of a run.
func (s *Stack) Items(c *Client, workspace, run string) []Item {
	GinkgoHelper()
	var all []Item
	for cursor := ""; ; {
		var page struct {
			Items []Item
			Next  *string `json:"next_cursor"`
		}
		c.Get("/workspaces/" + workspace + "/operations/" + run + "/items?limit=200" + cursor).Expect(200).Into(&page)
		all = append(all, page.Items...)
		if page.Next == nil {
			return all
		}
		cursor = "&cursor=" + *page.Next
	}
}
