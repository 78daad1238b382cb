package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// lints maps what can be linted to how.
var lints = map[string]func(ctx context.Context) error{
	"code":  lintCode,
	"api":   lintDescriptions,
	"files": lintFiles,
}

// runLint runs the named lints, all when none is named, and reports every one
// that found something.
func runLint(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"code", "api", "files"}
	}
	var failures []error
	for _, name := range args {
		lint, known := lints[name]
		if !known {
			return fmt.Errorf("there is no lint %q; there are code, api and files", name)
		}
		failures = append(failures, lint(ctx))
	}
	return errors.Join(failures...)
}

// lintCode builds the linter from its own module at the first use, which takes
// about a minute; the product's go.mod stays free of its dependencies.
func lintCode(ctx context.Context) error {
	return step("lint the Go code", func() error {
		return program{args: []string{"go", "tool", "-modfile=.tools/lint/go.mod", "golangci-lint", "run", "./..."}}.run(ctx)
	})
}

// lintDescriptions checks the committed API descriptions with two linters that
// find different things.
func lintDescriptions(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(openapiFolder, "[a-z]*.yaml"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("there is no API description in openapi/; run 'go run ./cmd/dev generate'")
	}
	if err := installPackages(ctx, openapiFolder); err != nil {
		return err
	}
	for index, file := range files {
		files[index] = filepath.Base(file)
	}
	// Neither tool may phone home or look for updates.
	environment := []string{"REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true"}
	for _, args := range [][]string{
		append([]string{"redocly", "lint", "--config=.redocly.yaml"}, files...),
		append([]string{"spectral", "lint", "--ruleset=.spectral.yaml", "--fail-severity=warn"}, files...),
	} {
		tool := npm(openapiFolder, append([]string{"exec", "--no", "--"}, args...)...)
		tool.env = environment
		if err := step("lint the API descriptions with "+args[0], func() error { return tool.run(ctx) }); err != nil {
			return err
		}
	}
	return nil
}

// lintFiles parses every YAML file outside of the API descriptions and looks
// for pages that are linked from deploy/ but missing.
func lintFiles(ctx context.Context) error {
	if err := installPackages(ctx, openapiFolder); err != nil {
		return err
	}
	return step("lint configuration and playbooks", func() error {
		return errors.Join(lintYAML(ctx), lintLinks("deploy"))
	})
}

func lintYAML(ctx context.Context) error {
	files := []string{"Taskfile.yml", ".golangci.yml", "openapi/.redocly.yaml", "openapi/.spectral.yaml"}
	err := filepath.WalkDir("deploy", func(path string, _ fs.DirEntry, err error) error {
		if extension := filepath.Ext(path); extension == ".yaml" || extension == ".yml" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look for YAML files: %w", err)
	}
	var failures []error
	for _, file := range files {
		if err := parseYAML(ctx, file); err != nil {
			failures = append(failures, fmt.Errorf("%s is not valid YAML: %w", file, err))
		}
	}
	return errors.Join(failures...)
}

// parseYAML uses the parser that the API linters bring: the standard library
// has none.
func parseYAML(ctx context.Context, file string) error {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	const script = `const yaml = require("yaml"); const errors = yaml.parseAllDocuments(require("fs").readFileSync(process.argv[1], "utf8")).flatMap((d) => d.errors); if (errors.length) { console.error(String(errors[0].message)); process.exit(1) }`
	return program{args: []string{"node", "-e", script, absolute}, dir: openapiFolder, help: "; install Node.js 20 or newer"}.run(ctx)
}

// lintLinks reports relative Markdown links below dir that lead nowhere.
func lintLinks(dir string) error {
	var broken []error
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, target := range linkTargets(string(content)) {
			if !exists(filepath.Join(filepath.Dir(path), target)) {
				broken = append(broken, fmt.Errorf("%s links to %s, which does not exist", path, target))
			}
		}
		return nil
	})
	return errors.Join(append(broken, err)...)
}

// linkTargets are the relative targets of a page's links, without anchors.
func linkTargets(page string) []string {
	var targets []string
	for {
		_, rest, found := strings.Cut(page, "](")
		if !found {
			return targets
		}
		target, after, _ := strings.Cut(rest, ")")
		page = after
		target, _, _ = strings.Cut(target, "#")
		if target != "" && !strings.Contains(target, "://") {
			targets = append(targets, target)
		}
	}
}
