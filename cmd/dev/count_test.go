package main

import (
	"encoding/json"
	"errors"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// stream renders events the way "go test -json" does.
func stream(events ...event) *strings.Reader {
	GinkgoHelper()
	var lines strings.Builder
	for _, each := range events {
		Expect(json.NewEncoder(&lines).Encode(each)).To(Succeed())
	}
	return strings.NewReader(lines.String())
}

func closing(line string) event {
	return event{Action: "output", Package: "p", Test: "TestSuite", Output: line + "\n"}
}

var _ = Describe("Counting what go test did", func() {
	DescribeTable("adds up",
		func(events []event, want counts, failed bool) {
			var shown strings.Builder
			report := newGoReport(&shown)
			Expect(report.read(stream(events...))).To(Succeed())
			Expect(report.total).To(Equal(want))
			Expect(report.failures != nil).To(Equal(failed))
		},
		Entry("plain tests one by one, subtests within their test", []event{
			{Action: "pass", Package: "p", Test: "TestA/sub"},
			{Action: "pass", Package: "p", Test: "TestA"},
			{Action: "skip", Package: "p", Test: "TestB"},
			{Action: "pass", Package: "p"},
		}, counts{passed: 1, skipped: 1}, false),
		Entry("the specs of a suite instead of the test that hosts them", []event{
			closing("SUCCESS! -- 7 Passed | 0 Failed | 1 Pending | 2 Skipped"),
			{Action: "pass", Package: "p", Test: "TestSuite"},
			{Action: "pass", Package: "p"},
		}, counts{passed: 7, skipped: 3}, false),
		Entry("specs that failed", []event{
			closing("FAIL! -- 6 Passed | 1 Failed | 0 Pending | 0 Skipped"),
			{Action: "fail", Package: "p", Test: "TestSuite"},
			{Action: "fail", Package: "p"},
		}, counts{passed: 6, failed: 1}, true),
		Entry("a suite that fails with every spec passing, as with a focused one", []event{
			closing("SUCCESS! -- 1 Passed | 0 Failed | 0 Pending | 6 Skipped"),
			{Action: "fail", Package: "p"},
		}, counts{passed: 1, failed: 1, skipped: 6}, true),
		Entry("a package that does not compile", []event{
			{Action: "build-output", ImportPath: "p", Output: "x.go:1: no\n"},
			{Action: "build-fail", ImportPath: "p"},
			{Action: "fail", Package: "p"},
		}, counts{failed: 1}, true),
		Entry("nothing for a package without tests", []event{{Action: "skip", Package: "p"}}, counts{}, false),
	)

	It("shows one line of a package that passed and everything of one that failed", func() {
		var shown strings.Builder
		report := newGoReport(&shown)
		Expect(report.read(stream(
			event{Action: "output", Package: "good", Output: "chatter\n"},
			event{Action: "output", Package: "good", Output: "ok  \tgood\t0.1s\n"},
			event{Action: "pass", Package: "good"},
			event{Action: "output", Package: "bad", Output: "why\n"},
			event{Action: "output", Package: "bad", Output: "FAIL\tbad\t0.1s\n"},
			event{Action: "fail", Package: "bad"},
		))).To(Succeed())
		Expect(shown.String()).To(Equal("ok  \tgood\t0.1s\nwhy\nFAIL\tbad\t0.1s\n"))
	})

	It("passes on what is not an event", func() {
		var shown strings.Builder
		Expect(newGoReport(&shown).read(strings.NewReader("go: no such thing"))).To(Succeed())
		Expect(shown.String()).To(Equal("go: no such thing"))
	})
})

var _ = Describe("Closing a test run", func() {
	It("fails on a failure, on nothing at all, and not otherwise", func() {
		Expect(closeTest(counts{passed: 3, skipped: 1}, nil)).To(Succeed())
		Expect(closeTest(counts{passed: 3, failed: 1}, []error{errors.New("why")})).To(MatchError(errReported))
		Expect(closeTest(counts{}, nil)).To(MatchError(errReported))
		Expect(counts{1, 2, 3}.String()).To(Equal("1 passed, 2 failed, 3 skipped"))
	})
})

var _ = Describe("The arguments of a test run", func() {
	DescribeTable("choose the parts",
		func(args, parts, packages []string) {
			plan, err := readTestPlan(args)
			Expect(err).NotTo(HaveOccurred())
			Expect(plan.parts).To(Equal(parts))
			Expect(plan.packages).To(Equal(packages))
		},
		Entry("everything by itself", nil, allParts, []string{"./..."}),
		Entry("Go only for named packages", []string{"./api/..."}, []string{"go"}, []string{"./api/..."}),
		Entry("Go only for a named test", []string{"-run", "TestX"}, []string{"go"}, []string{"./..."}),
		Entry("what is asked for", []string{"-part", "frontend,browser"}, []string{"frontend", "browser"}, []string{"./..."}),
	)

	It("names the parts when there is no such part", func() {
		_, err := readTestPlan([]string{"-part", "backend"})
		Expect(err).To(MatchError(ContainSubstring("the parts are go, generated, api, frontend, browser")))
	})
})
