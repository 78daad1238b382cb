package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// need is something a test run uses that a machine may lack.
type need struct {
	present  func() bool
	packages []string
	without  string
}

// needsOf lists what the tests need; withBrowser for those that drive one.
func needsOf(withBrowser bool) []need {
	needs := []need{
		{hasPostgres, []string{"postgresql"}, "specs that need PostgreSQL fail"},
		{onPath("redis-server", "valkey-server"), []string{"redis-server"}, "specs against a real Redis skip, the in-process one serves the others"},
		{onPath("gcc", "clang"), []string{"gcc", "libc6-dev"}, "tests run without the race detector"},
	}
	if withBrowser {
		needs = append(needs, need{onPath("chromium", "chromium-browser", "google-chrome"), []string{"chromium"}, "browser specs fail unless the front end brings a browser"})
	}
	return needs
}

func onPath(names ...string) func() bool {
	return func() bool {
		for _, name := range names {
			if _, err := exec.LookPath(name); err == nil {
				return true
			}
		}
		return false
	}
}

// hasPostgres is true with npm, too: the product fetches the binaries with it.
func hasPostgres() bool {
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	return err == nil && len(installed) > 0 || onPath("postgres", "npm")()
}

// prepareMachine installs what is missing where that is possible without
// asking, as root on Debian, and else says what the lack means.
func prepareMachine(ctx context.Context, withBrowser bool) error {
	var packages, lacks []string
	for _, each := range needsOf(withBrowser) {
		if !each.present() {
			packages = append(packages, each.packages...)
			lacks = append(lacks, each.packages[0]+" is missing: "+each.without)
		}
	}
	if len(packages) == 0 {
		return nil
	}
	if runtime.GOOS != "linux" || os.Geteuid() != 0 || !onPath("apt-get")() {
		for _, lack := range lacks {
			say("%s", lack)
		}
		return nil
	}
	return step("install "+strings.Join(packages, ", "), func() error { return installDebian(ctx, packages) })
}

// policyPath is asked by Debian's packages before they start a service.
const policyPath = "/usr/sbin/policy-rc.d"

// installDebian installs packages without starting their services and without
// making a database cluster: the tests start servers of their own.
func installDebian(ctx context.Context, packages []string) (err error) {
	if !exists(policyPath) {
		if err := os.WriteFile(policyPath, []byte("#!/bin/sh\nexit 101\n"), 0o755); err != nil {
			return fmt.Errorf("keep services from starting: %w", err)
		}
		defer func() { err = errors.Join(err, os.Remove(policyPath)) }()
	}
	const noCluster = "/etc/postgresql-common/createcluster.d/tenantatlas.conf"
	if err := os.MkdirAll(filepath.Dir(noCluster), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(noCluster, []byte("create_main_cluster = false\n"), 0o644); err != nil {
		return err
	}
	environment := []string{"DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"}
	if err := (program{args: []string{"apt-get", "update", "-qq"}, env: environment}).run(ctx); err != nil {
		return err
	}
	install := append([]string{"apt-get", "install", "-y", "-qq", "--no-install-recommends"}, packages...)
	return program{args: install, env: environment}.run(ctx)
}
