package main

import (
	"context"
	"path/filepath"
	"runtime"
)

// binFolder holds the built programs; it is ignored by Git.
const binFolder = ".cache/bin"

// runUp builds the product and becomes it. The compiler's long first run and
// npm's download go side by side; the second build only adds the pages.
func runUp(ctx context.Context, args []string) error {
	pages := make(chan error, 1)
	changed := false
	go func() {
		var err error
		changed, err = buildPages(ctx)
		pages <- err
	}()
	buildErr := buildBinaries(ctx, "build tenantatlas and graphsim")
	if err := <-pages; err != nil {
		return err
	}
	if buildErr == nil && changed {
		buildErr = buildBinaries(ctx, "put the pages into tenantatlas")
	}
	if buildErr != nil {
		return buildErr
	}
	path, err := filepath.Abs(filepath.Join(binFolder, executable("tenantatlas")))
	if err != nil {
		return err
	}
	say("start tenantatlas up (stop it with Ctrl-C)")
	return become(ctx, path, append([]string{"up"}, args...))
}

func buildBinaries(ctx context.Context, what string) error {
	return step(what, func() error {
		return program{args: []string{"go", "build", "-o", binFolder + "/", "./cmd/tenantatlas", "./cmd/graphsim"}}.run(ctx)
	})
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
