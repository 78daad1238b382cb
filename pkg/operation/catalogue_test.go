package operation_test

import (
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

var _ = Describe("The catalogue of operation types", func() {
	It("says for each who may start it, and has its audit actions", func() {
		Expect(operation.Kinds()).To(HaveLen(9))
		for _, k := range operation.Kinds() {
			Expect(k.Tenant).NotTo(BeEmpty(), "%s", k.Type)
			Expect(k.Label).NotTo(BeEmpty(), "%s", k.Type)
			Expect(k.Item).NotTo(BeEmpty(), "%s", k.Type)
			for _, a := range []audit.Action{k.Type.QueuedAction(), k.Type.CompletedAction()} {
				_, known := audit.Find(a)
				Expect(known).To(BeTrue(), "%s", a)
			}
		}
	})

	It("has one sentence for each reason code", func() {
		seen := map[string]bool{}
		for _, r := range operation.Reasons() {
			Expect(seen[r.Code]).To(BeFalse(), r.Code)
			seen[r.Code] = true
			Expect(operation.Sentence(r.Code)).To(And(HaveSuffix("."), Equal(r.Sentence)))
		}
		Expect(operation.Sentence("unheard_of")).To(BeEmpty())
	})
})

var _ = Describe("The life of a run", func() {
	all := operation.Lifecycle.All()
	allowed := map[operation.Status][]operation.Status{
		operation.Queued:  {operation.Running, operation.Completed},
		operation.Running: {operation.Completed},
	}
	for _, from := range all {
		for _, to := range all {
			It(string(from)+" → "+string(to), func() {
				Expect(operation.Lifecycle.Allows(from, to)).To(Equal(strings.Contains(join(allowed[from]), string(to))))
			})
		}
	}

	// With UPDATE=1 in the environment the page is written anew.
	It("is printed from its table", func() {
		page := operation.LifecyclePage()
		Expect(page).To(And(ContainSubstring("queued --> running"), ContainSubstring("in_progress --> skipped")))
		if os.Getenv("UPDATE") != "" {
			Expect(os.WriteFile("lifecycle.md", []byte(page), 0o600)).To(Succeed())
		}
		committed, err := os.ReadFile("lifecycle.md")
		Expect(err).NotTo(HaveOccurred())
		Expect(string(committed)).To(Equal(page))
	})
})

func join(ss []operation.Status) string {
	var b strings.Builder
	for _, s := range ss {
		b.WriteString(string(s) + " ")
	}
	return b.String()
}

var _ = Describe("Timing", func() {
	It("leaves room for the longest step between two heartbeats", func() {
		for _, t := range []operation.Timing{operation.ProductionTiming(), operation.TestTiming()} {
			Expect(t.Lease).To(BeNumerically(">", t.Heartbeat*2+t.Margin))
		}
	})
})
