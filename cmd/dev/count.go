package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// counts is how many tests ended how.
type counts struct{ passed, failed, skipped int }

func (c *counts) add(other counts) {
	c.passed += other.passed
	c.failed += other.failed
	c.skipped += other.skipped
}

func (c counts) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.passed, c.failed, c.skipped)
}

// event is one line of "go test -json".
type event struct {
	Action, Package, ImportPath, Test, Output string
}

// packageRun gathers what one package's tests did.
type packageRun struct {
	output strings.Builder
	specs  counts
	hosts  map[string]bool
	plain  counts
}

// goReport reads "go test -json", shows one line per package, everything of a
// failed one, and counts.
type goReport struct {
	out      io.Writer
	packages map[string]*packageRun
	total    counts
	failures []string
}

func newGoReport(out io.Writer) *goReport {
	return &goReport{out: out, packages: map[string]*packageRun{}}
}

// read consumes the whole stream.
func (r *goReport) read(stream io.Reader) error {
	reader := bufio.NewReader(stream)
	for {
		line, err := reader.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the test output: %w", err)
		}
	}
}

// show prints text; a closed output ends the program by signal, so the error
// has no other way to matter.
func (r *goReport) show(text string) { _, _ = io.WriteString(r.out, text) }

func (r *goReport) line(line string) {
	var each event
	if err := json.Unmarshal([]byte(line), &each); err != nil {
		r.show(line) // the go command's own words
		return
	}
	if each.Action == "build-output" {
		r.show(each.Output)
		return
	}
	if each.Package == "" {
		return
	}
	run := r.packages[each.Package]
	if run == nil {
		run = &packageRun{hosts: map[string]bool{}}
		r.packages[each.Package] = run
	}
	if each.Action == "output" {
		run.note(each)
		return
	}
	if each.Test != "" {
		run.ended(each)
		return
	}
	r.packageEnded(each, run)
}

var summaryPattern = regexp.MustCompile(`-- (\d+) Passed \| (\d+) Failed \| (\d+) Pending \| (\d+) Skipped`)

// note keeps the output and recognises the closing line of a Ginkgo suite,
// whose Go test stands for all of its specs and is not counted itself.
func (p *packageRun) note(each event) {
	p.output.WriteString(each.Output)
	match := summaryPattern.FindStringSubmatch(each.Output)
	if match == nil {
		return
	}
	number := func(index int) int {
		value, err := strconv.Atoi(match[index])
		if err != nil {
			return 0 // more digits than a number holds
		}
		return value
	}
	p.specs.add(counts{passed: number(1), failed: number(2), skipped: number(3) + number(4)})
	p.hosts[each.Test] = true
}

// ended counts a plain Go test; a subtest is part of its test.
func (p *packageRun) ended(each event) {
	if strings.Contains(each.Test, "/") || p.hosts[each.Test] {
		return
	}
	switch each.Action {
	case "pass":
		p.plain.passed++
	case "fail":
		p.plain.failed++
	case "skip":
		p.plain.skipped++
	}
}

func (r *goReport) packageEnded(each event, run *packageRun) {
	sum := run.plain
	sum.add(run.specs)
	switch each.Action {
	case "fail":
		// A suite can fail without a failed test: it does not compile, it was
		// killed, a spec is focused.
		if sum.failed == 0 {
			sum.failed = 1
		}
		r.failures = append(r.failures, each.Package)
		r.show(run.output.String())
	case "pass":
		r.show(lastLineWith("ok ", run.output.String()))
	case "skip":
		// no test files
	default:
		return
	}
	r.total.add(sum)
	delete(r.packages, each.Package)
}

func lastLineWith(prefix, text string) string {
	lines := strings.SplitAfter(text, "\n")
	for index := len(lines) - 1; index >= 0; index-- {
		if strings.HasPrefix(lines[index], prefix) {
			return lines[index]
		}
	}
	return ""
}
