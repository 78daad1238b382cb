package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// openapiFolder holds the written API descriptions.
const openapiFolder = "openapi"

// runGenerate writes the API descriptions and the front end's types from them;
// with --check it writes elsewhere and names the files that differ.
func runGenerate(ctx context.Context, args []string) error {
	check := slices.Equal(args, []string{"--check"})
	if len(args) > 0 && !check {
		return errors.New("generate takes only --check")
	}
	if check {
		return step("compare generated files", func() error { return checkGenerated(ctx) })
	}
	err := step("write the API descriptions", func() error { return writeDescriptions(ctx, openapiFolder) })
	if err != nil {
		return err
	}
	return generateTypes(ctx)
}

func writeDescriptions(ctx context.Context, dir string) error {
	return program{args: []string{"go", "run", "./cmd/tenantatlas", "openapi", "--out", dir}}.run(ctx)
}

// generateTypes has the front end derive its types from the descriptions.
func generateTypes(ctx context.Context) error {
	scripts, err := frontendScripts()
	if err != nil || scripts["generate"] == "" {
		return err
	}
	if err := installPackages(ctx, frontendFolder); err != nil {
		return err
	}
	return step("write the front end's types", func() error { return npm(frontendFolder, "run", "generate").run(ctx) })
}

// checkGenerated compares with what is committed. The front end compares its
// own types, as their generator belongs to it.
func checkGenerated(ctx context.Context) (err error) {
	fresh, err := os.MkdirTemp("", "tenantatlas-generate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if err := writeDescriptions(ctx, fresh); err != nil {
		return err
	}
	names, err := filepath.Glob(filepath.Join(fresh, "*"))
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errors.New("'tenantatlas openapi' wrote nothing")
	}
	var stale []string
	for _, name := range names {
		committed := filepath.Join(openapiFolder, filepath.Base(name))
		if !sameContent(name, committed) {
			stale = append(stale, committed)
		}
	}
	if len(stale) > 0 {
		return fmt.Errorf("%s no longer match the code; run 'go run ./cmd/dev generate' and commit the result", strings.Join(stale, ", "))
	}
	return checkTypes(ctx)
}

// checkTypes runs the front end's own comparison where it has one.
func checkTypes(ctx context.Context) error {
	scripts, err := frontendScripts()
	if err != nil || scripts["generate:check"] == "" {
		return err
	}
	if err := installPackages(ctx, frontendFolder); err != nil {
		return err
	}
	if err := npm(frontendFolder, "run", "generate:check").run(ctx); err != nil {
		return fmt.Errorf("the front end's types no longer match the API description; run 'go run ./cmd/dev generate' and commit the result: %w", err)
	}
	return nil
}

func sameContent(one, other string) bool {
	first, err := os.ReadFile(one)
	if err != nil {
		return false
	}
	second, err := os.ReadFile(other)
	return err == nil && bytes.Equal(first, second)
}
