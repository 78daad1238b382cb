package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// testPlan is what one run of "dev test" covers.
type testPlan struct {
	run, focus string
	parts      []string
	packages   []string
	timeout    string
}

// allParts is every part of a test run, in order.
var allParts = []string{"go", "generated", "api", "frontend", "browser"}

func readTestPlan(args []string) (testPlan, error) {
	var plan testPlan
	var parts string
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.StringVar(&plan.run, "run", "", "only Go tests whose name matches")
	flags.StringVar(&plan.focus, "focus", "", "only specs whose text matches")
	flags.StringVar(&parts, "part", "", "only these parts, separated by commas: "+strings.Join(allParts, ", "))
	flags.StringVar(&plan.timeout, "timeout", "30m", "limit for one package")
	if err := flags.Parse(args); err != nil {
		return testPlan{}, errReported // the flag package has told it
	}
	plan.packages = flags.Args()
	narrowed := plan.run != "" || plan.focus != "" || len(plan.packages) > 0
	switch {
	case parts != "":
		plan.parts = strings.Split(parts, ",")
	case narrowed:
		plan.parts = []string{"go"}
	default:
		plan.parts = allParts
	}
	for _, part := range plan.parts {
		if !slices.Contains(allParts, part) {
			return testPlan{}, fmt.Errorf("there is no part %q; the parts are %s", part, strings.Join(allParts, ", "))
		}
	}
	if len(plan.packages) == 0 {
		plan.packages = []string{"./..."}
	}
	return plan, nil
}

func (t testPlan) has(part string) bool { return slices.Contains(t.parts, part) }

// runTest runs every part even when an earlier one failed, and closes with one
// line of counts. A part that fails outside of a test counts as one failure.
func runTest(ctx context.Context, args []string) error {
	plan, err := readTestPlan(args)
	if err != nil {
		return err
	}
	scripts, err := frontendScripts()
	if err != nil {
		return err
	}
	withBrowser := plan.has("browser") && scripts["test:browser"] != ""
	if err := prepareMachine(ctx, withBrowser); err != nil {
		return err
	}
	var total counts
	var failures []error
	note := func(sum counts, err error) {
		if err != nil {
			failures = append(failures, err)
			if sum.failed == 0 {
				sum.failed = 1
			}
		}
		total.add(sum)
	}
	if plan.has("go") {
		if err := vet(ctx, plan.packages); err != nil {
			note(counts{}, err)
		}
		note(testGo(ctx, plan))
	}
	if plan.has("generated") {
		note(asCheck(runGenerate(ctx, []string{"--check"})))
	}
	if plan.has("api") {
		note(asCheck(lintDescriptions(ctx)))
	}
	if plan.has("frontend") && scripts["test"] != "" {
		note(testFrontend(ctx, scripts))
	}
	if withBrowser {
		note(testBrowser(ctx))
	}
	return closeTest(total, failures)
}

// asCheck counts something that passes or fails as a whole as one test.
func asCheck(err error) (counts, error) {
	if err != nil {
		return counts{failed: 1}, err
	}
	return counts{passed: 1}, nil
}

// raceFlags turn the race detector on where the C compiler it needs is there.
func raceFlags() []string {
	if onPath("gcc", "clang")() {
		return []string{"-race"}
	}
	return nil
}

// vet builds with the same flags as the tests, which then find every
// dependency compiled; on a fresh machine that saves minutes.
func vet(ctx context.Context, packages []string) error {
	args := append([]string{"go", "vet"}, raceFlags()...)
	return step("vet", func() error { return program{args: append(args, packages...)}.run(ctx) })
}

// closeTest prints the failures and then, as the very last line, the counts.
func closeTest(total counts, failures []error) error {
	if total == (counts{}) && len(failures) == 0 {
		failures = []error{errors.New("no test matched, so nothing is known")}
	}
	for _, err := range failures {
		say("FAILED: %s", err)
	}
	fmt.Println(total)
	if len(failures) > 0 {
		return errReported
	}
	return nil
}

// testGo runs the Go tests in two groups, since the flags of Ginkgo's suites
// are unknown to plain test binaries.
func testGo(ctx context.Context, plan testPlan) (counts, error) {
	suites, plain, err := testPackages(ctx, plan.packages)
	if err != nil {
		return counts{}, err
	}
	report := newGoReport(os.Stdout)
	ginkgo := []string{"-args", "-ginkgo.randomize-all", "-ginkgo.fail-on-pending", "-ginkgo.no-color"}
	if plan.focus != "" {
		ginkgo, plain = append(ginkgo, "-ginkgo.focus="+plan.focus), nil
	}
	var failures []error
	for _, group := range []struct {
		what            string
		packages, flags []string
	}{{"suites", suites, ginkgo}, {"plain Go tests", plain, nil}} {
		if len(group.packages) == 0 {
			continue
		}
		what := fmt.Sprintf("test %d packages with %s", len(group.packages), group.what)
		err := step(what, func() error { return goTest(ctx, plan, report, group.packages, group.flags) })
		if err != nil {
			failures = append(failures, err)
		}
	}
	if len(report.failures) > 0 {
		failures = []error{fmt.Errorf("tests in %s", strings.Join(report.failures, ", "))}
	}
	return report.total, errors.Join(failures...)
}

func goTest(ctx context.Context, plan testPlan, report *goReport, packages, flags []string) error {
	args := []string{"go", "test", "-json", "-vet=off", "-count=1", "-p=2", "-timeout=" + plan.timeout}
	args = append(args, raceFlags()...)
	if plan.run != "" {
		args = append(args, "-run="+plan.run)
	}
	test := program{args: append(append(args, packages...), flags...)}
	cmd, err := test.command(ctx)
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	stream, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return test.failed(err)
	}
	readErr := report.read(stream)
	if err := cmd.Wait(); err != nil {
		return errors.Join(test.failed(err), readErr)
	}
	return readErr
}

// testPackages splits the packages that have tests by whether they are suites
// of Ginkgo.
func testPackages(ctx context.Context, patterns []string) (suites, plain []string, err error) {
	const format = `{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}{{end}}`
	listing, err := program{args: append([]string{"go", "list", "-f", format}, patterns...)}.text(ctx)
	if err != nil {
		return nil, nil, err
	}
	for line := range strings.Lines(listing) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if slices.Contains(fields[1:], "github.com/onsi/ginkgo/v2") {
			suites = append(suites, fields[0])
		} else {
			plain = append(plain, fields[0])
		}
	}
	return suites, plain, nil
}

// runCI is the tests and the lint of everything that is not Go code.
func runCI(ctx context.Context, args []string) error {
	if len(args) > 0 {
		return errors.New("ci takes no arguments")
	}
	lintErr := runLint(ctx, []string{"api", "files"})
	if lintErr != nil {
		say("FAILED: %s", lintErr)
	}
	if err := runTest(ctx, nil); err != nil {
		return err
	}
	return lintErr
}
