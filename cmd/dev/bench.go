package main

import (
	"context"
	"errors"
	"flag"
	"os"
)

// runBench runs benchmarks and no tests.
func runBench(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	pattern := flags.String("bench", ".", "only benchmarks whose name matches")
	count := flags.String("count", "1", "how often each one runs")
	if err := flags.Parse(args); err != nil {
		return errReported // the flag package has told it
	}
	packages := flags.Args()
	if len(packages) == 0 {
		if _, err := os.Stat("test/bench"); err != nil {
			return errors.New("there are no benchmarks in test/bench; name packages that have some")
		}
		packages = []string{"./test/bench/..."}
	}
	if err := prepareMachine(ctx, false); err != nil {
		return err
	}
	run := program{
		args:   append([]string{"go", "test", "-run=^$", "-bench=" + *pattern, "-benchmem", "-count=" + *count, "-timeout=60m"}, packages...),
		stream: true,
	}
	return step("benchmarks", func() error { return run.run(ctx) })
}
