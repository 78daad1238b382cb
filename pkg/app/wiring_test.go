package app

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/app/demo"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/provider/graph"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

var _ = Describe("The log", func() {
	DescribeTable("never holds", func(canary string, log func(l *slog.Logger)) {
		var out bytes.Buffer
		log(NewLogger(&out, slog.LevelDebug).With("part", "spec"))
		Expect(out.String()).To(ContainSubstring(redacted))
		Expect(out.String()).NotTo(ContainSubstring(canary))
	},
		Entry("what is called a secret", "canary-1", func(l *slog.Logger) { l.Info("x", "client_secret", "canary-1") }),
		Entry("a token in a message", "ta_pat_canary2", func(l *slog.Logger) { l.Info("got ta_pat_canary2") }),
		Entry("a connection string in an error", "canary-3", func(l *slog.Logger) {
			l.Error("x", "cause", errors.New(`dial "postgres://app:canary-3@db/x" failed`))
		}),
		Entry("a Graph token in a value", "canary4canary4", func(l *slog.Logger) { l.Info("x", "text", "Bearer eyJhbGciOiJI.canary4canary4.sig") }),
		Entry("a credential in a group", "canary-5", func(l *slog.Logger) { l.WithGroup("g").Info("x", "password", "canary-5") }),
	)

	It("keeps ids, codes and figures", func() {
		var out bytes.Buffer
		NewLogger(&out, slog.LevelInfo).Info("run taken", "run_id", "01a2", "epoch", 3)
		Expect(out.String()).To(And(ContainSubstring(`"run_id":"01a2"`), ContainSubstring(`"epoch":3`)))
	})
})

// readRole is the role that reading a policy type needs.
func readRole(t subject.TypeKey) string {
	for _, row := range readPermissions {
		if slices.Contains(row.types, t) {
			return row.role
		}
	}
	return configurationRead
}

var _ = Describe("The permissions the product asks for", func() {
	It("cover reading every policy type, and writing every one that can be promoted", func() {
		n := Needed()
		for _, t := range subject.Types() {
			Expect(n.Read).To(ContainElement(readRole(t.Key)), string(t.Key))
			if t.Portable {
				Expect(n.Write).To(ContainElement(BeElementOf(promotion.WritePermissions(t))), string(t.Key))
			}
		}
		for _, row := range readPermissions {
			for _, key := range row.types {
				Expect(subject.Lookup(key)).NotTo(BeNil(), "%s is no policy type", key)
			}
		}
	})
})

var _ = Describe("The share of Microsoft's limits", func() {
	It("is the adapter's own default at 80 percent", func() {
		Expect(paced(80)).To(Equal(graph.Limits{IntuneReads: 40, IntuneWrites: 4, Access: 0.8, DirectoryReads: 100, DirectoryWrites: 16}))
		Expect(paced(0).Off).To(BeTrue())
	})
})

var _ = Describe("A wait for Microsoft Graph", func() {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	It("is shown with its end when it is worth a word", func() {
		w := waiting(now, now.Add(time.Minute))
		Expect(w.Kind).To(Equal(operation.WaitThrottle))
		Expect(w.Label).To(ContainSubstring("12:01:00"))
	})
	It("is not shown when it is short or over", func() {
		Expect(waiting(now, now.Add(time.Second))).To(BeNil())
		Expect(waiting(now, time.Time{})).To(BeNil())
	})
})

var _ = Describe("The demo tenants", func() {
	It("load into the simulator without a problem", func() {
		tenants, err := demo.Simulated()
		Expect(err).NotTo(HaveOccurred())
		Expect(tenants).To(HaveLen(len(demo.Tenants())))
		sim, err := graphsim.New(graphsim.Config{Tenants: tenants, FreshIDs: true})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(sim.Close)
		for _, r := range sim.LoadReports() {
			Expect(r.Problems).To(BeEmpty(), r.Directory)
			Expect(r.Malformed + r.Merged).To(BeZero())
		}
	})
	It("differ by their layers: a file replaces, and null takes away", func() {
		tenants, err := demo.Simulated()
		Expect(err).NotTo(HaveOccurred())
		names := func(i int) (list []string) {
			for _, o := range tenants[i].Objects["configurationPolicies"] {
				list = append(list, o["name"].(string))
			}
			return list
		}
		Expect(names(0)).To(ContainElement("NW - Windows - Edge - v1.1"))
		Expect(names(2)).NotTo(ContainElement("NW - Windows - Edge - v1.1"))
		Expect(names(2)).To(ContainElement("Local printers"))
	})
})
