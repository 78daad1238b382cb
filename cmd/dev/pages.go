package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// testFrontend runs the front end's own checks and its tests.
func testFrontend(ctx context.Context, scripts map[string]string) (counts, error) {
	if err := installPackages(ctx, frontendFolder); err != nil {
		return counts{}, err
	}
	for _, check := range []string{"lint", "typecheck"} {
		if scripts[check] == "" {
			continue
		}
		err := step("front end: "+check, func() error { return npm(frontendFolder, "run", check).run(ctx) })
		if err != nil {
			return counts{}, err
		}
	}
	report, err := reportFile("frontend.json")
	if err != nil {
		return counts{}, err
	}
	runErr := step("front end: test", func() error {
		return npm(frontendFolder, "run", "test", "--", "--reporter=default", "--reporter=json", "--outputFile="+report).run(ctx)
	})
	var result struct {
		NumPassedTests, NumFailedTests, NumPendingTests, NumTodoTests int
	}
	if err := readReport(report, &result); err != nil && runErr == nil {
		return counts{}, err
	}
	return counts{result.NumPassedTests, result.NumFailedTests, result.NumPendingTests + result.NumTodoTests}, runErr
}

// testBrowser drives the built product through a browser.
func testBrowser(ctx context.Context) (counts, error) {
	if err := installPackages(ctx, frontendFolder); err != nil {
		return counts{}, err
	}
	if _, err := buildPages(ctx); err != nil {
		return counts{}, err
	}
	if err := buildBinaries(ctx, "build tenantatlas and graphsim"); err != nil {
		return counts{}, err
	}
	report, err := reportFile("browser.json")
	if err != nil {
		return counts{}, err
	}
	run := npm(frontendFolder, "run", "test:browser", "--", "--reporter=list,json")
	run.env = []string{"PLAYWRIGHT_JSON_OUTPUT_NAME=" + report}
	runErr := step("front end: test in a browser", func() error { return run.run(ctx) })
	var result struct {
		Stats struct{ Expected, Unexpected, Flaky, Skipped int }
	}
	if err := readReport(report, &result); err != nil && runErr == nil {
		return counts{}, err
	}
	if result.Stats.Flaky > 0 && runErr == nil {
		runErr = fmt.Errorf("%d browser specs passed only when repeated", result.Stats.Flaky)
	}
	return counts{result.Stats.Expected, result.Stats.Unexpected + result.Stats.Flaky, result.Stats.Skipped}, runErr
}

// reportFile is the absolute path for a fresh report.
func reportFile(name string) (string, error) {
	path, err := filepath.Abs(filepath.Join(".cache", name))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", err
	}
	if err := os.RemoveAll(path); err != nil {
		return "", err
	}
	return path, nil
}

func readReport(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("the test runner wrote no report: %w", err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("read the test runner's report: %w", err)
	}
	return nil
}
